#include <fmt/format.h>

#include <cmath>

#include "../expression/constant.hpp"
#include "../text/number.hpp"
#include "decode.hpp"
#include "fieldscan/core/text.hpp"
#include "words.hpp"

/// The fields that hold numbers, words and texts, or lists of them.
namespace fieldscan::scan {
namespace {

double largest_integer(Type type) {
  const bool wide = type == Type::long_integer || type == Type::optional_long_integer || type == Type::long_integers;
  return wide ? 9e15 : 2147483647.0;
}
bool has_layers(Type type) { return type == Type::integer_per_layer || type == Type::number_per_layer; }

void resize(Type type, void* value, std::size_t size) {
  switch (type) {
    case Type::integers:
      static_cast<std::vector<int>*>(value)->assign(size, 0);
      break;
    case Type::long_integers:
      static_cast<std::vector<std::int64_t>*>(value)->assign(size, 0);
      break;
    case Type::numbers:
      static_cast<std::vector<double>*>(value)->assign(size, 0);
      break;
    case Type::integer_per_layer:
      static_cast<PerLayer<int>*>(value)->values.assign(size, 0);
      break;
    case Type::number_per_layer:
      static_cast<PerLayer<double>*>(value)->values.assign(size, 0);
      break;
    default:
      break;
  }
}

}  // namespace

bool fits(const FieldInfo& info, double value) {
  if (info.schema.type == Type::boolean) return value == 0 || value == 1;
  if (!std::isfinite(value) || !info.range.contains(value)) return false;
  if (!info.schema.takes_integer()) return true;
  return is_whole(value) && std::fabs(value) <= largest_integer(info.schema.type);
}

std::optional<ValueProblem> value_problem(const FieldInfo& info, double value, const std::string& shown) {
  if (fits(info, value)) return std::nullopt;
  if (!std::isfinite(value)) return ValueProblem{"FS0411", fmt::format("{} is not a finite number", shown), ""};
  const std::string what = expectation(info.schema, info.range);
  if (info.schema.takes_integer() && !is_whole(value))
    return ValueProblem{"FS0204", fmt::format("found {}; '{}' is {}", shown, info.name, what),
                        fmt::format("nearest: {}", shortest(round_half_up(value)))};
  const std::string allowed = info.schema.takes_integer() && info.range.contains(value)
                                  ? fmt::format("from {1:.0f} to {0:.0f}", largest_integer(info.schema.type),
                                                std::max(info.range.low, -largest_integer(info.schema.type)))
                              : info.range == Range{} ? what
                                                      : info.range.text();
  return ValueProblem{"FS0202", fmt::format("found {}; '{}' must be {}", shown, info.name, allowed),
                      std::string(info.sentence)};
}

void Decoder::wrong_type(const Node& node, const FieldInfo& info, const std::string& path) {
  report_.error("FS0201", node.place, path,
                fmt::format("found {}; '{}' is {}", describe(node), info.name, expectation(info.schema, info.range)),
                std::string(info.sentence));
}

void Decoder::scalar(const Node& node, const FieldInfo& info, void* value, const std::string& path) {
  const Schema& schema = info.schema;
  if (schema.type == Type::text) {
    *static_cast<std::string*>(value) = node.text;
    return;
  }
  if (schema.type == Type::boolean) {
    if (node.text == "true" || node.text == "false") {
      *static_cast<bool*>(value) = node.text == "true";
    } else {
      report_.error("FS0201", node.place, path,
                    fmt::format("found {}; '{}' is true or false", describe(node), info.name),
                    "write true or false: yes, no, on and off are words like any other here");
    }
    return;
  }
  if (takes_word(schema)) {
    const auto word = std::ranges::find(schema.words, node.text);
    if (word != schema.words.end()) return write_word(schema, value, static_cast<int>(word - schema.words.begin()));
    if (!takes_number(schema)) {
      report_.error("FS0107", node.place, path,
                    fmt::format("found {}; '{}' is {}", describe(node), info.name, expectation(schema, info.range)),
                    suggestion(node.text, schema.words));
      return;
    }
  }
  number(node, info, value, path);
}

void Decoder::number(const Node& node, const FieldInfo& info, void* value, const std::string& path, int element) {
  if (!node.is_scalar()) return wrong_type(node, info, path);
  std::optional<double> constant_value;
  if (node.is_plain()) constant_value = parse_number(node.text);
  bool rounds = false;
  if (!constant_value) {
    if (truth_problem(node.text)) return wrong_type(node, info, path);
    const auto expression = compile(node, Scope::point, report_, path);
    if (!expression) return;
    if (!expression->is_constant()) {
      deferred_.push_back({path, &info, element, *expression, node.place});
      return;
    }
    constant_value = round12(expression->evaluate(std::span<const double>{}));
    rounds = info.schema.takes_integer() && std::isfinite(*constant_value);
  }
  const double number = rounds ? round_half_up(*constant_value) : *constant_value;
  if (number != *constant_value)
    report_.warning("FS0621", node.place, path,
                    fmt::format("'{}' is {}, and {} is a whole number: {} is taken", node.text,
                                shortest(*constant_value), path, shortest(number)),
                    "write a whole number, or floor(…), ceil(…), round(…), to say which is meant");
  if (const auto problem = value_problem(info, number, node.text)) {
    report_.error(problem->code.c_str(), node.place, path, problem->message, problem->help);
    return;
  }
  write_number(info.schema, value, number, element);
}

void Decoder::list(const Node& node, const FieldInfo& info, void* value, const std::string& path) {
  if (!node.is_sequence()) return wrong_type(node, info, path);
  if (node.items.empty() && has_layers(info.schema.type)) {
    report_.error("FS0205", node.place, path, fmt::format("an empty list for '{}'", info.name),
                  expectation(info.schema, info.range));
    return;
  }
  resize(info.schema.type, value, node.items.size());
  for (std::size_t i = 0; i < node.items.size(); ++i) number(node.items[i], info, value, path, static_cast<int>(i));
}

void Decoder::lists(const Node& node, const FieldInfo& info, void* value, const std::string& path) {
  auto& rows = *static_cast<std::vector<std::vector<int>>*>(value);
  rows.clear();
  if (!node.is_sequence()) return wrong_type(node, info, path);
  // Of one row: a list of numbers. An expression of the point would have no place to be written to.
  FieldInfo row = info;
  row.schema.type = Type::integers;
  for (const auto& item : node.items) {
    if (!item.is_sequence()) return wrong_type(item, info, path);
    const std::size_t before = deferred_.size();
    list(item, row, &rows.emplace_back(), path);
    if (deferred_.size() == before) continue;
    deferred_.erase(deferred_.begin() + static_cast<std::ptrdiff_t>(before), deferred_.end());
    report_.error("FS0201", item.place, path, fmt::format("an expression in a list of '{}'", info.name),
                  "write the numbers; for several choices an axis: [{as: NAME, value: [[0], [0, 1]]}, …]");
  }
}

void Decoder::choices(const Node& node, const FieldInfo& info, void* value, const std::string& path) {
  info.schema.clear(value);
  if (!node.is_sequence()) return wrong_type(node, info, path);
  for (const auto& item : node.items) {
    const std::size_t before = deferred_.size();
    choice(item, info.schema.element.front(), info.schema.append(value), path);
    if (deferred_.size() == before) continue;
    deferred_.erase(deferred_.begin() + static_cast<std::ptrdiff_t>(before), deferred_.end());
    report_.error("FS0201", item.place, path, fmt::format("an expression in a list of '{}'", info.name),
                  "write the numbers; for several choices an axis");
  }
}

void Decoder::texts(const Node& node, const FieldInfo& info, void* value, const std::string& path) {
  auto& list = *static_cast<std::vector<std::string>*>(value);
  list.clear();
  if (!node.is_sequence()) return wrong_type(node, info, path);
  for (const auto& item : node.items) {
    if (!item.is_scalar()) return wrong_type(item, info, path);
    list.push_back(item.text);
  }
}

void Decoder::powers(const Node& node, const FieldInfo& info, void* value, const std::string& path) {
  if (!node.is_mapping()) return wrong_type(node, info, path);
  static_cast<std::map<int, double>*>(value)->clear();
  for (const auto& entry : node.entries) {
    const auto key = parse_number(entry.key);
    if (!key || !is_whole(*key) || !(*key >= 0) || !(*key <= 1e6)) {
      report_.error("FS0201", entry.place, path,
                    fmt::format("found '{}' as a key of '{}', which is {}; keys go up to 1000000", entry.key, info.name,
                                expectation(info.schema, Range{})));
      continue;
    }
    write_number(info.schema, value, 0, static_cast<int>(*key));
    number(entry.value, info, value, path, static_cast<int>(*key));
  }
}

}  // namespace fieldscan::scan
