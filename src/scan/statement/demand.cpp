#include "demand.hpp"

namespace fieldscan::scan {
namespace {

/// What stands at keys, one name or formula or a list of them.
void add_along(std::initializer_list<const char*> keys, const Node& node, std::vector<Formula>& along) {
  for (const char* key : keys) {
    const Node* value = node.get(key);
    if (!value) continue;
    if (value->is_scalar()) along.push_back({.text = value->text, .place = value->place});
    for (const Node& one : value->items)
      if (one.is_scalar()) along.push_back({.text = one.text, .place = one.place});
  }
}

void add_where(const Formula& where, Demand& demand) {
  demand.where = where;
  if (!where.empty()) demand.parts.push_back({.key = "where", .formula = where});
}

/// A theory in the place of the measurement, or a formula of its own, beside what it is compared with.
Demand::Part beside(const char* key, const Formula& with, const Formula& of, const Symbols& symbols) {
  const bool theory = symbols.theories.contains(with.text);
  return {.key = key,
          .formula = {.text = theory ? of.text : with.text, .place = with.place},
          .from = theory ? with.text : "",
          .beside = of.text};
}

/// Theories that this version does not have were told.
bool is_known(const std::string& name, const Symbols& symbols) { return !symbols.unbuilt_theories.contains(name); }

}  // namespace

Demand demand_of(const Define& define, const std::string& statement, const Node& node) {
  Demand demand{.statement = statement, .at = define.at.text};
  demand.parts.push_back({.key = std::string(word_of(define.kind)), .formula = define.of, .from = define.from});
  add_where(define.where, demand);
  add_along({"along", "by"}, node, demand.along);
  return demand;
}

Demand demand_of(const Test& test, const std::string& statement, const Node& node, const Symbols& symbols) {
  Demand demand{.statement = statement, .at = at_of(test).text};
  const Reference& with = with_of(test);
  for (const Formula& of : test.of) {
    demand.parts.push_back({.key = "of", .formula = of});
    if (!with.empty() && is_known(with.text, symbols))
      demand.parts.push_back(beside("with", {.text = with.text, .place = with.place}, of, symbols));
    std::visit(
        [&](const auto& kind) {
          if constexpr (requires { kind.expect.each; })
            for (const Formula& expected : kind.expect.each)
              if (is_known(expected.text, symbols)) demand.parts.push_back(beside("expect", expected, of, symbols));
        },
        test.kind);
  }
  for (const Formula& versus : versus_of(test)) demand.parts.push_back({.key = "versus", .formula = versus});
  add_where(test.where, demand);
  add_along({"versus", "over", "between", "by"}, node, demand.along);
  return demand;
}

Demand demand_of(const Figure& figure, const std::string& statement, const Node& node, const Symbols& symbols) {
  Demand demand{.statement = statement, .at = "all"};
  for (const Formula& plot : figure.plot) demand.parts.push_back({.key = "plot", .formula = plot});
  for (const Formula& versus : versus_of(figure)) demand.parts.push_back({.key = "versus", .formula = versus});
  if (const auto* curves = std::get_if<Curves>(&figure.kind)) {
    for (const Reference& with : curves->with)
      for (const Formula& plot : figure.plot)
        if (is_known(with.text, symbols))
          demand.parts.push_back(beside("with", {.text = with.text, .place = with.place}, plot, symbols));
    for (const Formula& mark : curves->mark) demand.parts.push_back({.key = "mark", .formula = mark});
    for (Demand::Part& part : demand.parts)
      if (part.key == "with" || part.key == "mark") part.if_absent = Severity::warning;
  }
  add_where(figure.where, demand);
  add_along({"versus", "by", "each"}, node, demand.along);
  return demand;
}

}  // namespace fieldscan::scan
