#pragma once
#include "fieldscan/theory/finite_width/problem.hpp"

/// The kernel whose layers have scales q_l, and its derivatives by them.
namespace fieldscan::theory {

/// The network whose kernel of infinite width is q_L k(q_{L−1} k(… q_1 k(S))): q_l multiplies what layer l hands on.
KernelSpec with_scales(KernelSpec spec, const VectorView& layer);

/// Central differences of fourth order, at ±1 and ±2 steps; exact to 1e-11 for kernels, which change over Δq ~ 1.
struct DifferenceNode {
  double at, weight;  ///< in steps; over the step
};
inline constexpr DifferenceNode difference_nodes[] = {{1, 8 / 12.0}, {-1, -8 / 12.0}, {2, -1 / 12.0}, {-2, 1 / 12.0}};
inline constexpr double difference_step = 4e-3;

/// a += factor · b, of all parts.
void add_to(Problem& a, double factor, const Problem& b);

}  // namespace fieldscan::theory
