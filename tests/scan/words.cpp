#include <algorithm>

#include "../../src/scan/points/sections.hpp"
#include "../../src/scan/schema/point_schema.hpp"
#include "../../src/scan/schema/schema.hpp"
#include "../../src/scan/schema/words.hpp"
#include "catch.hpp"
#include "fieldscan/scan/statement/test/list.hpp"

using namespace fieldscan;
using namespace fieldscan::scan;

namespace {

/// The schema at a path below the sections of a point; nullptr where there is none.
const Schema* schema_at(std::string_view path) {
  const std::vector<FieldInfo>* fields = &point_schema().fields;
  for (;;) {
    const auto dot = path.find('.');
    const auto field = std::ranges::find(*fields, path.substr(0, dot), &FieldInfo::name);
    if (field == fields->end()) return nullptr;
    if (dot == std::string_view::npos) return &field->schema;
    fields = &field->schema.fields;
    path.remove_prefix(dot + 1);
  }
}

template <class... Kinds>
bool is_kind_of(std::type_identity<std::variant<Kinds...>>, std::string_view word) {
  return ((Kinds::kind == word) || ...);
}

bool has_kind(const Schema& schema, std::string_view word) {
  return std::ranges::find(schema.kinds, word, &KindInfo::kind) != schema.kinds.end();
}

/// Whether this program reads a word of a category.
bool is_built(const NotBuilt& entry) {
  if (entry.category == "theory") return has_kind(theory_schema(), entry.word);
  if (entry.category == "input") return has_kind(*schema_at("data.input"), entry.word);
  if (entry.category == "target") return has_kind(*schema_at("data.target"), entry.word);
  if (entry.category == "trainer") return has_kind(*schema_at("training"), entry.word);
  if (entry.category == "test") return is_kind_of(std::type_identity<TestKind>{}, entry.word);
  REQUIRE(entry.category == "field");
  constexpr std::string_view observe = "observe.";
  if (entry.word.starts_with(observe))
    return std::ranges::find(observe_keys, entry.word.substr(observe.size())) != observe_keys.end();
  return schema_at(entry.word) != nullptr;
}

}  // namespace

TEST_CASE("what is known and not built is not built") {
  for (const NotBuilt& entry : not_built()) {
    INFO(entry.category << " " << entry.word);
    CHECK_FALSE(is_built(entry));
    CHECK_FALSE(entry.sentence.empty());
    CHECK(find_not_built(entry.category, entry.word) == &entry);  // listed once
  }
  for (const NotBuilt& built :
       {NotBuilt{"theory", "nngp", ""}, NotBuilt{"input", "sphere", ""}, NotBuilt{"target", "linear", ""},
        NotBuilt{"trainer", "hmc", ""}, NotBuilt{"test", "agreement", ""}, NotBuilt{"field", "observe.bins", ""},
        NotBuilt{"field", "network.activation", ""}})
    CHECK(is_built(built));
}
