#include <array>
#include <cmath>
#include <limits>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/solve/fixed_point.hpp"
#include "fieldscan/theory/finite_width/renormalised_kernel.hpp"
#include "fieldscan/theory/finite_width/scaled_kernel.hpp"

namespace fieldscan::theory {

namespace {

/// σ_a m at every point: ⟨φ⟩⟨φ⟩ is the Gaussian average at correlation zero. The sign is that at the first point with
/// the largest one.
struct Means {
  Vector train, test;
};
Means means_of(const KernelSpec& spec, const data::Draw& draw) {
  const auto variance = [&](const MatrixView& x) -> Vector {
    const double d = static_cast<double>(x.cols());
    return spec.weight_variance.at(0) / d * x.rowwise().squaredNorm().array() + spec.bias_variance.at(0);
  };
  const Vector train = variance(draw.train.x), test = variance(draw.test.x);
  const auto square = [&](double a) { return network::average(spec.activation, a, a, 0).value; };
  Index reference = 0;
  train.unaryExpr(square).maxCoeff(&reference);
  const double root = std::sqrt(std::max(square(train[reference]), 0.0));
  const auto mean = [&](double a) {
    const double product = network::average(spec.activation, train[reference], a, 0).value;
    return root > 0 ? std::sqrt(spec.readout_variance) * product / root : 0;
  };
  return {.train = train.unaryExpr(mean), .test = test.unaryExpr(mean)};
}

/// K − M = U a Uᵀ with labels and means in U.
struct Centred {
  Vector value, label, mean;
  double ridge, chi, width;
};

/// The forces on log Q and on log m, m = 1/(1 + s), of the labels and of the noise.
struct TwoForces {
  double pull_scale, trace_scale, pull_mean, trace_mean, energy;
};
TwoForces two_forces(const Centred& c, double scale, double mean) {
  const Eigen::ArrayXd total = scale * c.value.array() + c.ridge;
  const Vector of_mean = c.mean.array() / total;
  const double p = of_mean.dot(c.mean), r = of_mean.dot(c.label), rank_one = mean / (1 + mean * p);
  const Vector alpha = (c.label.array() / total).matrix() - rank_one * r * of_mean;
  const double trace = (c.value.array() / total).sum() - rank_one * c.value.dot(of_mean.cwiseAbs2());
  return {.pull_scale = c.chi * scale * c.value.dot(alpha.cwiseAbs2()),
          .trace_scale = scale * trace,
          .pull_mean = c.chi * mean * std::pow(r / (1 + mean * p), 2),
          .trace_mean = rank_one * p,
          .energy = 0.5 * (c.chi * c.label.dot(alpha) + total.log().sum() + std::log1p(mean * p))};
}

}  // namespace

bool is_odd(const network::ActivationChoice& activation) {
  constexpr std::size_t count = 64;
  std::array<double, count> z{}, minus{}, plus_value{}, minus_value{};
  for (std::size_t k = 0; k < count; ++k) {
    z[k] = 3.0 * static_cast<double>(k) / static_cast<double>(count);
    minus[k] = -z[k];
  }
  network::value(activation, z, plus_value);
  network::value(activation, minus, minus_value);
  for (std::size_t k = 0; k < count; ++k)
    if (!(std::abs(plus_value[k] + minus_value[k]) <= 1e-12 * (1 + std::abs(plus_value[k])))) return false;
  return true;
}

RenormalisedKernel renormalised_with_mean(const KernelSpec& spec, const data::Draw& draw, double ridge, double chi,
                                          double width, double start) {
  Problem problem = problem_of(spec, draw);
  const Means means = means_of(spec, draw);
  const double rounding =
      10 * std::numeric_limits<double>::epsilon() * problem.train.trace() / static_cast<double>(means.train.size());
  problem.train -= means.train * means.train.transpose();
  const Eigenpairs pairs = eigenpairs(problem.train);
  const Centred c{.value = without_rounding(pairs.values),
                  .label = pairs.vectors.transpose() * data::one_output(draw.train.label),
                  .mean = pairs.vectors.transpose() * means.train,
                  .ridge = ridge > 0 ? ridge : rounding,
                  .chi = chi,
                  .width = width};
  // N (Q − 1) = all forces; N (Q (1 + s) − 1) = those on the mean.
  const auto map = [&](const Vector& x) -> Vector {
    const double q = std::exp(x[0]), m = std::exp(x[1]);
    const TwoForces f = two_forces(c, q, m);
    const double of_mean = f.pull_mean - f.trace_mean;
    const double off = width * (q - 1) - (f.pull_scale - f.trace_scale) - of_mean;
    const double off_mean = width * (q / m - 1) - of_mean;
    Vector next(2);
    next << x[0] - off / (width * q + f.pull_scale + f.pull_mean), x[1] + off_mean / (width * q / m + f.pull_mean);
    return next;
  };
  const auto solved = solve::fixed_point(map, Vector::Constant(2, std::log(start)), {.tolerance = 1e-12});
  const Vector at = solve::found(solved, "the scale and the mean of the kernel").array().exp();
  const double q = at[0], m = at[1], s = 1 / m - 1;
  RenormalisedKernel out{.problem = std::move(problem), .scale = q, .layer = at, .residual = solved.residual};
  out.action = width / 2 * (std::log1p(s) - q * s) + two_forces(c, q, m).energy;
  out.problem.train = q * out.problem.train + m * means.train * means.train.transpose();
  out.problem.cross = q * out.problem.cross + (m - q) * means.train * means.test.transpose();
  out.problem.diagonal = q * out.problem.diagonal + (m - q) * means.test.cwiseAbs2();
  return out;
}

}  // namespace fieldscan::theory
