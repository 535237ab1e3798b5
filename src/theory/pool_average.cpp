#include "fieldscan/theory/pool_average.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/linear_algebra.hpp"

namespace fieldscan::theory {

namespace {

/// ŵ_i = c/(λ̂_i + c).
Eigen::ArrayXd missed(const VectorView& eigenvalue, double c) { return c / (eigenvalue.array() + c); }

/// Solves M (1 − ⟨ŵ⟩) + κ ⟨ŵ⟩/c = P for c by bisection in its logarithm; the left side falls.
double matched_ridge(const VectorView& eigenvalue, double points, double ridge) {
  const double count = static_cast<double>(eigenvalue.size());
  const double trace = eigenvalue.sum();
  double low = -700, high = std::log(2 * (trace + ridge) / points);
  for (int step = 0; step < 200 && high - low > 1e-14 * std::abs(high); ++step) {
    const double middle = 0.5 * (low + high), c = std::exp(middle);
    const double mean = missed(eigenvalue, c).mean();
    (count * (1 - mean) + ridge * mean / c > points ? low : high) = middle;
  }
  return std::exp(0.5 * (low + high));
}

}  // namespace

PoolModes pool_of(const Setting& setting) {
  return {
      .input = setting.data.input,
      .target = setting.data.target,
      .validation_size = setting.data.validation_size,
      .seed = static_cast<std::int64_t>(setting.seed),
      .points = std::clamp(8 * setting.data.train_size.number(), 2048, 4096),
      .test_from = setting.data.test_from == data::TestFrom::pool ? data::TestFrom::pool : data::TestFrom::automatic};
}

EmpiricalModes empirical_modes(const MatrixView& kernel) {
  const double count = static_cast<double>(kernel.rows());
  Eigenpairs pairs = eigenpairs(kernel);
  // Rounding: the rank of a kernel of few features stays what it is.
  const double rounding = 1e-15 * count * std::max(pairs.values[0], 0.0);
  return {.eigenvalue = (pairs.values.array() > rounding).select(pairs.values / count, 0.0),
          .vectors = std::move(pairs.vectors)};
}

Vector empirical_power(const EmpiricalModes& modes, const VectorView& function) {
  return (modes.vectors.transpose() * function).cwiseAbs2() / static_cast<double>(function.size());
}

DataAverage average_over_pool(const VectorView& eigenvalue, const VectorView& power, double points, double ridge,
                              double noise_variance) {
  const double count = static_cast<double>(eigenvalue.size());
  assert(points > 0 && points < count && "fewer training points than rows of the pool");
  if (ridge == 0 && static_cast<double>((eigenvalue.array() > 0).count()) <= points) {
    // Few features, which the pool knows: least squares.
    const Spectrum own{.eigenvalue = eigenvalue, .degeneracy = Vector::Ones(eigenvalue.size())};
    DataAverage out = average_over_data(own, power, 0, points, 0, noise_variance);
    const double total = power.sum();
    out.learnability = Vector::Constant(1, total > 0 ? power.dot(out.learnability) / total : 0.0);
    return out;
  }
  const double c = matched_ridge(eigenvalue, points, ridge);
  const Eigen::ArrayXd w = missed(eigenvalue, c);
  const double mean = w.mean(), square = w.square().mean();
  const double k = c / mean, learned = count * (1 - mean), total = power.sum();
  const double not_learned = (power.array() * w).sum() / mean;  // Σ g² k/(λ + k)
  DataAverage out;
  out.kappa_eff = points * k;
  out.overfitting = count * (1 - mean * mean / square) / points;
  out.learnability = Vector::Constant(1, total > 0 ? 1 - not_learned / total : 0.0);
  out.bias = (power.array() * w.square()).sum() / square;
  out.error_total = (out.bias + noise_variance) / (1 - out.overfitting);
  out.error_test = out.error_total - noise_variance;
  out.error_train = std::pow(ridge / out.kappa_eff, 2) * out.error_total;
  out.posterior_variance = learned * k;
  out.label_form = (not_learned + noise_variance) / k;
  const double log_det = ((eigenvalue.array() + c) / k).log().sum() - count * (mean - 1);
  out.log_determinant = log_det + points * (std::log(out.kappa_eff) + ridge / out.kappa_eff - 1);
  return out;
}

PoolExpansion expand_pool(const PoolModes& modes, const ModesWanted& wanted) {
  data::Spec spec{.input = modes.input, .target = modes.target};
  spec.validation_size = modes.validation_size;
  spec.test_from = modes.test_from;
  spec.test_size = 1;
  const auto pool = data::load_pool(spec);
  const Index rows = std::min<Index>(modes.points, pool->train.rows() - modes.validation_size);
  if (static_cast<double>(rows) <= wanted.points)
    throw NumericalError("the file has no more rows than training points: its distribution is not known");
  spec.train_size = static_cast<int>(rows);
  const data::Draw draw = data::make_draw(spec, pool, static_cast<std::uint64_t>(modes.seed), 0);
  const Kernels kernel = kernels(wanted.kernel, draw.train.x);
  const EmpiricalModes empirical = empirical_modes(selected(wanted, kernel));
  // ⟨f₀²⟩ of mode i is uᵀKu/M.
  PoolExpansion out{.eigenvalue = empirical.eigenvalue,
                    .power = empirical_power(empirical, draw.train.target),
                    .initial = (kernel.nngp * empirical.vectors).cwiseProduct(empirical.vectors).colwise().sum() /
                               static_cast<double>(rows)};
  for (std::size_t k = 0; k < draw.mode_numbers.size(); ++k) {
    const auto component = draw.train.modes.col(static_cast<Index>(k));
    if (component.squaredNorm() > 0) out.components[draw.mode_numbers[k]] = empirical_power(empirical, component);
  }
  return out;
}

}  // namespace fieldscan::theory
