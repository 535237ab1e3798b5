#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "fieldscan/scan/expression/expression.hpp"

namespace fieldscan::scan {

/// An expression as muParser gets it: every atom is a variable v0, v1, … in the order of `atoms`, every word a number.
struct Translation {
  std::string text;
  std::vector<Atom> atoms;
  bool single = false;  ///< one atom and nothing else
};

/// Closes the traps of the language (assignments, missing operators, brackets, words in arithmetic, unknown functions)
/// as ExpressionError. Whether the rest is an expression, muParser says.
Translation translate(std::string_view text, Scope scope);

}  // namespace fieldscan::scan
