#include "json_values.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "../quantity/basis.hpp"
#include "../text/json.hpp"

namespace fieldscan::analysis {
namespace {

void add_series(std::string& out, const std::string& source, const Series& series, bool& first) {
  for (const Member& member : series.members)
    for (const Row& row : member.rows) {
      out += fmt::format(
          R"({}      {{"source": {}, "draw": {}, "initialisation": {}, "observable": "{}", "time": {}, "coordinate": {}, "value": {}, "standard_error": {}, "count": {}, "flag": {}, "outcome": "{}"}})",
          first ? "\n" : ",\n", json_text(source), member.draw, member.initialisation, info(row.observable).name,
          json_number(row.time), json_number(row.coordinate), json_number(row.value), json_number(row.standard_error),
          row.count, row.flag == Flag::none ? "null" : json_text(std::string(word_of(row.flag))),
          word_of(member.outcome));
      first = false;
    }
}

/// How many were asked for, and how they ended.
std::string counts_json(const std::string& source, const Series& series) {
  std::string text = fmt::format(R"({{"source": {}, "asked": {})", json_text(source), asked_of(series));
  for (const Outcome outcome : all_outcomes)
    text +=
        fmt::format(R"(, "{}": {})", word_of(outcome), std::ranges::count(series.members, outcome, &Member::outcome));
  return text + "}";
}

void add_failures_json(std::string& out, const std::string& source, const Series& series) {
  for (const Member& member : series.members)
    if (member.outcome != Outcome::done)
      out += fmt::format(R"({}{{"source": {}, "draw": {}, "initialisation": {}, "outcome": "{}", "reason": {}}})",
                         out.empty() ? "" : ", ", json_text(source), member.draw, member.initialisation,
                         word_of(member.outcome), json_text(member.reason));
}

/// How an ensemble with `until` ended; null of others.
std::string growth_json(const TablePoint& point) {
  if (!point.growth || !point.point.ensemble.until) return "null";
  const scan::Until& until = *point.point.ensemble.until;
  return fmt::format(
      R"({{"observable": {}, "relative_error": {}, "relative_error_asked": {}, "replicas": {}, "max": {}, "outcome": "{}"}})",
      json_text(until.observable), json_number(point.growth->relative_error), json_number(until.relative_error),
      point.growth->extent.replicas(), until.max, store::word_of(point.growth->end));
}

/// The counts of every source at a point, and what is not done.
std::string endings_json(const TablePoint& point) {
  std::string counts, failures;
  if (scan::trains(point.point.spec)) {
    counts = counts_json("measured", point.measured);
    add_failures_json(failures, "measured", point.measured);
  }
  for (const auto& [theory, series] : point.theories) {
    counts += (counts.empty() ? "" : ", ") + counts_json(theory, *series);
    add_failures_json(failures, theory, *series);
  }
  return fmt::format("    \"outcomes\": [{}],\n    \"failures\": [{}],\n    \"growth\": {},\n", counts, failures,
                     growth_json(point));
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
    out += "},\n" + endings_json(*points[k]) + "    \"values\": [";
    bool first = true;
    add_series(out, "measured", points[k]->measured, first);
    for (const auto& [theory, series] : points[k]->theories) add_series(out, theory, *series, first);
    out += "]}";
  }
  return out + "\n]}\n";
}

}  // namespace fieldscan::analysis
