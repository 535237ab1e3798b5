#pragma once
#include <span>
#include <vector>

#include "../quantity/quantity.hpp"

namespace fieldscan::analysis {

/// Exponents d log y/d log x between neighbouring points; a problem where a value is not positive beyond its error.
/// order = 2: y are signed squares, the exponents those of the roots.
std::vector<Quantity> local_exponents(std::span<const double> x, std::span<const Quantity> y, double order = 1);
/// The same of what lies above (or below) a floor.
std::vector<Quantity> local_exponents_above(const Quantity& floor, std::span<const double> x,
                                            std::span<const Quantity> y, double order = 1);

/// How the exponent of a power law moves with its window: without the first, and without the last point (those with
/// three points left).
struct WindowStability {
  Quantity without_first, without_last;
  Quantity shift_first, shift_last;  ///< minus that of the whole window, errors of the difference
};
WindowStability window_stability(std::span<const double> x, std::span<const Quantity> y, double order = 1);

}  // namespace fieldscan::analysis
