#include "fieldscan/theory/descent/flow_average.hpp"

#include <fmt/format.h>

#include <cassert>
#include <cmath>
#include <complex>
#include <optional>
#include <vector>

#include "fieldscan/core/solve/quadrature.hpp"
#include "fieldscan/core/solve/root.hpp"

namespace fieldscan::theory {

namespace {

using Complex = std::complex<double>;

/// Solves Σ N λ/(λ + k) + ridge/k = P; empty where Newton's method does not settle in the upper half plane.
std::optional<Complex> ridge_near(const Spectrum& spectrum, double points, Complex ridge, Complex start) {
  const auto equation = [&](Complex k) {
    Complex value = ridge / k - points, slope = -ridge / (k * k);
    for (Index l = 0; l < spectrum.eigenvalue.size(); ++l) {
      const Complex share = spectrum.eigenvalue[l] / (spectrum.eigenvalue[l] + k);
      value += spectrum.degeneracy[l] * share;
      slope -= spectrum.degeneracy[l] * share / (spectrum.eigenvalue[l] + k);
    }
    return solve::ValueAndSlope<Complex>{value, slope};
  };
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

/// The theory at one complex ridge.
struct Resolvent {
  Complex weight;          ///< of the contour, with 1/u
  Complex residual;        ///< (u + κ)/(P k)
  Eigen::VectorXcd share;  ///< L_l
};

Resolvent resolvent(const Spectrum& spectrum, double points, double ridge, const solve::ContourNode& node) {
  const Complex k = complex_ridge(spectrum, points, node.u + ridge + spectrum.tail);
  Eigen::VectorXcd share(spectrum.eigenvalue.size());
  for (Index l = 0; l < share.size(); ++l) share[l] = spectrum.eigenvalue[l] / (spectrum.eigenvalue[l] + k);
  return {node.weight / node.u, (node.u + ridge) / (points * k), std::move(share)};
}

}  // namespace

FlowAverage average_flow(const Spectrum& spectrum, const VectorView& power, double hidden_power, double points,
                         double ridge, double noise_variance, double time) {
  assert(power.size() == spectrum.eigenvalue.size() && "one power per level");
  assert(time >= 0 && "time starts at zero");
  if (std::isinf(time)) {
    const DataAverage end = average_over_data(spectrum, power, hidden_power, points, ridge, noise_variance);
    return {end.learnability, end.error_test, end.error_train};
  }
  const double all = power.sum() + hidden_power;
  if (time == 0) return {Vector::Zero(power.size()), all, all + noise_variance};
  std::vector<Resolvent> half;
  for (const auto& node : solve::inverse_laplace_contour(time))
    half.push_back(resolvent(spectrum, points, ridge, node));
  FlowAverage out{.learnability = Vector::Zero(power.size()), .error_test = 0, .error_train = 0};
  for (const Resolvent& a : half) {
    out.learnability += 2 * (a.weight * a.share).real();
    // Each node of the upper half with each of the upper and of the lower half; the rest are conjugates.
    for (const Resolvent& b : half)
      for (const bool mirrored : {false, true}) {
        const Eigen::ArrayXcd share_b = mirrored ? Eigen::ArrayXcd(b.share.array().conjugate()) : b.share.array();
        const Complex weight = a.weight * (mirrored ? std::conj(b.weight) : b.weight);
        const Complex residual = a.residual * (mirrored ? std::conj(b.residual) : b.residual);
        const Complex missed = ((1.0 - a.share.array()) * (1.0 - share_b) * power.array()).sum() + hidden_power;
        const Complex spread = 1.0 - (a.share.array() * share_b * spectrum.degeneracy.array()).sum() / points;
        const Complex error = (missed + noise_variance) / spread;
        out.error_test += 2 * (weight * error).real();
        out.error_train += 2 * (weight * residual * error).real();
      }
  }
  // The contour's error is some 1e-13 of the whole: what is smaller than that is none.
  if (out.error_train < 1e-12 * out.error_test) out.error_train = 0;
  out.error_test -= noise_variance;
  return out;
}

}  // namespace fieldscan::theory
