#include "fieldscan/core/solve/solved.hpp"

#include <fmt/format.h>

#include <cmath>

namespace fieldscan::solve {

void give_up(std::string_view what, double residual, int steps) {
  if (!std::isfinite(residual))
    throw NumericalError(fmt::format("{}: its equation is not finite (after {} evaluations)", what, steps));
  throw NotConverged(
      fmt::format("{} was not found: after {} evaluations {:.3g} is left of its equation", what, steps, residual));
}

}  // namespace fieldscan::solve
