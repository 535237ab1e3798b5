#pragma once
#include "fieldscan/core/matrix.hpp"
#include "fieldscan/theory/finite_width/problem.hpp"

/// Regression with the kernel Q K at every scale Q, from one eigendecomposition of K.
namespace fieldscan::theory {

/// A draw in the eigenvectors of its kernel, K = U λ Uᵀ. Without a ridge only the eigenvalues above ε P λ_max are kept:
/// what the kernel can not see does not depend on Q.
struct ScaledKernel {
  Vector value;     ///< λ ≥ 0, descending [R]
  Matrix vectors;   ///< U [P × R]
  Matrix label;     ///< Uᵀ y [R × C]
  Matrix cross;     ///< Uᵀ K_X* [R × P*]
  Vector diagonal;  ///< K_** [P*]
  double left = 0;  ///< |y|² outside the eigenvectors kept
  double ridge = 0, chi = 1;

  Index points() const { return vectors.rows(); }
};
/// Eigenvalues of a kernel, descending, with those up to ε P λ_max as zero: beside a small ridge, (y/κ)² would make
/// of their rounding what is learned.
Vector without_rounding(const Vector& descending);

/// labels y [P × C], κ ≥ 0, χ > 0. Throws NumericalError where the eigenvectors are not found.
ScaledKernel scaled_kernel(Problem problem, const MatrixView& labels, double ridge, double chi);
double scaled_kernel_bytes(double points, double test_points);

/// With A = Q K + κ I, what the labels and the noise make of log Q: half the energy's slope is the difference of both,
///
///     pull  = χ yᵀ A⁻¹ Q K A⁻¹ y,   trace = tr A⁻¹ Q K
///     R(Q)  = (χ/2) yᵀ A⁻¹ y + ½ log det A,   dR/d log Q = −½ (pull − trace)
///
/// Of several outputs with one and the same Q the sums over them.
struct ScaleForces {
  double pull = 0, trace = 0;
};
ScaleForces scale_forces(const ScaledKernel& kernel, double scale);
double scale_energy(const ScaledKernel& kernel, double scale);

}  // namespace fieldscan::theory
