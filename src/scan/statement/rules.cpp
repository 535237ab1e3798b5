#include "rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fieldscan::scan {
namespace {

using Names = std::vector<std::string_view>;

}  // namespace

void refuse_at_over_time(StatementReader& reader, const std::string& at) {
  if (!at.empty() && at != "all" && reader.over_time())
    reader.refuse("at", "'at' chooses a time, and the statement runs over all of them", "leave `at` out");
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
  refuse_axis_in_by(define.by, along_of(define), "along", reader);
}

}  // namespace fieldscan::scan
