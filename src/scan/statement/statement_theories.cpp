#include <fmt/format.h>

#include <algorithm>

#include "fieldscan/core/text.hpp"
#include "fieldscan/scan/statement/predicted.hpp"
#include "statement_reader.hpp"

/// Theories in the place of what a formula mentions: which can not be, and what to write then.
namespace fieldscan::scan {
namespace {

/// What to compare with instead, where a theory takes the place of nothing.
std::string instead_of(const Mentions& formula, const std::string& theory) {
  using Kind = ResolvedName::Kind;
  if (formula.any(Kind::deviation) || formula.any(Kind::rms))
    return fmt::format("write the whole of what is compared: deviation({0}), rms(predictor - {0}.predictor)", theory);
  if (formula.any(Kind::prediction)) return fmt::format("'{}' is what stands there: name another theory", theory);
  if (formula.any(Kind::definition)) return fmt::format("write another number of `define`, one with from: {}", theory);
  return "write a number or an expression";
}

}  // namespace

bool StatementReader::is_theory(const std::string& name) const {
  return symbols_.theories.contains(name) || symbols_.unbuilt_theories.contains(name);
}

std::optional<ExpressionError> StatementReader::unpredicted(const std::string& theory, const Formula& of) const {
  if (theory.empty() || of.empty() || symbols_.unbuilt_theories.contains(theory)) return std::nullopt;
  using Kind = ResolvedName::Kind;
  try {
    const Mentions formula = mentions(symbols_, of.text);
    const bool measured = std::ranges::any_of(formula.atoms, is_measured);
    for (const auto& atom : formula.atoms)
      if (atom.kind == Kind::observable || (!measured && atom.kind == Kind::prediction))
        resolve(symbols_, Atom{.text = fmt::format("{}.{}", theory, atom.name)});
  } catch (const ExpressionError& error) {
    if (error.code() == "FS0508") return error;  // all else was told where the formula was read
  }
  return std::nullopt;
}

void StatementReader::refuse_unreplaced(const Reference& with, const Formula& of) {
  if (of.empty() || symbols_.unbuilt_theories.contains(with.text)) return;
  Mentions formula;
  try {
    formula = mentions(symbols_, of.text);
  } catch (const ExpressionError&) {
    return;  // told where the formula was read
  }
  if (replaces(formula, with.text)) return;
  const bool any = with.text.empty();
  report_.error("FS0508", with.place, path_,
                fmt::format("{} takes the place of nothing in '{}', which would {}",
                            any ? "a theory" : fmt::format("the theory '{}'", with.text), of.text,
                            any ? "stay as it is" : "be compared with itself"),
                instead_of(formula, any ? "THEORY" : with.text));
}

void StatementReader::refuse_unpredicted(const Reference& with, const Formula& of) {
  if (!with.theory) return;
  refuse_unreplaced(with, of);
  if (const auto error = unpredicted(with.text, of))
    report_.error(error->code().c_str(), with.place, path_, error->what(), error->help());
}

void StatementReader::warn_of_unpredicted(const Reference& with, const Formula& of) {
  if (!with.theory) return;
  refuse_unreplaced(with, of);
  if (const auto error = unpredicted(with.text, of))
    report_.warning(error->code().c_str(), with.place, path_, error->what(), error->help());
}

std::string StatementReader::theory(std::string_view key, const Formula& of) {
  const Node* node = node_->get(key);
  const std::string name = text(key);
  if (name.empty() || of.empty() || symbols_.unbuilt_theories.contains(name)) return name;
  if (const auto error = unpredicted(name, of))
    report_.error(error->code().c_str(), node->place, path_, error->what(), error->help());
  if (is_theory(name)) refuse_unreplaced({.text = "", .place = node->place, .theory = true}, of);
  if (!is_theory(name))
    report_.error("FS0507", node->place, path_, fmt::format("no theory of this scan is called '{}'", name),
                  "list it under `theory`");
  return name;
}

}  // namespace fieldscan::scan
