#pragma once
#include <array>
#include <span>

#include "quantity.hpp"

namespace fieldscan::analysis {

/// A joint scaling law of two resources,
///
///     sum:  y = A N^a + B P^b,        min:  y = max(A N^a, B P^b)   (the scarcer resource decides).
struct JointLaw {
  enum class Form { sum, min };
  std::array<Quantity, 2> exponents;  ///< a, b; negative for a law that falls, as in fit_power_law
  double chi_squared = 0;
};

/// Weighted least squares in y (weights as in fit_power_law), by Nelder–Mead in (log A, a, log B, b) from several starts; errors by the
/// chain rule over all points. The problem of the exponents says why there is no fit; at least six points are needed.
JointLaw fit_joint_law(std::span<const std::array<double, 2>> x, std::span<const Quantity> y, JointLaw::Form form);

}  // namespace fieldscan::analysis
