#include "condition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "fieldscan/scan/expression/expression.hpp"
#include "tokens.hpp"

namespace fieldscan::scan {
namespace {

/// What a part of an expression is. The constants true and false are either.
enum class PartSort { number, truth, either };

/// A part of an expression: from `begin` up to `end` in its text.
struct ExpressionPart {
  PartSort sort = PartSort::number;
  std::size_t begin = 0, end = 0;
};

/// How strict a reading is: chains are refused everywhere, what compares nothing only where a condition stands.
enum class Expects { any, condition };

/// Reads an expression by precedence, weakest operators first, and says of each part whether it is a number or a truth.
class ConditionReader {
 public:
  ConditionReader(std::string_view text, Expects expected, const IsFlag& is_flag)
      : text_(text), tokens_(tokenize(text)), expected_(expected), is_flag_(is_flag) {}

  void run() {
    const ExpressionPart whole = choice();
    if (expected_ == Expects::condition) require(whole);
  }
  /// Those that were read, in their order.
  const std::vector<NumberComparison>& found() const { return found_; }

 private:
  const Token& peek() const { return tokens_[at_]; }
  bool symbol(std::string_view s) const { return peek().kind == Token::Kind::symbol && peek().text == s; }
  bool take(std::string_view s) {
    if (!symbol(s)) return false;
    advance();
    return true;
  }
  void advance() {
    end_ = peek().offset + peek().text.size() + (peek().kind == Token::Kind::word ? 2 : 0);
    if (peek().kind != Token::Kind::end) ++at_;
  }
  std::string of(const ExpressionPart& part) const {
    return std::string(text_.substr(part.begin, part.end - part.begin));
  }

  /// Says what compares nothing where it has to.
  void require(const ExpressionPart& part) const {
    if (part.sort != PartSort::number) return;
    const std::string what = of(part);
    throw ExpressionError(
        "FS0413", part.begin,
        fmt::format("'{}' compares nothing: a condition is true or false at a point, as \"width == 32 && train_size == "
                    "16\"",
                    what),
        fmt::format("compare it with something: {} > 0, {} == 32", what, what));
  }
  void require_where_condition(const ExpressionPart& part) const {
    if (expected_ == Expects::condition) require(part);
  }

  ExpressionPart choice() {
    const ExpressionPart first = join("||");
    if (!symbol("?")) return first;
    require_where_condition(first);
    advance();
    const ExpressionPart yes = choice();
    if (!take(":")) return first;
    const ExpressionPart no = choice();
    const bool truth = yes.sort != PartSort::number && no.sort != PartSort::number;
    return {truth ? PartSort::truth : PartSort::number, first.begin, end_};
  }

  /// Parts that are joined by || and, one level below, by &&.
  ExpressionPart join(std::string_view by) {
    const auto next = [&] { return by == "||" ? join("&&") : comparison(); };
    ExpressionPart all = next();
    while (symbol(by)) {
      require_where_condition(all);
      advance();
      require_where_condition(next());
      all = {PartSort::truth, all.begin, end_};
    }
    return all;
  }

  bool at_comparison() const {
    constexpr std::array<std::string_view, 6> signs{"==", "!=", "<", "<=", ">", ">="};
    return peek().kind == Token::Kind::symbol && std::ranges::find(signs, peek().text) != signs.end();
  }

  ExpressionPart comparison() {
    const ExpressionPart left = sum();
    if (!at_comparison()) return left;
    const Token sign = peek();
    advance();
    const ExpressionPart right = sum();
    if (at_comparison()) refuse_chain({left, right}, sign);
    if (expected_ == Expects::condition) refuse_mixed(left, sign, right);
    note(left, sign, right);
    return {PartSort::truth, left.begin, end_};
  }

  /// Words are compared as they are.
  void note(const ExpressionPart& left, const Token& sign, const ExpressionPart& right) {
    const auto is_number = [&](const ExpressionPart& part) {
      return part.sort == PartSort::number && text_[part.begin] != '\'';
    };
    if (!is_number(left) || !is_number(right)) return;
    std::erase_if(found_, [&](const NumberComparison& c) { return c.begin >= left.begin; });
    const auto text = [&](const ExpressionPart& part) { return text_.substr(part.begin, part.end - part.begin); };
    found_.push_back({left.begin, right.end, text(left), sign.text, text(right)});
  }

  /// What to write for a == b == 1, which means that a == b is true.
  std::optional<std::string> truth_in_row(const std::vector<ExpressionPart>& parts,
                                          const std::vector<std::string_view>& signs) const {
    const std::string last = of(parts.back());
    if (parts.size() != 3 || signs[1] != "==" || (last != "0" && last != "1" && last != "true" && last != "false"))
      return std::nullopt;
    const std::string first = fmt::format("{} {} {}", of(parts[0]), signs[0], of(parts[1]));
    return last == "1" || last == "true" ? "write " + first : fmt::format("write !({})", first);
  }

  /// a <= b <= c, with what was read of it.
  [[noreturn]] void refuse_chain(std::vector<ExpressionPart> parts, const Token& first) {
    std::vector<std::string_view> signs{first.text};
    const std::size_t place = peek().offset;
    while (at_comparison()) {
      signs.push_back(peek().text);
      advance();
      parts.push_back(sum());
    }
    std::string pairs;
    for (std::size_t k = 0; k < signs.size(); ++k)
      pairs += fmt::format("{}{} {} {}", k ? " && " : "", of(parts[k]), signs[k], of(parts[k + 1]));
    throw ExpressionError(
        "FS0413", place,
        fmt::format("comparisons in a row: '{} {} {}' is 1 or 0, and that would be compared with '{}'", of(parts[0]),
                    signs[0], of(parts[1]), of(parts[2])),
        truth_in_row(parts, signs).value_or(fmt::format("write {}", pairs)));
  }

  /// Two truths may be equal or not; a truth and a number have nothing in common.
  static void refuse_mixed(const ExpressionPart& left, const Token& sign, const ExpressionPart& right) {
    const bool truths = left.sort != PartSort::number && right.sort != PartSort::number;
    const bool numbers = left.sort != PartSort::truth && right.sort != PartSort::truth;
    const bool equality = sign.text == "==" || sign.text == "!=";
    if (numbers || (truths && equality)) return;
    throw ExpressionError("FS0413", sign.offset, fmt::format("'{}' compares what is true or false already", sign.text),
                          "join conditions by && and ||; one is told from another by == and !=");
  }

  ExpressionPart sum() {
    ExpressionPart all = product();
    while (symbol("+") || symbol("-")) {
      advance();
      product();
      all = {PartSort::number, all.begin, end_};
    }
    return all;
  }

  ExpressionPart product() {
    ExpressionPart all = prefixed();
    while (symbol("*") || symbol("/")) {
      advance();
      prefixed();
      all = {PartSort::number, all.begin, end_};
    }
    return all;
  }

  ExpressionPart prefixed() {
    const std::size_t begin = peek().offset;
    if (take("!")) {
      require_negated(prefixed());
      return {PartSort::truth, begin, end_};
    }
    if (take("-") || take("+")) {
      prefixed();
      return {PartSort::number, begin, end_};
    }
    const ExpressionPart base = primary();
    if (!take("^")) return base;
    prefixed();
    return {PartSort::number, begin, end_};
  }

  /// ! binds more tightly than comparisons do.
  void require_negated(const ExpressionPart& part) const {
    if (expected_ != Expects::condition || part.sort != PartSort::number) return;
    throw ExpressionError(
        "FS0413", part.begin,
        fmt::format("'!' negates what stands right behind it, and '{}' is neither true nor false", of(part)),
        fmt::format("put a comparison in brackets: !({} == 32)", of(part)));
  }

  ExpressionPart primary() {
    const Token token = peek();
    advance();
    if (token.text == "(" && token.kind == Token::Kind::symbol) {
      const ExpressionPart inner = choice();
      take(")");
      return {inner.sort, token.offset, end_};
    }
    if (token.kind != Token::Kind::name) return {PartSort::number, token.offset, end_};
    if (symbol("(")) return call(token);
    if (token.text == "true" || token.text == "false") return {PartSort::either, token.offset, end_};
    return {is_flag_(token.text) ? PartSort::either : PartSort::number, token.offset, end_};
  }

  /// A function of numbers; what stands in the brackets of the calls of statements is no expression.
  ExpressionPart call(const Token& name) {
    if (std::ranges::find(functions(), name.text) == functions().end()) return skip_call(name);
    advance();
    do choice();
    while (take(","));
    take(")");
    return {PartSort::number, name.offset, end_};
  }

  ExpressionPart skip_call(const Token& name) {
    int depth = 0;
    do {
      depth += symbol("(") ? 1 : symbol(")") ? -1 : 0;
      advance();
    } while (depth > 0 && peek().kind != Token::Kind::end);
    return {PartSort::number, name.offset, end_};
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  Expects expected_;
  const IsFlag& is_flag_;
  std::vector<NumberComparison> found_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;  ///< of the last token that was taken
};

bool never_flag(std::string_view) { return false; }

}  // namespace

void require_condition(std::string_view text, const IsFlag& is_flag) {
  ConditionReader(text, Expects::condition, is_flag).run();
}

bool is_condition(std::string_view text, const IsFlag& is_flag) {
  try {
    require_condition(text, is_flag);
    return true;
  } catch (const ExpressionError&) {
    return false;
  }
}

void refuse_chains(std::string_view text) { number_comparisons(text); }

std::vector<NumberComparison> number_comparisons(std::string_view text) {
  const IsFlag none = never_flag;
  ConditionReader reader(text, Expects::any, none);
  reader.run();
  return reader.found();
}

std::string quotes_missing(const Atom& atom) {
  return atom.arithmetic ? "" : fmt::format("a word stands in single quotes: '{}'; ", atom.text);
}

}  // namespace fieldscan::scan
