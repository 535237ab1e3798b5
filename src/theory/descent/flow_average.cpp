#include "fieldscan/theory/descent/flow_average.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <cassert>
#include <cmath>
#include <complex>
#include <numbers>
#include <optional>
#include <vector>

#include "fieldscan/core/solve/quadrature.hpp"
#include "fieldscan/core/solve/root.hpp"

namespace fieldscan::theory {

namespace {

using Complex = std::complex<double>;

/// Σ N λ/(λ + k) + ridge/k − P.
solve::ValueAndSlope<Complex> ridge_equation(const Spectrum& spectrum, double points, Complex ridge, Complex k) {
  Complex value = ridge / k - points, slope = -ridge / (k * k);
  for (Index l = 0; l < spectrum.eigenvalue.size(); ++l) {
    const Complex share = spectrum.eigenvalue[l] / (spectrum.eigenvalue[l] + k);
    value += spectrum.degeneracy[l] * share;
    slope -= spectrum.degeneracy[l] * share / (spectrum.eigenvalue[l] + k);
  }
  return {value, slope};
}

/// Its root; empty where Newton's method does not settle in the upper half plane.
std::optional<Complex> ridge_near(const Spectrum& spectrum, double points, Complex ridge, Complex start) {
  const auto equation = [&](Complex k) { return ridge_equation(spectrum, points, ridge, k); };
  const auto k = solve::newton(equation, start, {.relative = 1e-14, .steps = 50});
  return k.converged && k.value.imag() > 0 ? std::optional(k.value) : std::nullopt;
}

/// k at a complex ridge with Im > 0, followed from the real one of the same modulus along the circle. For Im ridge > 0
/// there is one solution with Im k > 0.
Complex complex_ridge(const Spectrum& spectrum, double points, Complex ridge) {
  Spectrum levels = spectrum;
  levels.tail = 0;  // it is in the ridge
  const double modulus = std::abs(ridge);
  const Complex start = effective_ridge(levels, points, modulus) / points;
  for (int steps = 16; steps <= 1024; steps *= 4) {
    std::optional<Complex> k = start;
    for (int step = 1; step <= steps && k; ++step)
      k = ridge_near(levels, points, std::polar(modulus, std::arg(ridge) * step / steps), *k);
    if (k) return *k;
  }
  throw solve::NotConverged(fmt::format("the complex ridge {} + {}i at P = {} has no renormalised ridge that was found",
                                        ridge.real(), ridge.imag(), points));
}

/// Where a transform in time is inverted: regression with the ridge u + κ, with this weight, for Im u > 0; the mirror
/// image has the conjugate weight.
struct Node {
  Complex u, weight;
};

/// The theory at one complex ridge.
struct Resolvent {
  Complex weight;          ///< of the contour
  Complex residual;        ///< (u + κ)/(P k)
  Eigen::VectorXcd share;  ///< L_l
  double left;             ///< of the equation for k, over P
};

Resolvent resolvent(const Spectrum& spectrum, double points, double ridge, const Node& node) {
  const Complex whole = node.u + ridge + spectrum.tail, k = complex_ridge(spectrum, points, whole);
  Eigen::VectorXcd share(spectrum.eigenvalue.size());
  for (Index l = 0; l < share.size(); ++l) share[l] = spectrum.eigenvalue[l] / (spectrum.eigenvalue[l] + k);
  return {node.weight, (node.u + ridge) / (points * k), std::move(share),
          std::abs(ridge_equation(spectrum, points, whole, k).value) / points};
}

/// What is averaged, beside the ridge.
struct Target {
  const VectorView& power;
  double hidden_power, noise_variance;
};

FlowAverage inverted(const Spectrum& spectrum, const Target& target, double points,
                     const std::vector<Resolvent>& half) {
  FlowAverage out{.learnability = Vector::Zero(target.power.size()), .error_test = 0, .error_train = 0};
  for (const Resolvent& a : half) {
    out.residual = std::max(out.residual, a.left);
    out.learnability += 2 * (a.weight * a.share).real();
    // Each node of the upper half with each of the upper and of the lower half; the rest are conjugates.
    for (const Resolvent& b : half)
      for (const bool mirrored : {false, true}) {
        const Eigen::ArrayXcd share_b = mirrored ? Eigen::ArrayXcd(b.share.array().conjugate()) : b.share.array();
        const Complex weight = a.weight * (mirrored ? std::conj(b.weight) : b.weight);
        const Complex residual = a.residual * (mirrored ? std::conj(b.residual) : b.residual);
        const Complex missed =
            ((1.0 - a.share.array()) * (1.0 - share_b) * target.power.array()).sum() + target.hidden_power;
        const Complex spread = 1.0 - (a.share.array() * share_b * spectrum.degeneracy.array()).sum() / points;
        const Complex error = (missed + target.noise_variance) / spread;
        out.error_test += 2 * (weight * error).real();
        out.error_train += 2 * (weight * residual * error).real();
      }
  }
  // The contour's error is some 1e-13 of the whole: what is smaller than that is none.
  if (out.error_train < 1e-12 * out.error_test) out.error_train = 0;
  out.error_test -= target.noise_variance;
  return out;
}

constexpr double digits_of_circle = 10.7, precision_of_circle = 1e-9;

/// Nodes of a circle |z| < 1 for the coefficient of zⁿ, those with Im u > 0, none of them real. A transform is off by
/// its later coefficients times rⁿᵒᵈᵉˢ, and its rounding grows by r⁻ⁿ.
std::vector<Node> circle_nodes(const AveragedSteps& d) {
  const Index nodes = 4 * (d.steps + 1);
  const double count = static_cast<double>(nodes), radius = std::pow(10, -digits_of_circle / count);
  std::vector<Node> half;
  for (Index j = 0; j < nodes / 2; ++j) {
    const double angle = -2 * std::numbers::pi * (static_cast<double>(j) + 0.5) / count;
    const Complex z = std::polar(radius, angle);
    const Complex power =
        std::polar(std::pow(radius, -static_cast<double>(d.steps)), -angle * static_cast<double>(d.steps));
    half.push_back({(1.0 - z) * (1.0 - d.momentum * z) / (d.step * z), power / (count * (1.0 - z))});
  }
  return half;
}

}  // namespace

FlowAverage average_flow(const Spectrum& spectrum, const VectorView& power, double hidden_power, double points,
                         double ridge, double noise_variance, double time) {
  assert(power.size() == spectrum.eigenvalue.size() && "one power per level");
  assert(time >= 0 && "time starts at zero");
  if (std::isinf(time)) {
    const DataAverage end = average_over_data(spectrum, power, hidden_power, points, ridge, noise_variance);
    return {end.learnability, end.error_test, end.error_train, ridge_residual(spectrum, points, ridge, end.kappa_eff)};
  }
  const double all = power.sum() + hidden_power;
  if (time == 0) return {Vector::Zero(power.size()), all, all + noise_variance};
  std::vector<Resolvent> half;
  for (const auto& node : solve::inverse_laplace_contour(time))
    half.push_back(resolvent(spectrum, points, ridge, {node.u, node.weight / node.u}));
  return inverted(spectrum, {power, hidden_power, noise_variance}, points, half);
}

FlowAverage average_descent(const Spectrum& spectrum, const VectorView& power, double hidden_power, double points,
                            double ridge, double noise_variance, const AveragedSteps& descent) {
  assert(power.size() == spectrum.eigenvalue.size() && "one power per level");
  assert(descent.steps >= 0 && averaged_instability(spectrum, points, ridge, descent) < 1 && "it is stable");
  const double all = power.sum() + hidden_power;
  if (descent.steps == 0) return {Vector::Zero(power.size()), all, all + noise_variance};
  std::vector<Resolvent> half;
  for (const Node& node : circle_nodes(descent)) half.push_back(resolvent(spectrum, points, ridge, node));
  FlowAverage out = inverted(spectrum, {power, hidden_power, noise_variance}, points, half);
  for (double* error : {&out.error_test, &out.error_train})
    if (*error < precision_of_circle * (all + noise_variance)) *error = 0;
  return out;
}

double averaged_instability(const Spectrum& spectrum, double points, double ridge, const AveragedSteps& descent) {
  const double largest = spectrum.eigenvalue.maxCoeff();
  // Above the levels the eigenvalue q (P + Σ N λ/(q − λ)) that leads to k = −q has a minimum: the edge of the spectrum.
  const auto reached = [&](double log_distance) {
    const double q = largest * (1 + std::exp(log_distance));
    return q * (points +
                (spectrum.degeneracy.array() * spectrum.eigenvalue.array() / (q - spectrum.eigenvalue.array())).sum());
  };
  const double edge = largest > 0 ? boost::math::tools::brent_find_minima(reached, -30.0, 30.0, 40).second : 0;
  return descent.step * (edge + spectrum.tail + ridge) / (2 * (1 + descent.momentum));
}

}  // namespace fieldscan::theory
