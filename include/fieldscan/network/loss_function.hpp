#pragma once
#include <array>
#include <string_view>

#include "fieldscan/core/matrix.hpp"

namespace fieldscan::network {

/// What a descent minimises, a sum over its training points:
///
///     square         ½ Σ_μc (f_μc − y_μc)²
///     cross_entropy  Σ_μ −log p_μ,class of the class of the label, with p = softmax(f); of one output the two classes
///                    are its signs ±1, with p(±1) = 1/(1 + exp(∓f))
enum class LossFunction { square, cross_entropy };
constexpr auto words(LossFunction) { return std::array<std::string_view, 2>{"square", "cross_entropy"}; }

/// The cross-entropy Σ_μ −log p_μ,class of outputs [points·C], point by point, and slope = ∂/∂f [points·C]: p − δ, of
/// one output −s p(−s) with s = ±1. `classes` [points·C]: 1 for the class of a point and 0 for the others; of one
/// output s. Outputs of any size: log Σ exp is formed from distances to the largest.
double cross_entropy(const VectorView& outputs, const VectorView& classes, Index count, Eigen::Ref<Vector> slope);

/// Class probabilities [classes] of the outputs of one point [C]: softmax, or of one output those of −1 and +1.
Vector class_probabilities(const VectorView& outputs);

/// The largest eigenvalue that ∂²loss/∂f∂f of one point can have: 1 of the square; of the cross-entropy ½, and ¼ of one
/// output. A step η is stable below 2χ/(curvature · λ_max(Θ) + κ), and may be so far beyond, since it falls as points
/// are learned.
double largest_curvature(LossFunction loss, Index outputs);

}  // namespace fieldscan::network
