#pragma once
#include <functional>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/core/solve/solved.hpp"

/// Minima of convex functions of a few variables.
namespace fieldscan::solve {

/// A function at a point, with its derivatives.
struct Curvature {
  double value = 0;
  Vector gradient = {};
  Matrix hessian = {};
};

struct ConvexLimits {
  double gradient = 1e-10;  ///< largest component of the gradient that counts as zero
  int steps = 200;          ///< Newton steps
};

/// The minimum of a strictly convex function by Newton's method, each step halved until the function falls by 10⁻⁴ of
/// what its slope promises (Armijo), which finds it from any start. Where the function is not finite it counts as
/// infinite: a barrier. residual: the largest component of the gradient at the value. Not converged where that stays
/// above limits.gradient: rounding ends the descent, or the steps did not suffice.
Solved<Vector> convex_minimum(const std::function<Curvature(const Vector&)>& f, Vector start,
                              const ConvexLimits& limits = {});

}  // namespace fieldscan::solve
