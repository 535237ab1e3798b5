#pragma once
#include <cmath>

#include "fieldscan/core/matrix_series.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

/// The kernels of an infinitely wide network whose weights diffuse, at two times.
namespace fieldscan::theory {

/// Langevin dynamics in steps of every weight that moves, in units of its prior: w ← q w + √(2ε) ξ + the pull of the
/// data, q = 1 − ε, from w ~ N(0, 1).
struct LangevinClock {
  double step = 0;   ///< ε, 0 < ε < 2
  double ridge = 0;  ///< κ > 0

  double factor(Index steps) const { return std::pow(1 - step, static_cast<double>(steps)); }  ///< q^steps
  /// Of a weight without data: v_n → 1/(1 − ε/2), from which it differs at the start by −(ε/2)/(1 − ε/2).
  double variance_end() const { return 1 / (1 - step / 2); }
  double variance(Index steps) const { return variance_end() + factor(2 * steps) * (1 - variance_end()); }
};

/// The variance v of a moving weight at the later time a and at the earlier one b, for every lag a − b = 0, 1 … [lags].
struct VariancePaths {
  Vector later, earlier;
};

/// At every lag τ = a − b, between points at the later and at the earlier time [later × earlier × lags]: the covariance
/// of the output's noise ψ, and what an error at time b adds to the output at a,
///
///     q¹ = m K¹,    q^{l+1} = m (σ_w² ⟨φφ⟩(q^l(a, a), q^l(a, b), q^l(b, b)) + σ_b²),                      K = q^{L+1}
///     D¹ = k K¹,    D^{l+1} = k (σ_w² ⟨φφ⟩ + σ_b²) + m σ_w² ⟨φ′φ′⟩ D^l,                                   D = D^{L+1}
///     m = v_b q^τ,  k = (ε/κ) q^{τ−1} for τ > 0 and 0 at τ = 0;   of frozen layers m = 1, k = 0
///
/// with σ_a² and without a bias in the last layer, without 1/χ. At ε → 0 D(τ = 1) is (ε/κ) Θ, K(τ = 0) the kernel of
/// the prior, and κ D the slope of K in b: the fluctuation–dissipation relation. Source: Y. Avidan, Q. Li, H.
/// Sompolinsky, "Unified theoretical framework for wide neural network learning dynamics", arXiv:2309.04522; in steps,
/// with biases: derived, checked against sampled networks.
struct DynamicKernels {
  MatrixSeries noise;     ///< K
  MatrixSeries response;  ///< D
};
DynamicKernels dynamic_kernels(const KernelSpec& spec, network::Trained train, const LangevinClock& clock,
                               const VariancePaths& variances, const MatrixView& later, const MatrixView& earlier);

/// K(x, x) at one time, at which moving weights have the variance v [points].
Vector dynamic_diagonal(const KernelSpec& spec, network::Trained train, double variance, const MatrixView& x);

}  // namespace fieldscan::theory
