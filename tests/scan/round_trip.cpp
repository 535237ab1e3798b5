#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "../../src/scan/schema/point_schema.hpp"
#include "../../src/scan/schema/schema.hpp"
#include "catch.hpp"
#include "helpers.hpp"

using namespace fieldscan;
using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

namespace {

/// What a field without a default, or a kind that needs more than its defaults, is given.
std::string needed(std::string_view kind, std::string_view field) {
  if (field == "dim") return "8";
  if (field == "modulus") return "5";
  if (kind == "combination" && field == "of") return "[tanh, linear]";
  if (kind == "combination" && field == "weights") return "[1, 2]";
  if (field == "of") return "[linear, {kind: hermite, coefficients: [0, 0, 1]}]";
  if (field == "levels") return "{1: 1}";
  if (field == "coefficients" && kind != "staircase") return "[0, 1]";
  if (field == "time" && (kind == "gradient_descent" || kind == "sgd")) return "2";
  if (field == "steps" && kind == "adam") return "5";
  return "";
}

/// Maps have defaults like {1:1,}: YAML wants a space after the colon.
std::string spaced(const std::string& text) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == ':') out += ' ';
  }
  return out;
}

enum class Write { needed, all };

/// {kind: …} with what it needs, or with every field that has a default written out.
std::string text_of(const KindInfo& kind, Write write) {
  std::string text = fmt::format("{{kind: {}", kind.kind);
  for (const auto& field : kind.fields) {
    std::string value = needed(kind.kind, field.name);
    if (value.empty() && write == Write::all && field.presence == Presence::optional)
      value = spaced(field.default_text);
    if (!value.empty()) text += fmt::format(", {}: {}", field.name, value);
  }
  text += '}';
  return text;
}

const Schema& schema_at(std::string_view path) {
  const std::vector<FieldInfo>* fields = &point_schema().fields;
  while (true) {
    const auto dot = path.find('.');
    const auto found = std::ranges::find(*fields, path.substr(0, dot), &FieldInfo::name);
    REQUIRE(found != fields->end());
    if (dot == std::string_view::npos) return found->schema;
    fields = &found->schema.fields;
    path.remove_prefix(dot + 1);
  }
}

Id id_with(const std::string& path, const std::string& value) {
  const auto points = points_of(must_read(base(fmt::format("scan: {{fixed: {{{}: {}}}}}\n", path, value))));
  REQUIRE(points.size() == 1);
  return points[0].id;
}

}  // namespace

TEST_CASE("every kind is read, and writing its defaults out changes no id") {
  for (const std::string path : {"network.activation", "data.input", "data.target", "training"})
    for (const auto& kind : schema_at(path).kinds) {
      if (kind.kind == "file" || kind.kind == "labels") continue;  // need data
      const std::string few = text_of(kind, Write::needed), all = text_of(kind, Write::all);
      INFO(path << ": " << few << " and " << all);
      const bool cube = kind.kind == "parity" || kind.kind == "staircase";
      const bool uniform = kind.kind == "sphere";
      std::string more = path == "data.input" && !uniform ? ", data.target: linear" : "";
      if (cube) more = ", data.input: {kind: hypercube, dim: 8}";
      if (kind.kind == "modular_sum") more = ", data.input: {kind: modular_pairs, modulus: 5}";
      if (kind.kind == "exact_readout") more = ", network.train: readout";
      CHECK(id_with(path, few + more) == id_with(path, all + more));
    }
}

TEST_CASE("kinds have different ids") {
  std::set<Id> ids;
  std::size_t count = 0;
  for (const auto& kind : schema_at("network.activation").kinds) {
    ids.insert(id_with("network.activation", text_of(kind, Write::needed)));
    ++count;
  }
  CHECK(ids.size() == count);
}

TEST_CASE("numbers are read to the last bit") {
  for (const char* text :
       {"0.1", "1e-300", "123456789.123456789", "0.30000000000000004", "5e-324", "1.7976931348623157e308"}) {
    INFO(text);
    CHECK(points_of(must_read(base(fmt::format("scan: {{fixed: {{network.chi: {}}}}}\n", text))))[0].spec.network.chi ==
          std::strtod(text, nullptr));
  }
}
