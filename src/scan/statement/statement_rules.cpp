#include "statement_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fieldscan::scan {
namespace {

using Names = std::vector<std::string_view>;

void refuse_at_over_time(StatementReader& reader, const std::string& at) {
  if (!at.empty() && at != "all" && reader.over_time())
    reader.refuse("at", "'at' chooses a time, and the statement runs over all of them", "leave `at` out");
}

/// A curve along an axis has one point for each value of that axis: in `by` it would have a single one.
void refuse_axis_in_by(const std::vector<std::string>& by, const std::string& axis, std::string_view key,
                       StatementReader& reader) {
  if (!axis.empty() && std::ranges::find(by, axis) != by.end())
    reader.refuse("by", fmt::format("'{}' stands in `by` and in `{}`: every curve would have one point", axis, key),
                  "leave it out of `by`");
}

void refuse_unused_of_chi2(const Test& test, StatementReader& reader) {
  const auto predictors = std::ranges::count(test.of, "predictor", &Formula::text);
  if (predictors == 0)
    reader.refuse("within", "'within' means nothing in a chi2 of numbers: the difference counts in standard errors",
                  "kind: agreement takes a margin");
  if (predictors == 0) return;
  if (predictors == std::ssize(test.of))
    reader.refuse("over", "'over' means nothing in a chi2 of predictors: every point is tested by itself",
                  "leave it out");
  if (!test.with.empty() && !reader.is_theory(test.with.text))
    reader.report().error("FS0502", test.with.place, reader.path(), "predictors are compared with a theory",
                          "with: the name of a theory");
}

}  // namespace

std::vector<StatementReader::Remedy> test_remedies() {
  return {{"window", "`where` selects points: where: \"width >= 64 && width <= 1024\""},
          {"at", "leave it out: a conservation is tested over all times"},
          {"along", "versus: the axis along which it changes"}};
}

std::vector<std::string_view> define_keys(Define::Kind kind) {
  Names keys{word(kind), "by", "where", "at", "from"};
  using enum Define::Kind;
  if (kind != value) keys.push_back("along");
  if (kind != value && kind != slope) keys.push_back("log");
  if (kind == crossing) keys.push_back("level");
  return keys;
}

std::vector<StatementReader::Remedy> define_remedies(const Define& define, const Node& node) {
  const auto text = [&](std::string_view key, const char* otherwise) {
    const Node* value = node.get(key);
    return value && value->is_scalar() ? value->text : std::string(otherwise);
  };
  const std::string where = fmt::format("value: {}, where: \"{} == {}\"; `at` is a time", define.of.text,
                                        text("along", "AXIS"), text("at", "64"));
  return {{"along", define.kind == Define::Kind::value ? where : ""},
          {"level", "only a crossing has a level"},
          {"log", define.kind == Define::Kind::slope ? "a slope is always one of logarithms" : "leave it out"},
          {"with", "from: the theory from which the observables are taken"},
          {"versus", "along: the axis of the curve"}};
}

void refuse_unused(const Test& test, StatementReader& reader) {
  refuse_at_over_time(reader, test.at);
  if (test.kind == Test::Kind::chi2) refuse_unused_of_chi2(test, reader);
  if (test.kind == Test::Kind::scaling_law) {
    if (!test.expect)
      reader.refuse("within", "'within' means nothing where no exponents are expected", "expect: [-1, -0.5]");
    else
      reader.require("within", "within: 0.1");
  }
  if (test.kind == Test::Kind::linear || test.kind == Test::Kind::monotone || test.kind == Test::Kind::power_law ||
      test.kind == Test::Kind::scaling_law || test.kind == Test::Kind::collapse)
    for (const auto& versus : test.versus) refuse_axis_in_by(test.by, versus.text, "versus", reader);
  for (const auto& over : test.over) refuse_axis_in_by(test.by, over, "over", reader);
  refuse_axis_in_by(test.by, test.between, "between", reader);
}

void refuse_unused(const Define& define, StatementReader& reader) {
  refuse_at_over_time(reader, define.at.text);
  refuse_axis_in_by(define.by, define.along, "along", reader);
}

void refuse_unused(const Figure& figure, StatementReader& reader) {
  const bool map = figure.versus.size() == 2;
  if (map && !figure.style.empty() && figure.style != "map")
    reader.refuse("style", fmt::format("two formulas in 'versus' make a map, not {}", figure.style), "style: map");
  if (map) {
    reader.refuse("with", "'with' means nothing in a map", "plot: error_test - nngp.error_test");
    reader.refuse("scale", "'scale' means nothing in a map: it has a row and a column per value", "leave it out");
  }
  const bool histogram = figure.style == "histogram";
  if (histogram && (figure.scale == "log-x" || figure.scale == "log-log"))
    reader.refuse("scale", "a histogram has a linear horizontal axis", "scale: log-y");
  if (map || histogram)
    reader.refuse("mark", fmt::format("'mark' means nothing in a {}", map ? "map" : "histogram"), "leave it out");
}

}  // namespace fieldscan::scan
