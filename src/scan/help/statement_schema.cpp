#include "statement_schema.hpp"

#include <fmt/format.h>

#include "../statement/rules.hpp"
#include "field_schema.hpp"
#include "fieldscan/core/printable.hpp"
#include "fieldscan/scan/statement/statement.hpp"
#include "pages.hpp"

namespace fieldscan::scan {
namespace {

using json::Member;

std::string one_formula() { return R"({"type": ["string", "number"]})"; }
std::string one_or_more(const std::string& one) { return json::any_of({one, json::array_of(one)}); }

// What a field of a type takes; kind_pages.cpp says the same in words.
std::string shape(const Formula*) { return one_formula(); }
std::string shape(const std::vector<Formula>*) { return one_or_more(one_formula()); }
std::string shape(const Reference*) { return one_formula(); }
std::string shape(const std::vector<Reference>*) { return one_or_more(one_formula()); }
std::string shape(const Exponents*) { return one_or_more(one_formula()); }
std::string shape(const AxisName*) { return json::typed("string"); }
std::string shape(const std::vector<std::string>*) { return one_or_more(json::typed("string")); }
std::string shape(const std::string*) { return R"({"type": ["string", "number"]})"; }
std::string shape(const bool*) { return json::typed("boolean"); }
std::string shape(const At*) {
  return R"({"anyOf": [{"enum": ["start", "end", "best", "all"]}, {"type": "number", "minimum": 0}]})";
}
std::string shape(const std::optional<Margin>*) {
  return R"({"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string", "pattern": "^[0-9.]+([eE][-+]?[0-9]+)? *%?$"}]})";
}
std::string shape(const std::optional<Window>*) {
  return json::object({{"type", "\"array\""}, {"items", number_schema()}, {"minItems", "2"}, {"maxItems", "2"}});
}
std::string shape(const std::optional<double>*) { return number_schema(); }
template <Worded E>
std::string shape(const E*) {
  const auto list = words(E{});
  return json::object({{"enum", json::texts({list.begin(), list.end()})}});
}
template <Worded E>
std::string shape(const std::optional<E>*) {
  return shape(static_cast<const E*>(nullptr));
}

/// The keys of a kind: what all have, and its own.
struct Keys {
  std::vector<Member> properties;
  std::vector<std::string_view> required;

  template <Described S>
  void add() {
    for_each_field<S>([&](const auto& f) {
      using Value = typename std::decay_t<decltype(f)>::Value;
      properties.emplace_back(f.name, json::described(f.sentence, shape(static_cast<const Value*>(nullptr))));
      if (f.presence == Presence::required) required.push_back(f.name);
    });
  }
  std::string schema() const {
    return json::object({{"properties", json::object(properties)},
                         {"additionalProperties", "false"},
                         {"required", json::texts(required)}});
  }
};

std::string constant_key(std::string_view key, std::string_view word) {
  return json::object({{"properties", json::object({{key, json::object({{"const", json_quoted(word)}})}})},
                       {"required", json::texts({key})}});
}

std::string name_key() { return json::described(page_of("name"), one_formula()); }

template <class Kind>
std::string figure_of_kind(const std::string& style) {
  Keys keys{.properties = {{"name", name_key()}, {"style", style}}, .required = {}};
  keys.add<Figure>();
  keys.add<Kind>();
  return json::described(Kind::summary, keys.schema());
}

std::string define_of(std::string_view kind, const DefineKind& value) {
  std::vector<Member> keys;
  for (const std::string_view key : define_keys(value)) {
    const std::string shape_of_key = key == "by"                       ? one_or_more(json::typed("string"))
                                     : key == "log"                    ? json::typed("boolean")
                                     : key == "level"                  ? number_schema()
                                     : key == "at"                     ? shape(static_cast<const At*>(nullptr))
                                     : key == "along" || key == "from" ? json::typed("string")
                                                                       : one_formula();
    keys.emplace_back(key, json::described(page_of(key), shape_of_key));
  }
  std::vector<std::string_view> required{kind};
  for (const auto& [key, schema] : keys)
    if (key == "along" || key == "level") required.push_back(key);
  return json::object(
      {{"properties", json::object(keys)}, {"additionalProperties", "false"}, {"required", json::texts(required)}});
}

}  // namespace

std::string define_schema() {
  std::vector<std::string> kinds;
  for_each_kind<DefineKind>([&]<class Kind>() { kinds.push_back(define_of(Kind::kind, Kind{})); });
  return json::object({{"type", "\"object\""}, {"oneOf", json::list(kinds)}});
}

std::string test_schema() {
  std::vector<std::pair<std::string_view, std::string_view>> words;
  std::vector<std::string> kinds;
  for_each_kind<TestKind>([&]<class Kind>() {
    words.emplace_back(Kind::kind, Kind::summary);
    Keys keys{.properties = {{"name", name_key()}, {"kind", "true"}}, .required = {}};
    keys.add<Test>();
    keys.add<Kind>();
    kinds.push_back(json::object({{"if", constant_key("kind", Kind::kind)}, {"then", keys.schema()}}));
  });
  return json::object({{"type", "\"object\""},
                       {"properties", json::object({{"kind", json::one_word(words)}})},
                       {"required", json::texts({"kind"})},
                       {"allOf", json::list(kinds)}});
}

std::string figure_schema() {
  const auto choose = [](const std::string& condition, const std::string& then, const std::string& otherwise) {
    return json::object({{"if", condition}, {"then", then}, {"else", otherwise}});
  };
  const std::string two_abscissas =
      R"({"properties": {"versus": {"type": "array", "minItems": 2, "maxItems": 2}}, "required": ["versus"]})";
  const std::string map = json::any_of({two_abscissas, constant_key("style", Map::kind)});
  const auto style = [](std::string_view word) { return json::object({{"const", json_quoted(word)}}); };
  std::vector<std::pair<std::string_view, std::string_view>> styles;
  for (const auto word : words(Curves::Style{})) styles.emplace_back(word, Curves::summary);
  for_each_kind<FigureKind>([&]<class Kind>() {
    if (Kind::kind != Curves::kind) styles.emplace_back(Kind::kind, Kind::summary);
  });
  // As the reader tells them apart.
  return json::object(
      {{"type", "\"object\""},
       {"properties", json::object({{"style", json::one_word(styles)}})},
       {"allOf",
        json::list({choose(constant_key("style", Histogram::kind), figure_of_kind<Histogram>(style(Histogram::kind)),
                           choose(constant_key("style", Regions::kind), figure_of_kind<Regions>(style(Regions::kind)),
                                  choose(map, figure_of_kind<Map>(style(Map::kind)), figure_of_kind<Curves>(""))))})}});
}

}  // namespace fieldscan::scan
