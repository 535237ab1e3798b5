#include "json_values.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "../text/json.hpp"

namespace fieldscan::analysis {
namespace {

void add_series(std::string& out, const std::string& source, const Series& series, bool& first) {
  for (const Member& member : series.members)
    for (const Row& row : member.rows) {
      out += fmt::format(
          R"({}      {{"source": {}, "draw": {}, "initialisation": {}, "observable": "{}", "time": {}, "coordinate": {}, "value": {}, "standard_error": {}, "count": {}}})",
          first ? "\n" : ",\n", json_text(source), member.draw, member.initialisation, info(row.observable).name,
          json_number(row.time), json_number(row.coordinate), json_number(row.value), json_number(row.standard_error),
          row.count);
      first = false;
    }
}

}  // namespace

/// A time of null is equilibrium: JSON has no infinity.
std::string values_json(const Table& table, const std::string& name) {
  std::vector<const TablePoint*> points;
  for (const TablePoint& point : table.points) points.push_back(&point);
  std::ranges::sort(points, {}, [](const TablePoint* p) { return p->point.id; });
  std::string out = fmt::format("{{\"name\": {}, \"points\": [", json_text(name));
  for (std::size_t k = 0; k < points.size(); ++k) {
    out += fmt::format("{}\n  {{\"id\": \"{}\", \"fields\": {{", k ? "," : "", points[k]->point.id.hex());
    bool first_field = true;
    for (const auto& named : points[k]->point.names) {
      const auto* word = std::get_if<std::string>(&named.value);
      out += fmt::format("{}{}: {}", first_field ? "" : ", ", json_text(named.path),
                         word ? json_text(*word) : json_number(std::get<double>(named.value)));
      first_field = false;
    }
    out += "},\n    \"values\": [";
    bool first = true;
    add_series(out, "measured", points[k]->measured, first);
    for (const auto& [theory, series] : points[k]->theories) add_series(out, theory, *series, first);
    out += "]}";
  }
  return out + "\n]}\n";
}

}  // namespace fieldscan::analysis
