#pragma once
#include "../rows.hpp"
#include "fieldscan/theory/finite_width/kernel_scale.hpp"
#include "fieldscan/theory/finite_width/scale_matrix.hpp"

/// What networks whose kernel is Q K predict, Q a mixture of scales.
namespace fieldscan::theory {

/// The posterior given the labels: mean and variance of f at the test points, the latter with that of the mean over Q.
struct ScaledPosterior {
  Matrix mean;      ///< E_Q[Q k*ᵀ (QK + κ)⁻¹ y] [P* × C]
  Vector variance;  ///< E_Q[Q k** − Q² k*ᵀ (QK + κ)⁻¹ k*]/χ + Var_Q, Σ over outputs [P*]
  double error_train = 0;
  double pull = 0, trace = 0;  ///< E_Q of the forces on log Q, Σ over outputs
};
/// Of one output.
ScaledPosterior scaled_posterior(const ScaledKernel& kernel, const ScaleMixture& mixture);
/// Of any number, at the matrix of their scales.
ScaledPosterior scaled_posterior(const ScaledKernel& kernel, const ScaleMatrix& matrix);

/// predictor with its error and learnabilities, variance_posterior, error_test, error_train.
void write_posterior(Writer& writer, const ScaledPosterior& posterior, const data::Draw& draw);

/// log_evidence, where the kernel has its full rank or a ridge.
void write_evidence(Writer& writer, const ScaledKernel& kernel, double log_evidence);

/// The widths of all layers.
std::vector<double> widths_of(const PerLayer<int>& width, int depth);

}  // namespace fieldscan::theory
