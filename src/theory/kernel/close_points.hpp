#pragma once
#include "fieldscan/core/equal_rows.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

/// Pairs of points that nearly coincide. In double precision their angle does not follow from K¹, which is 1 − θ²/2 of
/// its largest value.
namespace fieldscan::theory {

/// Relative distance up to which a pair is treated on its own: at it K¹ gives the angle to 1e-10, and the differences
/// to 1e-12.
inline constexpr double close_distance = 2e-6;

/// What |x|² is to be compared with: a bias is a number that all inputs share.
double close_offset(const KernelSpec& spec, Index dimension);

/// K and Θ of one pair.
struct PairKernel {
  double nngp, tangent;
};

/// K and Θ from half the mean square of the difference of the pre-activations, δ = ½ ⟨(u − v)²⟩, and the gap g = ⟨u²⟩ −
/// ⟨v²⟩ of the first layer: in every layer
///
///     c = (a + b)/2 − δ,   ab − c² = (a + b) δ − δ² − g²/4,   δ ← σ² ⟨φ′φ′⟩ δ
///
/// the last to leading order in the angle. `first`, `second`: the variances of both points in every layer.
PairKernel close_kernel(const KernelSpec& spec, const Eigen::RowVectorXd& first, const Eigen::RowVectorXd& second,
                        double half_square, double gap);

}  // namespace fieldscan::theory
