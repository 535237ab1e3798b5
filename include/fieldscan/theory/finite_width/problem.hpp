#pragma once
#include <optional>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

/// Where every theory of finite width starts: one draw's regression with the kernel of infinite width.
namespace fieldscan::theory {

/// The kernels of a draw, without 1/χ.
struct Problem {
  Matrix train;     ///< K [P × P]
  Matrix cross;     ///< K_X* [P × P*]
  Vector diagonal;  ///< K_** [P*]
};
/// Throws EnvironmentError where they do not fit into the machine's memory.
Problem problem_of(const KernelSpec& spec, const data::Draw& draw);

/// The directions that a kernel of fewer features than points sees, K = U λ Uᵀ with λ > 0 [P × rank].
struct FeatureSpan {
  Vector value;    ///< λ, descending
  Matrix vectors;  ///< U
};
/// Where κ is so small that the rounding of K counts beside it, and K has directions of rounding alone: (y/κ)² would
/// make of it what is learned. Otherwise none, and K + κ I is what it seems.
std::optional<FeatureSpan> few_features(const Matrix& kernel, double ridge);

/// By which the theories of finite width differ in what they neglect: with G = (K + κ I)⁻¹, t = G y [P × C],
///
///     signal = (χ/N) tr tᵀK t    how strongly the labels pull on the kernel
///     trace  = tr(G K)/N         how strongly the noise holds it back, P_eff/N
///
/// Expansions in 1/N need both small; mean-field adaptation needs signal ≫ trace; both vanish as N → ∞ at fixed χ.
struct Expansion {
  double signal = 0;
  double trace = 0;
};
/// kernel K [P × P], labels y [P × C], κ > 0. One factorisation. Throws NumericalError as `factor` does.
Expansion expansion_of(Matrix kernel, const MatrixView& labels, double ridge, double chi, double width);

}  // namespace fieldscan::theory
