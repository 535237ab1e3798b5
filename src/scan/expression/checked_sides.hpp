#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fieldscan/scan/expression/expression.hpp"

namespace fieldscan::scan {

/// The comparisons of an expression whose sides may be no finite numbers: NaN != 1 would be true, and 1/0 > 1.
///
/// A side that is NaN, or infinite where nothing that it mentions is, makes an error of the value, unless the value is
/// the same whether the comparison holds or not: `width > 8 && log(width - 8) > 1` is false at width = 8.
///
/// What is computed is compared up to rounding, 1e-14 relatively: 0.3 >= 0.1*3 holds.
class CheckedSides {
 public:
  /// Of an expression that compiles, with its atoms; nothing where every side is a name or a number.
  static std::optional<CheckedSides> of(std::string_view text, Scope scope, const std::vector<Atom>& atoms);
  /// The expression's value, given one number per atom. Throws ExpressionError (FS0411) with the place of the
  /// comparison, the side and the numbers that it mentions.
  double evaluate(std::span<const double> values) const;

 private:
  struct Part {
    Expression expression;
    std::vector<std::size_t> slots;  ///< of its atoms: those of the whole, then the comparisons
    double at(std::span<const double> values) const;
    bool is_sound(double value, std::span<const double> values) const;
    std::string where_text(std::span<const double> values) const;
  };
  struct Comparison {
    Part left, right;
    std::string sign;
    std::size_t offset = 0;
  };
  static Part part_of(std::string_view text, Scope scope, const std::vector<Atom>& atoms);
  static double truth(const Comparison& comparison, double left, double right);
  [[noreturn]] static void refuse(const Comparison& comparison, std::span<const double> values);

  std::vector<Comparison> comparisons_;
  Part rest_;  ///< the whole, with a name in the place of each comparison
  std::size_t atoms_ = 0;
};

}  // namespace fieldscan::scan
