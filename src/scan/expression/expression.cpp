#include "fieldscan/scan/expression/expression.hpp"

#include <fmt/format.h>
#include <muParser.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "checked_sides.hpp"
#include "condition.hpp"
#include "fieldscan/core/hash.hpp"
#include "translate.hpp"

namespace fieldscan::scan {

struct Expression::Compiled {
  std::string text;
  std::vector<Atom> atoms;
  std::vector<double> slots;  ///< what the parser reads; its size never changes after compilation
  mu::Parser parser;
  bool single = false;
  std::optional<CheckedSides> checked = {};
  /// The same with powers that are no number where a part of them is none; nothing where it has no powers. The parser's
  /// own powers keep their bits (x·x for x^2).
  std::optional<mu::Parser> strict = {};
  double value() {
    if (checked) return checked->evaluate(slots);
    const double value = parser.Eval();
    return strict && std::isnan(strict->Eval()) ? std::numeric_limits<double>::quiet_NaN() : value;
  }
};

namespace {

constexpr std::array<std::string_view, 23> function_names{
    "abs",  "sqrt", "exp",  "log", "log2", "log10", "sin",  "cos",   "tan", "asin", "acos", "atan",
    "sinh", "cosh", "tanh", "erf", "erfc", "floor", "ceil", "round", "min", "max",  "sign"};

double round_half_up(double x) { return std::floor(x + 0.5); }

// What is no number stays none, which the C library's pow(x, 0) = 1 and comparisons forget.
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
bool is_none(double x) { return std::isnan(x); }
double sign_of(double x) { return x > 0 ? 1 : x < 0 ? -1 : is_none(x) ? x : 0; }
double logical_not(double x) { return is_none(x) ? x : x == 0 ? 1 : 0; }
double minimum(const double* x, int n) {
  return std::any_of(x, x + n, is_none) ? no_number : *std::min_element(x, x + n);
}
double maximum(const double* x, int n) {
  return std::any_of(x, x + n, is_none) ? no_number : *std::max_element(x, x + n);
}
double strict_power(double base, double exponent) {
  return is_none(base) || is_none(exponent) ? no_number : std::pow(base, exponent);
}

void define_functions(mu::Parser& p) {
  p.ClearConst();
  p.ClearFun();
  using One = double (*)(double);
  const std::array<std::pair<const char*, One>, 21> list{
      {{"abs", std::fabs},    {"sqrt", std::sqrt}, {"exp", std::exp},     {"log", std::log},   {"log2", std::log2},
       {"log10", std::log10}, {"sin", std::sin},   {"cos", std::cos},     {"tan", std::tan},   {"asin", std::asin},
       {"acos", std::acos},   {"atan", std::atan}, {"sinh", std::sinh},   {"cosh", std::cosh}, {"tanh", std::tanh},
       {"erf", std::erf},     {"erfc", std::erfc}, {"floor", std::floor}, {"ceil", std::ceil}, {"round", round_half_up},
       {"sign", sign_of}}};
  for (const auto& [name, function] : list) p.DefineFun(name, function);
  p.DefineFun("min", minimum);
  p.DefineFun("max", maximum);
  p.DefineInfixOprt("!", logical_not);
}

void prepare(mu::Parser& p, const std::string& text, std::vector<double>& slots) {
  define_functions(p);
  for (std::size_t i = 0; i < slots.size(); ++i) p.DefineVar(fmt::format("v{}", i), &slots[i]);
  p.SetExpr(text);
  p.Eval();
}

}  // namespace

Expression Expression::compile(std::string_view text, Scope scope) {
  auto compiled = std::make_shared<Compiled>();
  compiled->text = text;
  if (text.size() > 2000)
    throw ExpressionError("FS0401", 0, "an expression of more than 2000 characters", "name parts of it with let");
  Translation translation = translate(text, scope);
  compiled->atoms = std::move(translation.atoms);
  compiled->slots.resize(compiled->atoms.size());
  compiled->single = translation.single;
  try {
    prepare(compiled->parser, translation.text, compiled->slots);
    if (translation.text.find('^') != std::string::npos) {
      compiled->strict.emplace();
      compiled->strict->DefineOprt("#", strict_power, mu::prPOW, mu::oaRIGHT, true);
      std::ranges::replace(translation.text, '^', '#');
      prepare(*compiled->strict, translation.text, compiled->slots);
    }
  } catch (const mu::Parser::exception_type& error) {
    throw ExpressionError("FS0401", 0, fmt::format("not an expression: {}", text),
                          "operators: + - * / ^ == != < <= > >= && || ! ?:");
  }
  refuse_chains(text);
  compiled->checked = CheckedSides::of(text, scope, compiled->atoms);
  Expression expression;
  expression.compiled_ = std::move(compiled);
  return expression;
}

const std::string& Expression::text() const { return compiled_->text; }
const std::vector<Atom>& Expression::atoms() const { return compiled_->atoms; }
bool Expression::is_atom() const { return compiled_->single; }

double Expression::evaluate(std::span<const double> values) const {
  std::copy_n(values.begin(), compiled_->slots.size(), compiled_->slots.begin());
  return compiled_->value();
}

double Expression::evaluate(std::span<const AxisValue> values) const {
  for (std::size_t i = 0; i < compiled_->slots.size(); ++i) {
    const Atom& atom = compiled_->atoms[i];
    if (atom.arithmetic && std::holds_alternative<std::string>(values[i]))
      throw ExpressionError(
          "FS0404", atom.offset,
          fmt::format("'{}' is the word '{}' here, not a number", atom.text, std::get<std::string>(values[i])),
          "a word can only be compared with == or !=");
    compiled_->slots[i] = number_of(values[i]);
  }
  return compiled_->value();
}

double word_number(std::string_view word) {
  const double fraction = static_cast<double>(hash64(word) >> 12) * 0x1p-52;
  return std::ldexp(1 + fraction, 900);
}

double number_of(const AxisValue& value) {
  if (const double* number = std::get_if<double>(&value)) return *number;
  return word_number(std::get<std::string>(value));
}

std::span<const std::string_view> functions() { return function_names; }

}  // namespace fieldscan::scan
