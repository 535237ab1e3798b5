#pragma once
#include <functional>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/core/solve/solved.hpp"

namespace fieldscan::solve {

struct FixedPointLimits {
  double tolerance = 1e-12;  ///< of |g(x) − x|/max(|x|, unit)
  double unit = 1;           ///< size below which x is measured in this unit: a fixed point may be zero
  double largest = 1e8;      ///< beyond this size the iteration has run away
  int steps = 1000;
  int memory = 5;     ///< iterates that are mixed; 0: the plain iteration
  double mixing = 1;  ///< share of the step that the map proposes; below 1 for maps that overshoot
};

/// A fixed point x = g(x) by Anderson's mixing: of the last iterates the combination whose linearised residual g(x) − x
/// is least, and from there a step of the map. As fast as a quasi-Newton method, at one evaluation of the map a step,
/// and it also finds fixed points that the plain iteration flees. Where the residual grows beyond ten times the least,
/// the iterates before are forgotten.
///
/// value: the best iterate [n]; residual: |g(x) − x|/max(|x|, unit) there. Not converged where the steps do not
/// suffice, or the map is not finite or leads beyond `largest`. Of several fixed points it finds one, mostly that in
/// whose basin it starts: `branch.hpp` follows each. Source: D. Anderson, Journal of the ACM 12 (1965); H. Walker, P.
/// Ni, SIAM Journal on Numerical Analysis 49 (2011).
Solved<Vector> fixed_point(const std::function<Vector(const Vector&)>& map, const Vector& start,
                           const FixedPointLimits& limits = {});

}  // namespace fieldscan::solve
