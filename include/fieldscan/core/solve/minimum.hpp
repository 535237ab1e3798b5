#pragma once
#include <functional>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/core/solve/solved.hpp"

namespace fieldscan::solve {

/// f(x), with its gradient written into the second argument [n]; not finite outside the domain of f.
using ValueAndGradient = std::function<double(const Vector& x, Vector& gradient)>;

struct MinimumLimits {
  double tolerance = 1e-9;  ///< of the largest component of the gradient: f and x are meant to be of order one
  int steps = 3000;
  int memory = 12;  ///< steps that the curvature is remembered from
};

/// A local minimum of a smooth function by the limited-memory method of Broyden, Fletcher, Goldfarb and Shanno, with
/// steps that satisfy Armijo's and the weak Wolfe condition: the domain of f, where it is open, is never left.
///
/// value: where it ended [n]; residual: the largest component of the gradient there. Converged also where rounding lets
/// f fall no further and the residual is below 10⁴ tolerances.
/// Source: J. Nocedal, Mathematics of Computation 35 (1980); A. Lewis, M. Overton, Mathematical Programming 141 (2013),
/// for the line search.
Solved<Vector> minimum(const ValueAndGradient& f, const Vector& start, const MinimumLimits& limits = {});

}  // namespace fieldscan::solve
