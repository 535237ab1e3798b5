#pragma once
#include <array>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fieldscan/core/field.hpp"
#include "fieldscan/scan/statement/formula.hpp"

namespace fieldscan::scan {

/// Whether curves are interpolated in x or in log x; `as_spaced`: in that in which the abscissas have nearly equal
/// steps.
enum class Interpolation : unsigned char { as_spaced, x, log_x };

/// The kinds of definitions. Each has what it needs beside the expression, which stands in the file at the kind's own
/// word.
struct Crossing {
  static constexpr std::string_view kind = "crossing";
  std::string along = {};
  double level = 0;
  Interpolation in = Interpolation::as_spaced;
};
struct Slope {  ///< d log y/d log x
  static constexpr std::string_view kind = "slope";
  std::string along = {};
};
enum class ExtremeWord { argmin, argmax, minimum, maximum };
constexpr auto words(ExtremeWord) { return std::array<std::string_view, 4>{"argmin", "argmax", "minimum", "maximum"}; }
template <ExtremeWord which>
struct Extreme {
  static constexpr std::string_view kind = word(which);
  std::string along = {};
  Interpolation in = Interpolation::as_spaced;
};
struct PointValue {  ///< of one point, without a curve
  static constexpr std::string_view kind = "value";
};

using DefineKind = std::variant<Crossing, Extreme<ExtremeWord::argmin>, Extreme<ExtremeWord::argmax>,
                                Extreme<ExtremeWord::minimum>, Extreme<ExtremeWord::maximum>, Slope, PointValue>;

/// A number made of a curve: {crossing: expr, level: 0.5, along: train_size} and the like.
struct Define {
  std::string name = {};
  DefineKind kind = PointValue{};
  Formula of = {};
  std::vector<std::string> by = {};
  Formula where = {};
  Formula at = {};        ///< start, end, best, all, or a number (time)
  std::string from = {};  ///< theory from which the observables are taken; empty: the measurement
  Place place = {};
};

/// The axis of the curve; empty where there is none.
inline std::string along_of(const Define& define) {
  return std::visit(
      []<class Kind>(const Kind& kind) -> std::string {
        if constexpr (requires { kind.along; })
          return kind.along;
        else
          return "";
      },
      define.kind);
}
constexpr std::string_view word_of(const DefineKind& kind) {
  return std::visit([]<class Kind>(const Kind&) { return Kind::kind; }, kind);
}

}  // namespace fieldscan::scan
