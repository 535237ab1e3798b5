#pragma once
#include <span>
#include <string>
#include <string_view>

#include "shared.hpp"

/// Whether a law describes what it was fitted to.
namespace fieldscan::analysis {

/// How well a law describes the values that it was fitted to.
struct Misfit {
  bool rejected = false;  ///< χ² would be as large in fewer than 1 % of fits of the true law
  std::string words;      ///< its size, where it is rejected
};
Misfit misfit_of(std::string_view law, std::span<const Quantity> y, std::span<const double> fitted, double chi_squared,
                 int degrees);

/// The exponent between two neighbouring points, or a distance of two curves.
struct LocalNumber {
  Quantity off;  ///< from what is expected there
  Allowed allowed;
  std::string words;  ///< "local exponent −0.52 ± 0.01 from 16 to 32"
};
/// Adds to a finding what its law leaves unsaid. A rejected law of which a local number leaves the allowed range
/// contradicts the form: the finding is not inside, and its p is the least of the local ones times their number, if
/// that is less. A law that is rejected while no local number leaves the range stays as it was found, with the size of
/// the misfit and the rival that does better.
void judge_form(Finding& finding, const Misfit& misfit, std::span<const LocalNumber> locals, const std::string& rival);

}  // namespace fieldscan::analysis
