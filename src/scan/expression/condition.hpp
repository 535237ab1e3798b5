#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fieldscan/scan/expression/expression.hpp"

/// Conditions: what is true or false at a point. One place decides it for `where` of blocks, definitions, tests and
/// figures, and for what `points`, `show` and `repeat` select by.
///
/// A condition is a comparison, a flag, true or false, or made of conditions by &&, ||, !, == and != of two of them, or
/// ?: of three. The sides of a comparison are numbers or words: 4 <= width <= 8 would compare 1 or 0 with 8.
namespace fieldscan::scan {

/// Whether a name stands for true or false: a field of that type, or a variable of `let` that is a condition.
using IsFlag = std::function<bool(std::string_view name)>;

// The texts are expressions: what Expression::compile has said no error of.

/// Throws ExpressionError (FS0413), with the place and what to write instead, where an expression is no condition.
void require_condition(std::string_view text, const IsFlag& is_flag);
bool is_condition(std::string_view text, const IsFlag& is_flag);
/// Throws ExpressionError (FS0413) for comparisons in a row, wherever they stand: a <= b <= c.
void refuse_chains(std::string_view text);

/// A comparison of two numbers that stands in no other one: from `begin` up to `end`.
struct NumberComparison {
  std::size_t begin = 0, end = 0;
  std::string_view left, sign, right;
};
std::vector<NumberComparison> number_comparisons(std::string_view text);

/// Of a name that nothing has and that is compared as a word would be: "a word stands in single quotes: 'erf'; ".
std::string quotes_missing(const Atom& atom);

}  // namespace fieldscan::scan
