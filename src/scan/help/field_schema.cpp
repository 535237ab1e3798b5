#include "field_schema.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "fieldscan/core/printable.hpp"
#include "fieldscan/core/text.hpp"
#include "pages.hpp"

namespace fieldscan::scan {
namespace {

std::string finite(double value) { return std::isfinite(value) ? shortest(value) : ""; }

std::string below_path(const std::string& path, std::string_view name) { return fmt::format("{}.{}", path, name); }

std::string words_schema(const Schema& schema) { return json::object({{"enum", json::texts(schema.words)}}); }

std::string filled_list(const std::string& items) {
  return json::object({{"type", "\"array\""}, {"items", items}, {"minItems", "1"}});
}

std::string powers_schema() {
  return json::object({{"type", "\"object\""},
                       {"patternProperties", json::object({{"^[0-9]+$", number_schema()}})},
                       {"additionalProperties", "false"}});
}

std::string required_keys(const std::vector<FieldInfo>& fields, Missing missing) {
  std::vector<std::string_view> keys;
  for (const auto& field : fields)
    if (missing == Missing::refused && field.presence == Presence::required) keys.push_back(field.name);
  return keys.empty() ? "" : json::texts(keys);
}

/// What takes `then` where `condition` holds, else `otherwise`.
std::string choose(const std::string& condition, const std::string& then, const std::string& otherwise) {
  return json::object({{"if", condition}, {"then", then}, {"else", otherwise}});
}

}  // namespace

std::string expression_schema() { return R"({"$ref": "#/definitions/expression"})"; }

std::string number_schema(const Range& range, std::string_view type) {
  const std::string number = json::object({{"type", json_quoted(type)},
                                           {range.low_open ? "exclusiveMinimum" : "minimum", finite(range.low)},
                                           {range.high_open ? "exclusiveMaximum" : "maximum", finite(range.high)}});
  return json::object({{"anyOf", json::list({number, expression_schema()})}});
}

std::string FieldSchemas::value(const FieldInfo& field, const std::string& path, Missing missing) {
  const Schema& schema = field.schema;
  const std::string number = number_schema(field.range, schema.takes_integer() ? "integer" : "number");
  switch (schema.type) {
    case Type::boolean:
      return json::typed("boolean");
    case Type::integer:
    case Type::long_integer:
    case Type::number:
    case Type::optional_integer:
    case Type::optional_long_integer:
    case Type::optional_number:
      return number;
    case Type::text:
      return R"({"type": ["string", "number"]})";
    case Type::word:
      return words_schema(schema);
    case Type::integer_or_word:
    case Type::number_or_word:
      return json::any_of({words_schema(schema), number});
    case Type::integer_per_layer:
    case Type::number_per_layer:
      return json::any_of({filled_list(number), number});
    case Type::integers:
    case Type::long_integers:
    case Type::numbers:
      return json::array_of(number);
    case Type::texts:
      return json::array_of(R"({"type": ["string", "number"]})");
    case Type::integer_lists:
      return json::array_of(json::array_of(number_schema(field.range, "integer")));
    case Type::powers:
      return powers_schema();
    case Type::structure: {
      const std::string whole = refer(path, structure(schema.fields, path, missing));
      return schema.in_one_value ? json::any_of({whole, one_value(schema, path, missing)}) : whole;
    }
    case Type::choice:
      return choice(schema, path, missing);
    case Type::choices:
      return json::array_of(choice(schema.element.front(), path, missing));
  }
  return "{}";
}

std::string FieldSchemas::one_value(const Schema& schema, const std::string& path, Missing missing) {
  std::vector<std::string> each;
  for (const FieldInfo& field : schema.fields)
    if (takes_number(field.schema) || takes_word(field.schema))
      each.push_back(value(field, below_path(path, field.name), missing));
  return json::any_of(each);
}

std::string FieldSchemas::structure(const std::vector<FieldInfo>& fields, const std::string& path, Missing missing,
                                    std::vector<json::Member> also) {
  for (const FieldInfo& field : fields)
    also.emplace_back(field.name,
                      json::described(field_page(field), value(field, below_path(path, field.name), missing)));
  return json::object({{"type", "\"object\""},
                       {"properties", json::object(also)},
                       {"additionalProperties", "false"},
                       {"required", required_keys(fields, missing)}});
}

std::string FieldSchemas::kind(const KindInfo& kind, const std::string& path, Missing missing,
                               const std::vector<json::Member>& also) {
  const std::string condition =
      json::object({{"properties", json::object({{"kind", json::object({{"const", json_quoted(kind.kind)}})}})}});
  std::vector<json::Member> keys = also;
  keys.emplace_back("kind", "true");
  return json::object(
      {{"if", condition},
       {"then", refer(below_path(path, kind.kind), structure(kind.fields, path, missing, std::move(keys)))}});
}

std::string FieldSchemas::shorthand(const KindInfo& kind, const std::string& path, Missing missing) {
  const FieldInfo& first = kind.fields.front();
  std::vector<std::string> each{value(first, below_path(path, first.name), missing)};
  if (first.schema.type != Type::powers)
    each.push_back(refer(below_path(path, kind.kind) + ".alone", structure(kind.fields, path, missing)));
  return json::described(kind.summary, json::any_of(each));
}

std::string FieldSchemas::choice(const Schema& schema, const std::string& path, Missing missing,
                                 const std::vector<json::Member>& also) {
  std::vector<std::pair<std::string_view, std::string_view>> words, bare;
  std::vector<std::string> kinds;
  std::vector<json::Member> short_forms;
  for (const KindInfo& info : schema.kinds) {
    words.emplace_back(info.kind, info.summary);
    if (required_keys(info.fields, missing).empty()) bare.emplace_back(info.kind, info.summary);
    kinds.push_back(kind(info, path, missing, also));
    if (!info.fields.empty()) short_forms.emplace_back(info.kind, shorthand(info, path, missing));
  }
  const std::string word = refer(path + ".kind", json::one_word(words));
  short_forms.emplace_back("kind", word);
  const std::string long_form =
      json::object({{"properties", json::object({{"kind", word}})}, {"allOf", json::list(kinds)}});
  const std::string short_form = json::object({{"properties", json::object(short_forms)},
                                               {"additionalProperties", "false"},
                                               {"minProperties", "1"},
                                               {"maxProperties", "1"}});
  const std::string alone = bare.empty() ? "false" : refer(path + ".word", json::one_word(bare));
  return refer(path, choose(json::typed("object"), choose(R"({"required": ["kind"]})", long_form, short_form), alone));
}

std::string FieldSchemas::refer(const std::string& name, const std::string& schema) {
  auto [known, is_new] = names_.emplace(schema, name);
  if (is_new) {
    for (int number = 2; texts_.contains(known->second); ++number) known->second = fmt::format("{}-{}", name, number);
    texts_.emplace(known->second, schema);
  }
  return json::object({{"$ref", json_quoted("#/definitions/" + known->second)}});
}

std::string FieldSchemas::definitions() const {
  std::vector<std::string> lines;
  for (const auto& [name, schema] : texts_) lines.push_back(fmt::format("{}: {}", json_quoted(name), schema));
  return fmt::format("{{\n{}\n}}", fmt::join(lines, ",\n"));
}

}  // namespace fieldscan::scan
