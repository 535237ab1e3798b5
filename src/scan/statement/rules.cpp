#include "rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fieldscan::scan {
namespace {

using Names = std::vector<std::string_view>;

std::string_view last_part_of(std::string_view name) { return name.substr(name.rfind('.') + 1); }

}  // namespace

void refuse_at_over_time(StatementReader& reader, const std::string& at) {
  if (!at.empty() && at != "all" && reader.over_time())
    reader.refuse("at", "'at' chooses a time, and the statement runs over all of them", "leave `at` out");
}

void refuse_at_beside_times(const std::vector<Formula>& formulas, const std::string& at, StatementReader& reader) {
  if (at.empty() || formulas.empty()) return;
  for (const Formula& formula : formulas) {
    try {
      const Expression expression = Expression::compile(formula.text, Scope::statement);
      if (expression.atoms().empty() || std::ranges::any_of(expression.atoms(), [](const Atom& atom) {
            return atom.at.empty() && (atom.kind != Atom::Kind::name || find_observable(last_part_of(atom.text)));
          }))
        return;
      if (std::ranges::none_of(expression.atoms(), [](const Atom& atom) { return !atom.at.empty(); })) return;
    } catch (const ExpressionError&) {
      return;  // reported where it was read
    }
  }
  reader.refuse("at", "every observable here has a time of its own, and `at` would choose none",
                "leave `at` out, or the time of one of them");
}

void refuse_axis_in_by(const std::vector<std::string>& by, const std::string& axis, std::string_view key,
                       StatementReader& reader) {
  if (!axis.empty() && std::ranges::find(by, axis) != by.end())
    reader.refuse("by", fmt::format("'{}' stands in `by` and in `{}`: every curve would have one point", axis, key),
                  "leave it out of `by`");
}

std::vector<StatementReader::Remedy> test_remedies() {
  return {{"window", "`where` selects points: where: \"width >= 64 && width <= 1024\""},
          {"at", "leave it out: a conservation is tested over all times"},
          {"along", "versus: the axis along which it changes"}};
}

std::vector<std::string_view> define_keys(const DefineKind& kind) {
  Names keys{word_of(kind), "by", "where", "at", "from"};
  std::visit(
      [&](const auto& it) {
        if constexpr (requires { it.along; }) keys.push_back("along");
        if constexpr (requires { it.in; }) keys.push_back("log");
        if constexpr (requires { it.level; }) keys.push_back("level");
      },
      kind);
  return keys;
}

std::vector<StatementReader::Remedy> define_remedies(const Define& define, const Node& node) {
  const auto text = [&](std::string_view key, const char* otherwise) {
    const Node* value = node.get(key);
    return value && value->is_scalar() ? value->text : std::string(otherwise);
  };
  const std::string where = fmt::format("value: {}, where: \"{} == {}\"; `at` is a time", define.of.text,
                                        text("along", "AXIS"), text("at", "64"));
  return {{"along", std::holds_alternative<PointValue>(define.kind) ? where : ""},
          {"level", "only a crossing has a level"},
          {"log", std::holds_alternative<Slope>(define.kind) ? "a slope is always one of logarithms" : "leave it out"},
          {"with", "from: the theory from which the observables are taken"},
          {"versus", "along: the axis of the curve"}};
}

void refuse_unused(const Define& define, StatementReader& reader) {
  refuse_at_over_time(reader, define.at.text);
  refuse_at_beside_times({define.of}, define.at.text, reader);
  refuse_axis_in_by(define.by, along_of(define), "along", reader);
}

}  // namespace fieldscan::scan
