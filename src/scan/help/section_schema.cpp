#include "section_schema.hpp"

#include <fmt/format.h>

#include "../points/sections.hpp"
#include "../schema/point_schema.hpp"
#include "fieldscan/core/observable.hpp"
#include "fieldscan/core/printable.hpp"
#include "fieldscan/training/observe/observe.hpp"
#include "pages.hpp"

namespace fieldscan::scan {
namespace {

using json::Member;

std::string count_schema(double low) { return number_schema(at_least(low), "integer"); }

template <Worded E>
std::string words_of_enum() {
  const auto list = words(E{});
  return json::object({{"enum", json::texts({list.begin(), list.end()})}});
}

/// What stands at a key of an entry of `observe`.
std::string observed_key(std::string_view key) {
  const std::string count = count_schema(1);
  if (key == "kind") return reference_to("observable");
  if (key == "on") return json::any_of({words_of_enum<training::PointSet>(), count, mapping_schema({{"test", count}})});
  if (key == "of") return one_or_list(words_of_enum<training::EmpiricalKernel>());
  if (key == "at")
    return one_or_list(json::any_of({R"({"enum": ["start", "end", "best", "all"]})", reference_to("times")}));
  if (key == "replicas")
    return json::any_of(
        {count, mapping_schema({{"data_draws", count}, {"initialisations", count}, {"chains", count}})});
  if (key == "bins") return count;
  if (key == "beyond") return number_schema(positive());
  return json::array_of(number_schema());  // range, members
}

std::string until_schema() {
  constexpr Range share{.low = 0, .high = 1, .low_open = true, .high_open = true};
  std::vector<Member> keys;
  for (const std::string_view key : until_keys)
    keys.emplace_back(key, with_page("until", key == "observable"       ? reference_to("observable")
                                              : key == "relative_error" ? number_schema(share)
                                                                        : count_schema(2)));
  return mapping_schema(keys);
}

}  // namespace

std::string mapping_schema(const std::vector<Member>& properties, const std::vector<std::string_view>& required) {
  return json::object({{"type", "\"object\""},
                       {"properties", json::object(properties)},
                       {"additionalProperties", "false"},
                       {"required", required.empty() ? "" : json::texts(required)}});
}

std::string with_page(std::string_view word, const std::string& schema) {
  return json::described(page_of(word), schema);
}

std::string one_or_list(const std::string& one) { return json::any_of({one, json::array_of(one)}); }

std::string reference_to(std::string_view name) {
  return json::object({{"$ref", json_quoted(fmt::format("#/definitions/{}", name))}});
}

std::string observable_schema() {
  std::vector<std::pair<std::string_view, std::string_view>> names;
  for (const auto& about : all_observables())
    if (about.source != Source::theory) names.emplace_back(about.name, about.sentence);
  return json::one_word(names);
}

std::string observe_schema() {
  std::vector<Member> keys;
  for (const std::string_view key : observe_keys) keys.emplace_back(key, with_page(key, observed_key(key)));
  return one_or_list(json::any_of({reference_to("observable"), mapping_schema(keys, {"kind"})}));
}

std::string ensemble_schema() {
  std::vector<Member> keys;
  for (const std::string_view key : ensemble_keys) {
    const bool of_until = key == "until" || key == "batch" || key == "max";
    keys.emplace_back(key, with_page(of_until ? "until" : key, key == "until"          ? until_schema()
                                                               : of_until              ? count_schema(2)
                                                               : key == "theory_draws" ? count_schema(0)
                                                                                       : count_schema(1)));
  }
  return mapping_schema(keys);
}

std::string times_schema() {
  const std::string values = json::any_of({json::array_of(number_schema()), reference_to("spacing")});
  std::vector<std::string> forms{values};
  for (const auto unit : words(training::TimeUnit{})) forms.push_back(mapping_schema({{unit, values}}, {unit}));
  return json::any_of(forms);
}

std::string theories_schema(FieldSchemas& book) {
  const std::vector<Member> also{{"name", with_page("name", json::typed("string"))},
                                 {"role", with_page("role", words_of_enum<Role>())},
                                 {"ridge", with_page("role", number_schema(non_negative()))}};
  return one_or_list(book.choice(theory_schema(), "theory", Missing::refused, also));
}

std::string spacing_schema() {
  const std::string number = number_schema(), count = count_schema(2);
  const std::string ends =
      json::object({{"type", "\"array\""}, {"items", number}, {"minItems", "2"}, {"maxItems", "2"}});
  const auto between = [&](std::string_view kind, std::string_view key, const std::string& value) {
    return mapping_schema({{kind, with_page(kind, ends)}, {key, value}}, {kind, key});
  };
  return json::object(
      {{"oneOf", json::list({between("linspace", "num", count), between("logspace", "num", count),
                             between("range", "step", number),
                             mapping_schema({{"powers", with_page("powers", number)}, {"from", number}, {"to", number}},
                                            {"powers", "from", "to"})})}});
}

}  // namespace fieldscan::scan
