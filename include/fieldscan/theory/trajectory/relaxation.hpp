#pragma once
#include <vector>

#include "fieldscan/theory/trajectory/dynamic_kernels.hpp"

/// Langevin dynamics of infinitely wide networks in time, at every depth.
namespace fieldscan::theory {

/// The ensemble of networks at one time: mean of the outputs [points × C], variance of every one, without 1/χ [points].
struct RelaxationState {
  Matrix mean_train;
  Vector variance_train;
  Matrix mean;
  Vector variance;
  Index step = 0;
  MatrixSeries inverse = {};  ///< rows of 𝓐⁻¹ at this step: R(b) by the lag of b
  MatrixSeries noise = {};    ///< Σ_{a ≥ b} R(a) K(a, b), half of a = b, by the lag of b
  double residual = 0;        ///< the last change of the iteration for rows of 𝓐⁻¹, relative, the largest
};

/// The ensemble at two times s ≤ t, in means over training points, without 1/χ.
struct RelaxationPair {
  double covariance = 0;  ///< of f(t) and f(s)
  double response = 0;    ///< of f(t) to its own label, shifted from s on: 1 − Σ_{b ≥ s} tr R_t(b)/P
};
RelaxationPair between(const RelaxationState& later, const RelaxationState& earlier);

/// Langevin dynamics of all networks of an ensemble, from draws of the prior, at N → ∞ with fixed χ (the lazy limit).
/// In steps of ε, with ψ ~ GP(0, K/χ) and the kernels of `dynamic_kernels`:
///
///     f_n(x) = ψ_n(x) + Σ_{b < n} D(x, n; X, b)(y − f_b(X))
///
/// so with 𝓐 = 1 + D between all pairs of times, mean = 𝓐⁻¹ D y and covariance 𝓐⁻¹ K 𝓐⁻ᵀ/χ. Early it is the flow with
/// Θ, late regression with the NNGP kernel and ridge κ, but for the bias of the step.
///
/// Exact at the trainer's own steps, to some 10⁻¹⁰, without a grid that is coarser. Of 𝓐⁻¹ only the rows of the time
/// asked for are formed, R_n(b). The kernels depend on the lag, and on b by v_b alone, which differs from its end by up
/// to ε/2: they are interpolated between a few variances, whose sums over time are products of power series. The
/// stationary part is inverted once, the rest iterated: n log n operations instead of n².
class Relaxation {
 public:
  /// x [P × d]; steps: the last one that is asked for. Throws EnvironmentError where the memory is not there.
  Relaxation(KernelSpec spec, network::Trained train, LangevinClock clock, Matrix x, Index steps);

  /// After so many steps, with labels y [P × C] and test points [P* × d]. Throws solve::NotConverged where the
  /// iteration does not end.
  RelaxationState at(Index step, const MatrixView& labels, const MatrixView& test) const;

 private:
  struct Stage;
  Stage stage(Index step) const;
  MatrixSeries rows(const Stage& stage, const MatrixSeries& source, double& residual) const;

  KernelSpec spec_;
  network::Trained train_;
  LangevinClock clock_;
  Matrix x_;
  Vector nodes_;                      ///< shares of the start in v: 0 … 1
  std::vector<MatrixSeries> noise_;   ///< at every node, half at lag 0
  std::vector<MatrixSeries> change_;  ///< of the response from that of node 0
  MatrixSeries resolvent_;            ///< (1 + D)⁻¹ of node 0
};

/// Variances between which kernels are interpolated in steps of ε, to 10⁻¹³.
Index variance_nodes(double step);

/// What P points take over so many steps, for rows of so many points at each of the times (in steps).
struct RelaxationWork {
  double operations = 0;  ///< beside averages
  double averages = 0;    ///< pairs of points and lags
  double bytes = 0;
};
RelaxationWork relaxation_work(double step, double points, double test_points, const std::vector<double>& times);

}  // namespace fieldscan::theory
