#include "decode.hpp"

#include <fmt/format.h>

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
bool is_per_layer_type(Type type) { return type == Type::integer_per_layer || type == Type::number_per_layer; }

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
  else if (type == Type::structure && info.schema.in_one_value && node.is_scalar())
    one_value(node, info.schema, value, path);
  else if (type == Type::structure)
    structure(node, info.schema.fields, value, path);
  else if (type == Type::powers)
    powers(node, info, value, path);
  else if (type == Type::choices)
    choices(node, info, value, path);
  else if (type == Type::integer_lists)
    lists(node, info, value, path);
  else if (type == Type::texts)
    texts(node, info, value, path);
  else if (is_list(type) || (is_per_layer_type(type) && node.is_sequence()))
    list(node, info, value, path);
  else if (!node.is_scalar())
    wrong_type(node, info, path);
  else
    scalar(node, info, value, path);
}

void Decoder::one_value(const Node& node, const Schema& schema, void* object, const std::string& path) {
  const auto takes = [&](const FieldInfo& field) {
    const auto& words = field.schema.words;
    return std::ranges::find(words, node.text) != words.end() ||
           (takes_number(field.schema) && parse_number(node.text).has_value());
  };
  const auto found = std::ranges::find_if(schema.fields, takes);
  const FieldInfo& field = found == schema.fields.end() ? schema.fields.front() : *found;
  this->field(node, field, field.at(object), below(path, field.name));
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
