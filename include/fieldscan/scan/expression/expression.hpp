#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fieldscan::scan {

/// A number or a word: the value of an axis, a field or a variable at a point.
using AxisValue = std::variant<double, std::string>;

/// Where an expression stands. `point`: fields, axes, `let`, block `where`: names only. `statement`: tests, define,
/// figures, where the calls deviation(theory), error_ensemble(m) and rms(a - b), and observables at a time,
/// error_test(best), are atoms as well.
enum class Scope { point, statement };

/// What an expression can not be evaluated without: a name, dotted or not, or one of the calls of statements.
struct Atom {
  enum class Kind { name, deviation, error_ensemble, rms };
  Kind kind = Kind::name;
  /// Normalised text: "nngp.error_test", "deviation(nngp)", "error_ensemble(20)", "rms(a - b)". Equal atoms appear
  /// once.
  std::string text;
  /// deviation: {theory}; error_ensemble: {"20"} (a number); rms: {a, b}, two names; empty for a name.
  std::vector<std::string> arguments = {};
  /// The time of `alignment(start)`, a name with start, end or best in brackets; empty otherwise.
  std::string at = {};
  /// Theory before the dot of `theory.error_ensemble(m)`; empty otherwise (dotted names are kept whole in `text`).
  std::string theory = {};
  std::size_t offset = 0;   ///< first use in the expression's text
  bool arithmetic = false;  ///< used other than in == or != with a word: must be a number
  bool operator==(const Atom&) const = default;
};

/// Why a text is not an expression, with the offset of the culprit and its length.
class ExpressionError : public std::runtime_error {
 public:
  ExpressionError(std::string code, std::size_t offset, const std::string& message, std::string help)
      : std::runtime_error(message), code_(std::move(code)), help_(std::move(help)), offset_(offset) {}
  const std::string& code() const { return code_; }
  const std::string& help() const { return help_; }
  std::size_t offset() const { return offset_; }

 private:
  std::string code_, help_;
  std::size_t offset_;
};

/// An arithmetic expression, compiled once and evaluated many times (muParser inside).
///
/// Operators, weakest first: ?:  ||  &&  == != < <= > >=  + -  * /  unary - !  ^ (right to left). Comparisons and
/// conditions give 1 or 0. Words stand in single quotes and can only be compared with == and != ('erf' == activation).
/// Constants: pi, true, false. Functions: see `functions()`; log is the natural logarithm. Assignment, a comma outside
/// a function's arguments, unknown functions and unbalanced brackets are errors of compilation.
///
/// Copies share the compiled form. Evaluation writes into scratch space of that form: one expression must not be
/// evaluated by two threads at once.
class Expression {
 public:
  /// Throws ExpressionError.
  static Expression compile(std::string_view text, Scope scope = Scope::point);

  const std::string& text() const;
  /// The free identifiers and calls, in order of first appearance.
  const std::vector<Atom>& atoms() const;
  /// Whether the expression is a single atom and nothing else: `error_test`, `deviation(nngp)`.
  bool is_atom() const;
  /// Whether it mentions nothing and so is a number.
  bool is_constant() const { return atoms().empty(); }

  /// The value, given one number per atom in the order of atoms(). May be NaN or infinite: the caller decides what that
  /// means.
  double evaluate(std::span<const double> values) const;
  /// The same with words. Throws ExpressionError (FS0404) where a word meets arithmetic.
  double evaluate(std::span<const AxisValue> values) const;

  struct Compiled;

 private:
  std::shared_ptr<Compiled> compiled_;
};

/// The number that stands for a word inside evaluate(span<const double>): equal for equal words, beyond every other
/// number.
double word_number(std::string_view word);
double number_of(const AxisValue& value);

/// The names of the functions that expressions know, with their argument counts ("min(a, b, …)").
std::span<const std::string_view> functions();

}  // namespace fieldscan::scan
