#pragma once
#include <vector>

#include "fieldscan/theory/finite_width/kernel_scale.hpp"

/// Several outputs: the scale of the kernel is a matrix between them.
namespace fieldscan::theory {

/// The kernel Q ⊗ K of C outputs, Q symmetric and positive [C × C], with λ_k and y_k (a row of Uᵀ Y) of K's
/// eigenvectors:
///
///     S(Q) = Σ_l (N_l/2)(tr q_l − log det q_l) + ½ Σ_k [χ y_kᵀ (λ_k Q + κ)⁻¹ y_k + log det(λ_k Q + κ)],   Q = Π q_l
///     N_l (q_l − 1) = Q^½ [χ Σ λ_k v_k v_kᵀ − Σ λ_k (λ_k Q + κ)⁻¹] Q^½,   v_k = (λ_k Q + κ)⁻¹ y_k,   for every layer
///
/// At the solution the q_l commute. In Q's eigenvectors the outputs are independent regressions with kernels q_c K. One
/// scalar for all outputs is another theory, and a worse one.
struct ScaleMatrix {
  Matrix scale;     ///< Q [C × C]
  Vector value;     ///< its eigenvalues q_c
  Matrix rotation;  ///< its eigenvectors [C × C]
  double action = 0;
  double residual = 0;  ///< of log Q
};
/// By Anderson's mixing of log Q from Q = 1. Throws NotConverged.
/// Source: P. Baglioni et al., arXiv:2412.15911 (2024); Q. Li, H. Sompolinsky, PRX 11 031059 (2021); depth and χ:
/// derived.
ScaleMatrix scale_matrix(const ScaledKernel& kernel, const std::vector<double>& widths, TraceTerm trace);

/// The evidence to leading order, as `mixture_of` has it of one output: without (P C/2) log(χ/2π).
double leading_evidence(const ScaleMatrix& matrix, const std::vector<double>& widths);

/// The posterior at that scale.
struct OutputsPosterior {
  Matrix mean;                     ///< [P* × C]
  std::vector<Matrix> covariance;  ///< between the outputs, of every test point [C × C]
};
OutputsPosterior outputs_posterior(const ScaledKernel& kernel, const ScaleMatrix& matrix);

}  // namespace fieldscan::theory
