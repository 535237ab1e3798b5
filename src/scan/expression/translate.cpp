#include "translate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <numbers>
#include <span>

#include "../text/number.hpp"
#include "fieldscan/core/observable.hpp"
#include "fieldscan/core/text.hpp"
#include "tokens.hpp"

namespace fieldscan::scan {

namespace {

constexpr std::array<std::string_view, 3> call_names{"deviation", "error_ensemble", "rms"},
    times{"start", "end", "best"};

[[noreturn]] void fail(const char* code, const Token& at, const std::string& message, const std::string& help = "") {
  throw ExpressionError(code, at.offset, message, help);
}

bool is_function(std::string_view name) { return std::ranges::find(functions(), name) != functions().end(); }

bool is_time(const Token& token) {
  return token.kind == Token::Kind::name && std::ranges::find(times, token.text) != times.end();
}

/// The time of a misspelled word; empty where none is near.
std::string near_time(std::string_view word) {
  const auto near = nearest(word, times);
  return near.empty() ? "" : std::string(near.front());
}

std::string_view last_part(std::string_view name) { return name.substr(name.rfind('.') + 1); }

/// Walks the tokens once: closes the traps, gathers atoms, and writes the text that muParser gets, in which every atom
/// is a slot.
class Translator {
 public:
  Translator(std::string_view text, Scope scope) : source_(text), tokens_(tokenize(text)), scope_(scope) {}

  Translation run() {
    if (tokens_.size() == 1) fail("FS0401", tokens_[0], "an empty expression");
    while (peek().kind != Token::Kind::end) step();
    if (!brackets_.empty()) fail("FS0401", brackets_.back().token, "a bracket that is not closed", "add ')'");
    const bool single = tokens_used_ == 1 && atoms_.size() == 1;
    return {.text = std::move(text_), .atoms = std::move(atoms_), .single = single};
  }

 private:
  struct Bracket {
    Token token;
    bool call = false;
    bool variadic = false;
  };
  const Token& peek(std::size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }

  void step() {
    const Token token = peek();
    ++tokens_used_;
    switch (token.kind) {
      case Token::Kind::number:
        if (const auto problem = number_problem(token.text)) fail("FS0401", token, problem->message, problem->help);
        emit_operand(token, std::string(token.text));
        break;
      case Token::Kind::word:
        emit_word(token);
        break;
      case Token::Kind::name:
        emit_name(token);
        break;
      case Token::Kind::symbol:
        emit_symbol(token);
        break;
      case Token::Kind::end:
        break;
    }
  }

  /// `error_test at best`: the time of one observable stands in brackets behind it.
  std::string missing_operator(const Token& token) const {
    std::string word(token.text);
    const bool of_name = at_ > 0 && tokens_[at_ - 1].kind == Token::Kind::name;
    if (word == "at" && of_name)
      return fmt::format("a time stands in brackets: {}({})", tokens_[at_ - 1].text,
                         is_time(peek(1)) ? peek(1).text : "best");
    std::ranges::transform(word, word.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (word == "and") return "write '&&'";
    if (word == "or") return "write '||'";
    if (word == "is") return "write '=='";
    if (word == "in") return "one of several values: width == 8 || width == 16";
    return "write '*' between factors";
  }

  void emit_operand(const Token& token, const std::string& text) {
    if (previous_is_operand_)
      fail("FS0401", token, fmt::format("an operator is missing before '{}'", token.text), missing_operator(token));
    text_ += text;
    text_ += ' ';
    previous_is_operand_ = true;
    ++at_;
  }

  /// A word may stand on one side of == or !=, with a bare name or another word on the other side.
  void emit_word(const Token& token) {
    const bool left = at_ > 0 && is_equality(tokens_[at_ - 1]);
    const bool right = is_equality(peek(1));
    if (parse_number(token.text))
      fail("FS0404", token, fmt::format("'{}' in quotes is a word, and equals no number", token.text),
           fmt::format("numbers stand without quotes: {}", token.text));
    if (!left && !right)
      fail("FS0404", token, fmt::format("the word '{}' can only be compared with == or !=", token.text),
           in_brackets() ? fmt::format("without brackets around it: {} == '{}'", compared_name(), token.text)
                         : "for example: activation == 'erf'");
    // Shortest round trip of 1e271-sized numbers: muParser reads it back to the same bits.
    emit_operand(token, fmt::format("{}", word_number(token.text)));
  }

  static bool is_equality(const Token& token) { return token.text == "==" || token.text == "!="; }

  /// Whether the token at the cursor stands alone in brackets.
  bool in_brackets() const { return at_ > 0 && tokens_[at_ - 1].text == "(" && peek(1).text == ")"; }

  /// The name that a word in brackets is compared with: name == ('word').
  std::string_view compared_name() const {
    const bool before = at_ >= 3 && is_equality(tokens_[at_ - 2]) && tokens_[at_ - 3].kind == Token::Kind::name;
    if (before) return tokens_[at_ - 3].text;
    return is_equality(peek(2)) && peek(3).kind == Token::Kind::name ? peek(3).text : "activation";
  }

  /// What stands behind the token at the cursor, up to where its condition ends.
  std::string_view behind() const {
    std::size_t end = at_ + 1;
    for (int depth = 0; tokens_[end].kind != Token::Kind::end; ++end) {
      const std::string_view s = tokens_[end].text;
      depth += s == "(" ? 1 : s == ")" ? -1 : 0;
      if (depth < 0 || (depth == 0 && (s == "&&" || s == "||"))) break;
    }
    std::string_view text = source_.substr(peek(1).offset, tokens_[end].offset - peek(1).offset);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
  }

  /// not width == 8
  void refuse_not(const Token& token) const {
    if (token.text != "not" || peek(1).kind == Token::Kind::end ||
        (peek(1).kind == Token::Kind::symbol && peek(1).text != "("))
      return;
    const std::string_view what = behind();
    const bool bracketed = what.starts_with('(') && what.ends_with(')');
    fail("FS0401", token, "'not' is no operator here",
         bracketed ? fmt::format("write !{}", what) : fmt::format("write !({})", what));
  }

  void emit_name(const Token& token) {
    refuse_not(token);
    if (peek(1).text == "(" && peek(1).kind == Token::Kind::symbol) return emit_call(token);
    if (token.text == "true" || token.text == "false") return emit_operand(token, token.text == "true" ? "1" : "0");
    if (token.text == "pi") return emit_operand(token, fmt::format("{}", std::numbers::pi));
    Atom atom{.kind = Atom::Kind::name, .text = std::string(token.text), .offset = token.offset};
    atom.arithmetic = !compared_with_word();
    add_atom(token, std::move(atom));
  }

  /// Whether the name at the cursor stands alone beside == or != (so that it may be a word).
  bool compared_with_word() const {
    const auto plain = [](const Token& t) { return t.kind == Token::Kind::word || t.kind == Token::Kind::name; };
    const bool left = at_ >= 2 && is_equality(tokens_[at_ - 1]) && plain(tokens_[at_ - 2]);
    const bool right = is_equality(peek(1)) && plain(peek(2));
    return left || right;
  }

  void add_atom(const Token& token, Atom atom) {
    const auto same = std::ranges::find(atoms_, atom.text, &Atom::text);
    const auto slot = same - atoms_.begin();
    if (same == atoms_.end())
      atoms_.push_back(std::move(atom));
    else
      same->arithmetic = same->arithmetic || atom.arithmetic;
    emit_operand(token, fmt::format("v{}", slot));
  }

  void emit_call(const Token& token) {
    const std::string_view last = last_part(token.text);
    if (std::ranges::find(call_names, last) != call_names.end()) return emit_statement_call(token, last);
    if (is_time(peek(2)) && peek(3).text == ")" && !is_function(token.text)) return emit_at_time(token);
    if (!is_function(token.text)) {
      const bool one = peek(2).kind == Token::Kind::name || peek(2).kind == Token::Kind::number;
      if (find_observable(last) && one && peek(3).text == ")")
        fail("FS0410", peek(2), fmt::format("'{}' is no time of {}", peek(2).text, token.text),
             near_time(peek(2).text).empty()
                 ? fmt::format("{0}(start), {0}(end) or {0}(best); at another time: `at`", token.text)
                 : fmt::format("did you mean {}({})?", token.text, near_time(peek(2).text)));
      const auto near = nearest(token.text, functions());
      fail("FS0410", token, fmt::format("unknown function '{}'", token.text),
           near.empty() ? fmt::format("functions: {}", fmt::join(functions(), ", "))
                        : fmt::format("did you mean {}?", join_or(near)));
    }
    if (previous_is_operand_)
      fail("FS0401", token, fmt::format("an operator is missing before '{}'", token.text), missing_operator(token));
    text_ += token.text;
    text_ += '(';
    brackets_.push_back({peek(1), true, token.text == "min" || token.text == "max"});
    at_ += 2;
    previous_is_operand_ = false;
  }

  /// error_test(best): an observable at a time of its own.
  void emit_at_time(const Token& token) {
    if (scope_ == Scope::point)
      fail("FS0410", token, "times belong to tests, define and figures: a point has no results yet");
    Atom atom{.kind = Atom::Kind::name,
              .text = fmt::format("{}({})", token.text, peek(2).text),
              .at = std::string(peek(2).text),
              .offset = token.offset,
              .arithmetic = true};
    const std::size_t next = at_ + 4;
    add_atom(token, std::move(atom));
    at_ = next;
  }

  /// deviation(theory), error_ensemble(m), rms(a - b): kept whole, with their arguments.
  void emit_statement_call(const Token& token, std::string_view last) {
    if (scope_ == Scope::point)
      fail("FS0410", token, fmt::format("{}() belongs to tests, define and figures: a point has no results yet", last));
    const Token open = peek(1);
    std::size_t close = at_ + 2;
    for (int depth = 1; depth > 0; ++close) {
      if (tokens_[close].kind == Token::Kind::end) fail("FS0401", open, "a bracket that is not closed", "add ')'");
      if (tokens_[close].text == "(") ++depth;
      if (tokens_[close].text == ")") --depth;
    }
    const std::span<const Token> inside(tokens_.data() + at_ + 2, close - at_ - 3);
    Atom atom = call_atom(token, last, inside);
    atom.offset = token.offset;
    atom.arithmetic = true;
    const std::size_t next = close;
    add_atom(token, std::move(atom));
    at_ = next;
  }

  Atom call_atom(const Token& token, std::string_view last, std::span<const Token> inside) const {
    const std::string_view theory = token.text.size() > last.size()
                                        ? std::string_view(token.text).substr(0, token.text.size() - last.size() - 1)
                                        : "";
    Atom atom;
    if (last == "deviation") {
      if (inside.size() != 1 || inside[0].kind != Token::Kind::name || !theory.empty())
        fail("FS0401", token, "deviation takes the name of a theory", "for example: deviation(nngp)");
      atom.kind = Atom::Kind::deviation;
      atom.arguments = {std::string(inside[0].text)};
      atom.text = fmt::format("deviation({})", inside[0].text);
    } else if (last == "error_ensemble") {
      const auto members = inside.size() == 1 ? parse_number(inside[0].text) : std::nullopt;
      if (!members || inside[0].kind != Token::Kind::number || !(*members >= 1))
        fail("FS0401", token, "error_ensemble takes the number of networks averaged, at least 1",
             "for example: error_ensemble(20)");
      atom.kind = Atom::Kind::error_ensemble;
      atom.arguments = {std::string(inside[0].text)};
      atom.theory = theory;
      atom.text = fmt::format("{}error_ensemble({})", theory.empty() ? "" : std::string(theory) + ".", inside[0].text);
    } else {
      if (inside.size() != 3 || inside[0].kind != Token::Kind::name || inside[1].text != "-" ||
          inside[2].kind != Token::Kind::name || !theory.empty())
        fail("FS0401", token, "rms takes the difference of two names", "for example: rms(predictor - nngp.predictor)");
      atom.kind = Atom::Kind::rms;
      atom.arguments = {std::string(inside[0].text), std::string(inside[2].text)};
      atom.text = fmt::format("rms({} - {})", inside[0].text, inside[2].text);
    }
    return atom;
  }

  void emit_symbol(const Token& token) {
    const std::string_view s = token.text;
    if (s == "=" && (peek(1).text == "<" || peek(1).text == ">"))
      fail("FS0402", token, fmt::format("'={}' is no comparison", peek(1).text),
           fmt::format("write {}=", peek(1).text));
    if (s == "=") fail("FS0402", token, "assignment in an expression", "write == to compare");
    if (s == "<" && peek(1).text == ">") fail("FS0401", token, "'<>' is no comparison", "write != for 'not equal'");
    if (s == "*" && peek(1).text == "*") fail("FS0401", token, "'**' is no operator", "write ^ for powers: 2^3");
    if (s == "!" && peek(1).text == "!") fail("FS0401", token, "'!!' negates twice", "leave both out, or one of them");
    if (s == ",") {
      if (brackets_.empty() || !brackets_.back().call)
        fail("FS0403", token, "a comma outside of a function's arguments", "decimal numbers have a point: 0.5");
      if (!brackets_.back().variadic)
        fail("FS0403", token, "this function takes one argument", "only min and max take several");
    }
    const bool prefix = s == "-" || s == "+" || s == "!" || s == "(";
    if (s == "(" && previous_is_operand_)
      fail("FS0401", token, "an operator is missing before '('", "write '*' between factors");
    if (s == "!" && previous_is_operand_)
      fail("FS0401", token, "'!' negates what follows it", "write != for 'not equal'");
    if (!prefix && !previous_is_operand_)
      fail("FS0401", token, fmt::format("nothing to operate on before '{}'", s), "");
    if (s == "(") brackets_.push_back({token});
    if (s == ")") {
      if (brackets_.empty()) fail("FS0401", token, "a bracket that was not opened", "remove ')' or add '('");
      brackets_.pop_back();
    }
    text_ += s;
    text_ += ' ';
    previous_is_operand_ = s == ")";
    ++at_;
    if (peek().kind == Token::Kind::end && !previous_is_operand_)
      fail("FS0401", token, fmt::format("nothing follows '{}'", s));
  }

  std::string_view source_;
  std::vector<Token> tokens_;
  Scope scope_;
  std::size_t at_ = 0;
  std::size_t tokens_used_ = 0;
  bool previous_is_operand_ = false;
  std::vector<Bracket> brackets_;
  std::vector<Atom> atoms_;
  std::string text_;  ///< what muParser gets
};

}  // namespace

Translation translate(std::string_view text, Scope scope) { return Translator(text, scope).run(); }

}  // namespace fieldscan::scan
