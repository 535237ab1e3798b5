#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "fieldscan/scan/statement/formula.hpp"

namespace fieldscan::scan {

/// A number made of a curve: {crossing: expr, level: 0.5, along: train_size} and the like.
struct Define {
  enum class Kind { crossing, argmin, argmax, minimum, maximum, slope, value };
  /// Whether curves are interpolated in x or in log x; `as_spaced`: in that in which the abscissas have nearly equal
  /// steps.
  enum class Interpolation : unsigned char { as_spaced, x, log_x };
  std::string name = {};
  Kind kind = Kind::value;
  Formula of = {};
  std::string along = {};
  double level = 0;
  Interpolation in = Interpolation::as_spaced;
  std::vector<std::string> by = {};
  Formula where = {};
  Formula at = {};        ///< start, end, best, all, or a number (time)
  std::string from = {};  ///< theory from which the observables are taken; empty: the measurement
  Place place = {};
};
constexpr auto words(Define::Kind) {
  return std::array<std::string_view, 7>{"crossing", "argmin", "argmax", "minimum", "maximum", "slope", "value"};
}

}  // namespace fieldscan::scan
