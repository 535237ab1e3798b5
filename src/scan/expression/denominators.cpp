#include "fieldscan/scan/expression/denominators.hpp"

#include <algorithm>

#include "tokens.hpp"

namespace fieldscan::scan {
namespace {

/// One past the operand that begins at `at`, with its sign, its brackets and its power: what `/` binds to.
std::size_t end_of_factor(const std::vector<Token>& tokens, std::size_t at) {
  const auto is = [&](std::size_t k, std::string_view text) {
    return k < tokens.size() && tokens[k].kind == Token::Kind::symbol && tokens[k].text == text;
  };
  while (is(at, "-") || is(at, "+") || is(at, "!")) ++at;
  if (at < tokens.size() && tokens[at].kind != Token::Kind::symbol) ++at;
  if (is(at, "(")) {
    int depth = 0;
    do {
      depth += is(at, "(") ? 1 : is(at, ")") ? -1 : 0;
      ++at;
    } while (depth > 0 && at < tokens.size());
  }
  return is(at, "^") ? end_of_factor(tokens, at + 1) : at;
}

/// The source from one token to before another.
std::string text_between(std::string_view text, const Token& first, const Token& behind) {
  std::string_view part = text.substr(first.offset, behind.offset - first.offset);
  while (part.ends_with(' ')) part.remove_suffix(1);
  return std::string(part);
}

}  // namespace

std::vector<std::string> denominators(std::string_view text) {
  std::vector<std::string> result;
  const std::vector<Token> tokens = tokenize(text);
  for (std::size_t k = 0; k + 1 < tokens.size(); ++k) {
    if (tokens[k].kind != Token::Kind::symbol || tokens[k].text != "/") continue;
    const std::size_t end = std::min(end_of_factor(tokens, k + 1), tokens.size() - 1);
    const auto at = [&](std::size_t position) { return tokens.begin() + static_cast<std::ptrdiff_t>(position); };
    if (std::any_of(at(k + 1), at(end), [](const Token& token) { return token.kind == Token::Kind::name; }))
      result.push_back(text_between(text, tokens[k + 1], tokens[end]));
  }
  return result;
}

}  // namespace fieldscan::scan
