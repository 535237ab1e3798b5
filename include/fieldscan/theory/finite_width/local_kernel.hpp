#pragma once
#include "fieldscan/theory/kernel/convolutional_kernels.hpp"

/// Kernels of one convolutional layer that know where in the image its filters lie, and their renormalisation.
namespace fieldscan::theory {

/// What the filters of the first layer see, x̃ = (√(σ_w²/(QC)) patch, σ_b) with h = z·x̃, z ~ N(0, 1) in D dimensions,
/// D = QC or one more with a bias: of every point, position by position [S·P × D].
Matrix filter_inputs(const ConvolutionalSpec& spec, const MatrixView& x);
Index filter_dimension(const ConvolutionalSpec& spec);

/// Of S positions the kernels between their patches, k_ij(x, x′) = ⟨φ(h_i(x)) φ(h_j(x′))⟩ over one filter, one column
/// for each pair i ≤ j, (0,0) (0,1) … (1,1) …: k_ii, or k_ij + k_ji. A pooling readout has one position alone, with
/// the mean of k_ij over all pairs.
struct LocalKernels {
  Index positions = 1;  ///< S
  Matrix train;         ///< [P² × pairs]
  Matrix cross;         ///< training and test points [P·P* × pairs]
  Matrix diagonal;      ///< of a test point with itself [P* × pairs]
};
/// spec: resolved, of depth 1. S² (P² + P P*)/2 numbers for a flat readout.
LocalKernels local_kernels(const ConvolutionalSpec& spec, const MatrixView& x, const MatrixView& test);
double local_kernels_bytes(const ConvolutionalSpec& spec, double points, double test);
/// S, or 1 of a pooling readout.
Index local_positions(const ConvolutionalSpec& spec);

/// What the scales depend on beside the kernels.
struct LocalProblem {
  Vector label;        ///< y [P]
  double width = 1;    ///< N, the channels
  double ridge = 0;    ///< κ > 0
  double chi = 1;      ///< χ
  double readout = 1;  ///< σ_a²
};

/// Where S(Q) is least.
struct LocalScales {
  Matrix scale;         ///< Q [S × S], symmetric and positive
  double action = 0;    ///< S(Q), without terms that do not depend on Q
  double residual = 0;  ///< the largest slope of S/N there
};

/// K_Q = (σ_a²/S) Σ_ij Q_ij k_ij of columns of pairs [numbers].
Vector local_sum(const LocalKernels& kernels, const Matrix& columns, const Matrix& scale, double readout);

/// The most probable Q of
///
///     S(Q) = (N/2)(tr Q − log det Q) + (χ/2) yᵀ(K_Q + κ)⁻¹y + ½ log det(K_Q + κ)
///
/// by L-BFGS over B with Q = B Bᵀ, from 1: some P³/3 + S² P² operations a step, ten to some hundred steps. Throws
/// NotConverged.
LocalScales local_scales(const LocalKernels& kernels, const LocalProblem& problem);

}  // namespace fieldscan::theory
