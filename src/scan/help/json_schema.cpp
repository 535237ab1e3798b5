#include "fieldscan/scan/help/json_schema.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "../points/block.hpp"
#include "../schema/point_schema.hpp"
#include "../schema/words.hpp"
#include "fieldscan/core/printable.hpp"
#include "pages.hpp"
#include "section_schema.hpp"
#include "statement_schema.hpp"

namespace fieldscan::scan {
namespace {

using json::Member;

constexpr std::string_view any_scalar = R"({"type": ["number", "string", "boolean"]})";
constexpr std::string_view any_text = R"({"type": ["string", "number"]})";

/// What may be set at a path, by any of the kinds that have it.
struct Settable {
  std::string sentence;
  std::vector<std::string> values;
};
using Settables = std::map<std::string, Settable>;

void collect_settables(const std::vector<FieldInfo>& fields, const std::string& above, FieldSchemas& book,
                       Settables& paths) {
  for (const FieldInfo& field : fields) {
    const std::string path = above.empty() ? std::string(field.name) : fmt::format("{}.{}", above, field.name);
    Settable& settable = paths[path];
    if (settable.sentence.empty()) settable.sentence = field.sentence;
    settable.values.push_back(book.value(field, path, Missing::allowed));
    if (field.schema.is_choice())
      paths[path + ".kind"] = {fmt::format("kind: {}", field.sentence), {std::string(any_text)}};
    collect_settables(field.schema.fields, path, book, paths);
    for (const KindInfo& kind : field.schema.kinds) collect_settables(kind.fields, path, book, paths);
  }
}

/// Paths of fields, each with what `of` makes of the values that it takes; variables, and entries of a mapping of
/// powers (data.target.levels.3), which have no names of their own.
template <class Of>
std::string paths_schema(const Settables& paths, const std::string& others, Of of) {
  std::vector<Member> properties;
  for (const auto& [path, settable] : paths)
    if (path != "data" && path != "network")
      properties.emplace_back(path, json::described(settable.sentence, of(json::any_of(settable.values))));
  std::vector<std::string_view> sections;
  for (const FieldInfo& field : point_schema().fields) sections.push_back(field.name);
  const std::string variable = fmt::format("^(?!({})$)[A-Za-z_][A-Za-z0-9_]*$", fmt::join(sections, "|"));
  const std::string patterns = json::object({{variable, others}, {"^[a-z_.]+\\.[0-9]+$", others}});
  return json::object({{"type", "\"object\""},
                       {"properties", json::object(properties)},
                       {"patternProperties", patterns},
                       {"additionalProperties", "false"}});
}

/// Values of an axis: scalars that the field takes, and others under a name.
std::string axis_schema(const std::string& value) {
  const std::string scalar = json::object(
      {{"allOf",
        json::list({std::string(any_scalar), json::any_of({value, expression_schema(), R"({"enum": [0, 1]})"})})}});
  const std::string named =
      mapping_schema({{"as", with_page("as", std::string(any_text))}, {"value", value}}, {"as", "value"});
  const std::string items = json::any_of({scalar, named, mapping_schema({{"kind", json::typed("string")}}, {"kind"})});
  return json::any_of(
      {json::object({{"type", "\"array\""}, {"items", items}, {"minItems", "1"}}), reference_to("spacing")});
}

std::string let_schema() { return json::object({{"type", "\"object\""}, {"additionalProperties", number_schema()}}); }

/// A key of a block, or of the whole file, that is no section of the points.
std::string section_key(std::string_view key) {
  if (key == "let") return let_schema();
  if (key == "where") return std::string(any_scalar);
  if (key == "name") return std::string(any_text);
  if (key == "define") return json::object({{"type", "\"object\""}, {"additionalProperties", define_schema()}});
  if (key == "tests") return json::array_of(test_schema());
  if (key == "figures") return json::array_of(figure_schema());
  if (key == "zip") return one_or_list(reference_to("axes"));
  return reference_to(key == "grid" ? "axes" : key == "theory" ? "theories" : key);
}

/// A block of `scan`, with the paths that its axes may have.
std::string block_schema(FieldSchemas& book) {
  Settables paths;
  collect_settables(point_schema().fields, "", book, paths);
  const std::string others = axis_schema(std::string(any_scalar));
  book.keep("axes", paths_schema(paths, others,
                                 [&](const std::string& value) { return book.refer("axis", axis_schema(value)); }));
  book.keep("fixed", paths_schema(paths, std::string(any_scalar), [](const std::string& value) { return value; }));
  std::vector<Member> keys;
  for (const std::string_view key : block_keys) keys.emplace_back(key, with_page(key, section_key(key)));
  keys.emplace_back("replicas", with_page("replicas", reference_to("ensemble")));
  return mapping_schema(keys);
}

/// A section of the points. Of `data` and `network` axes may set parts.
std::string point_section(const FieldInfo& field, FieldSchemas& book) {
  const std::string name(field.name);
  if (name == "data")
    return json::object({{"allOf", json::list({book.value(field, name, Missing::allowed),
                                               json::object({{"required", json::texts({"input"})}})})}});
  if (name != "network") return book.value(field, name, Missing::allowed);
  const Member scale{"output_scale", with_page("output_scale", number_schema(positive()))};
  return book.structure(field.schema.fields, name, Missing::allowed, {scale});
}

}  // namespace

std::string json_schema() {
  FieldSchemas book;
  book.keep("expression", R"({"type": "string", "pattern": "^([-A-Za-z0-9_ .+*/^()<>!?:,=&|\\s]|'[^']*')+$"})");
  book.keep("observable", observable_schema());
  book.keep("observe", observe_schema());
  book.keep("ensemble", ensemble_schema());
  book.keep("spacing", spacing_schema());
  book.keep("times", times_schema());
  book.keep("theories", theories_schema(book));
  book.keep("block", block_schema(book));
  std::vector<Member> sections;
  for (const std::string_view name : section_names()) {
    const auto field = std::ranges::find(point_schema().fields, name, &FieldInfo::name);
    const std::string schema = name == "fieldscan"                    ? R"({"enum": [1]})"
                               : name == "scan"                       ? one_or_list(reference_to("block"))
                               : field == point_schema().fields.end() ? section_key(name)
                                                                      : point_section(*field, book);
    const bool has_page = !page_of(name).empty() || field == point_schema().fields.end();
    sections.emplace_back(name, has_page ? with_page(name, schema) : json::described(field_page(*field), schema));
  }
  sections.emplace_back("replicas", with_page("replicas", reference_to("ensemble")));
  return fmt::format(
      "{{\"$schema\": \"http://json-schema.org/draft-07/schema#\",\n\"title\": \"scan file of fieldscan\",\n"
      "\"type\": \"object\",\n\"required\": [\"fieldscan\", \"data\"],\n\"additionalProperties\": false,\n"
      "\"properties\": {},\n\"definitions\": {}}}\n",
      json::object(sections), book.definitions());
}

}  // namespace fieldscan::scan
