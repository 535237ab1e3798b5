#pragma once
#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "fieldscan/scan/text/diagnostic.hpp"

/// The statements of a scan file about its results: `define`, `tests`, `figures`, as written and checked for form. The analysis
/// evaluates them. Expressions are kept as text together with the place where they stand.
namespace fieldscan::scan {

/// An expression over observables, axes and dimensions, as it stands in the file.
struct Formula {
  std::string text = {};
  Place place = {};
  bool empty() const { return text.empty(); }
  bool operator==(const Formula&) const = default;
};

/// `3%` or `0.15`.
struct Margin {
  double value = 0;
  bool relative = false;
  bool operator==(const Margin&) const = default;
};

/// A number made of a curve: {crossing: expr, level: 0.5, along: train_size} and the like.
struct Define {
  enum class Kind { crossing, argmin, argmax, minimum, maximum, slope, value };
  /// Whether curves are interpolated in x or in log x; `as_spaced`: in that in which the abscissas have nearly equal steps.
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

struct Test {
  enum class Kind { agreement, chi2, power_law, scaling_law, collapse, bound, monotone, linear, conservation };
  Kind kind = Kind::agreement;
  std::string name = {};  ///< given, or made from the statement
  std::vector<Formula> of = {};
  Formula with = {};                 ///< theory name, observable, expression or number
  std::string between = {};          ///< axis, instead of `with`
  std::vector<Formula> versus = {};  ///< power_law, linear, monotone, collapse: one; scaling_law: two
  std::vector<std::string> over = {};
  std::vector<std::string> by = {};
  Formula where = {};
  std::optional<std::pair<double, double>> window = {};
  std::string at = {};                        ///< start, end, best, all, or a number (time)
  std::optional<Formula> expect = {};         ///< number, expression, or the name of a theory (power_law, scaling_law)
  std::optional<Formula> expect_second = {};  ///< scaling_law, collapse: of the second exponent
  std::optional<Margin> within = {};
  std::optional<double> below = {}, above = {};
  std::string direction = {};  ///< up, down
  std::string form = {};       ///< scaling_law: sum, floor, min; power_law: floor, crossover; empty: the plain one
  std::string scaled_by = {};  ///< collapse: the axis whose powers scale both coordinates
  Place place = {};
};
constexpr auto words(Test::Kind) {
  return std::array<std::string_view, 9>{"agreement", "chi2",     "power_law", "scaling_law", "collapse",
                                         "bound",     "monotone", "linear",    "conservation"};
}

struct Figure {
  Formula plot = {};
  std::vector<Formula> versus = {};
  std::vector<std::string> by = {};
  std::string each = {};
  std::vector<Formula> with = {};  ///< theories, observables or expressions drawn as lines
  Formula where = {};
  std::string scale = {};  ///< linear, log, log-x, log-y, log-log
  std::string style = {};  ///< points, lines, map
  std::vector<std::string> mark = {};
  std::string name = {};
  Place place = {};
};

}  // namespace fieldscan::scan
