#pragma once
#include <string_view>
#include <vector>

namespace fieldscan::scan {

/// One token of an expression. A word is what stands between single quotes; its text is without them.
struct Token {
  enum class Kind { number, name, word, symbol, end };
  Kind kind = Kind::end;
  std::string_view text;
  std::size_t offset = 0;
};

/// Splits an expression; the last token is `end`. Throws ExpressionError for characters that have no place in one.
std::vector<Token> tokenize(std::string_view text);

}  // namespace fieldscan::scan
