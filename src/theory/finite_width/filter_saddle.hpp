#pragma once
#include "fieldscan/theory/finite_width/local_kernel.hpp"

/// The saddle of the mean-field theory of one convolutional layer, by a rule of nodes for the weights of one filter.
namespace fieldscan::theory {

/// What Γ depends on beside the images.
struct FilterProblem {
  Vector label;         ///< y [P]
  double ridge = 0;     ///< κ > 0
  double strength = 0;  ///< b > 0
};

/// Where Γ is least: with averages over p_t, the labels' weights and the outputs at the test points.
struct FilterSaddle {
  Vector t;               ///< [P]
  Vector mean;            ///< f̄ [P*]
  Vector variance;        ///< χ ⟨δf²⟩ [P*]
  double inverse = 0;     ///< the mean diagonal of (D + κ)⁻¹ on the training set
  double rule_error = 0;  ///< relative, of t
  double residual = 0;    ///< the largest component of Γ's slope on these nodes, over |y|
};

/// spec: resolved, of depth 1, of smooth units and at most three dimensions of a filter's weights. Nodes are
/// equidistant inside a ball, closer until t stands still to 1e-7 and the ball cuts nothing off. Throws NotConverged
/// where the nodes that are looked at, some 10⁷, do not lead to 1e-3, or Newton's method does not end.
FilterSaddle filter_saddle(const ConvolutionalSpec& spec, const MatrixView& x, const MatrixView& test,
                           const FilterProblem& problem);

}  // namespace fieldscan::theory
