#include "decode.hpp"

#include <fmt/format.h>

#include <cmath>

#include "../expression/constant.hpp"
#include "../text/number.hpp"
#include "fieldscan/core/text.hpp"
#include "words.hpp"

namespace fieldscan::scan {
namespace {

std::vector<std::string_view> names_of(const std::vector<FieldInfo>& fields) {
  std::vector<std::string_view> names;
  for (const auto& field : fields) names.push_back(field.name);
  return names;
}

std::string below(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : path + "." + std::string(name);
}

bool is_list(Type type) { return type == Type::integers || type == Type::long_integers || type == Type::numbers; }
double largest_integer(Type type) {
  const bool wide = type == Type::long_integer || type == Type::optional_long_integer || type == Type::long_integers;
  return wide ? 9e15 : 2147483647.0;
}
bool is_per_layer_type(Type type) { return type == Type::integer_per_layer || type == Type::number_per_layer; }

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

std::string_view category_of(const std::string& path) {
  const std::string last = path.substr(path.rfind('.') + 1);
  if (last == "training") return "trainer";
  if (last == "input" || last == "target" || last == "activation" || last == "spectrum")
    return path.ends_with("input")        ? "input"
           : path.ends_with("target")     ? "target"
           : path.ends_with("activation") ? "activation"
                                          : "spectrum";
  if (path.starts_with("theory")) return "theory";
  return "kind";
}

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

void Decoder::structure(const Node& node, const std::vector<FieldInfo>& fields, void* object, const std::string& path,
                        std::span<const std::string_view> also) {
  if (!node.is_mapping()) {
    report_.error("FS0201", node.place, path,
                  fmt::format("found {}; '{}' is a mapping of its fields", describe(node), path),
                  fmt::format("fields: {}", fmt::join(names_of(fields), ", ")));
    return;
  }
  for (const auto& entry : node.entries) {
    if (std::ranges::find(also, entry.key) != also.end()) continue;
    const auto found = std::ranges::find(fields, entry.key, &FieldInfo::name);
    if (found == fields.end())
      unknown_key(report_, entry.key, entry.place, path, names_of(fields));
    else
      field(entry.value, *found, found->at(object), below(path, entry.key));
  }
  for (const auto& info : fields)
    if (info.presence == Presence::required && !node.get(info.name))
      report_.error("FS0103", node.place, below(path, info.name), fmt::format("'{}' is missing in {}", info.name, path),
                    fmt::format("{}: {} ({})", info.name, info.sentence, expectation(info.schema, info.range)));
}

void Decoder::field(const Node& node, const FieldInfo& info, void* value, const std::string& path) {
  const Type type = info.schema.type;
  if (type == Type::choice)
    choice(node, info.schema, value, path);
  else if (type == Type::structure)
    structure(node, info.schema.fields, value, path);
  else if (type == Type::powers)
    powers(node, info, value, path);
  else if (type == Type::texts)
    texts(node, info, value, path);
  else if (is_list(type) || (is_per_layer_type(type) && node.is_sequence()))
    list(node, info, value, path);
  else if (!node.is_scalar())
    wrong_type(node, info, path);
  else
    scalar(node, info, value, path);
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
  if (const auto problem = value_problem(info, number, node.text)) {
    report_.error(problem->code.c_str(), node.place, path, problem->message, problem->help);
    return;
  }
  write_number(info.schema, value, number, element);
}

void Decoder::list(const Node& node, const FieldInfo& info, void* value, const std::string& path) {
  if (!node.is_sequence()) return wrong_type(node, info, path);
  if (node.items.empty() && is_per_layer_type(info.schema.type)) {
    report_.error("FS0205", node.place, path, fmt::format("an empty list for '{}'", info.name),
                  expectation(info.schema, info.range));
    return;
  }
  resize(info.schema.type, value, node.items.size());
  for (std::size_t i = 0; i < node.items.size(); ++i) number(node.items[i], info, value, path, static_cast<int>(i));
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

void Decoder::choice(const Node& node, const Schema& schema, void* value, const std::string& path,
                     std::span<const std::string_view> also) {
  if (node.is_scalar()) return kind(node, node.text, node.place, schema, value, path, also);
  if (!node.is_mapping()) {
    report_.error("FS0201", node.place, path,
                  fmt::format("found {}; '{}' is a kind, or a mapping with `kind`", describe(node), path),
                  expectation(schema, Range{}));
    return;
  }
  if (const Node* word = node.get("kind")) {
    if (!word->is_scalar()) {
      report_.error("FS0201", word->place, path, fmt::format("found {}; `kind` is a word", describe(*word)),
                    expectation(schema, Range{}));
      return;
    }
    return kind(node, word->text, word->place, schema, value, path, also);
  }
  if (node.entries.size() == 1) return shorthand(node, schema, value, path);
  report_.error("FS0106", node.place, path, fmt::format("`kind` is missing in {}", path),
                fmt::format("kind: {}", expectation(schema, Range{})));
}

void Decoder::unknown_kind(std::string_view word, Place place, const Schema& schema, const std::string& path) {
  const std::string_view category = category_of(path);
  if (const NotBuilt* entry = find_not_built(category, word)) {
    report_.error(
        "FS0105", place, path,
        fmt::format("the {} '{}' is known ({}), but this version can not compute it", category, word, entry->sentence),
        fmt::format("there are: {}", expectation(schema, Range{}).substr(7)));
    return;
  }
  std::vector<std::string_view> kinds;
  for (const auto& info : schema.kinds) kinds.push_back(info.kind);
  report_.error("FS0104", place, path, fmt::format("unknown {} '{}'", category, word),
                suggestion(word, kinds, "there are"));
}

void Decoder::kind(const Node& node, std::string_view word, Place place, const Schema& schema, void* value,
                   const std::string& path, std::span<const std::string_view> also) {
  const auto found = std::ranges::find(schema.kinds, word, &KindInfo::kind);
  if (found == schema.kinds.end()) return unknown_kind(word, place, schema, path);
  void* member = schema.emplace(value, static_cast<int>(found - schema.kinds.begin()));
  std::vector<std::string_view> keys(also.begin(), also.end());
  keys.push_back("kind");
  Node empty{.kind = Node::Kind::mapping, .place = node.place};
  structure(node.is_mapping() ? node : empty, found->fields, member, path, keys);
}

void Decoder::shorthand(const Node& node, const Schema& schema, void* value, const std::string& path) {
  const Entry& entry = node.entries.front();
  const auto found = std::ranges::find(schema.kinds, entry.key, &KindInfo::kind);
  if (found == schema.kinds.end()) {
    // One field without its kind is more likely than a misspelt kind where a field of that name exists.
    for (const auto& info : schema.kinds)
      if (std::ranges::find(info.fields, entry.key, &FieldInfo::name) != info.fields.end()) {
        report_.error("FS0106", node.place, path, fmt::format("`kind` is missing in {}", path),
                      fmt::format("kind: {}", expectation(schema, Range{})));
        return;
      }
    return unknown_kind(entry.key, entry.place, schema, path);
  }
  void* member = schema.emplace(value, static_cast<int>(found - schema.kinds.begin()));
  if (entry.value.is_mapping() && !found->fields.empty() && found->fields.front().schema.type != Type::powers)
    return structure(entry.value, found->fields, member, path);
  if (found->fields.empty()) {
    report_.error("FS0201", entry.value.place, path,
                  fmt::format("'{}' has no field that could take {}", entry.key, describe(entry.value)),
                  fmt::format("write the bare word {}", entry.key));
    return;
  }
  const FieldInfo& first = found->fields.front();
  field(entry.value, first, first.at(member), below(path, first.name));
}

}  // namespace fieldscan::scan
