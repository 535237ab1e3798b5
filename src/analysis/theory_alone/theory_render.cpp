#include "fieldscan/analysis/theory_alone/theory_render.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../quantity/basis.hpp"
#include "../text/csv.hpp"
#include "../text/json.hpp"
#include "fieldscan/core/printable.hpp"
#include "fieldscan/core/text.hpp"

namespace fieldscan::analysis {
namespace {

/// The coordinate, where the observable has a dimension of its own.
std::string coordinate_text(const PredictedRow& row) {
  return info(row.observable).dimension.empty() ? "" : shortest(row.coordinate);
}
std::string error_text(const PredictedRow& row) {
  return std::isfinite(row.standard_error) ? shortest(row.standard_error) : "";
}

std::string csv(const TheoryTable& table) {
  std::string out = "point";
  for (const auto& axis : table.axes) out.append(",").append(csv_field(axis));
  out += ",theory,observable,coordinate,time,value,standard_error,draws,flag\n";
  for (const auto& p : table.points) {
    std::string prefix = p.point.hex();
    for (const auto& value : p.coordinates) prefix.append(",").append(csv_field(value));
    prefix.append(",").append(csv_field(p.theory));
    for (const auto& row : p.rows)
      out += fmt::format("{},{},{},{},{},{},{},{}\n", prefix, info(row.observable).name, coordinate_text(row),
                         time_text(row.time), shortest(row.value), error_text(row), row.draws, word_of(row.flag));
  }
  return out;
}

std::string row_json(const PredictedRow& row) {
  std::string out =
      fmt::format("{{\"observable\": {}, \"time\": {}", json_text(info(row.observable).name), json_number(row.time));
  if (!info(row.observable).dimension.empty()) out += fmt::format(", \"coordinate\": {}", json_number(row.coordinate));
  out += fmt::format(", \"value\": {}, \"standard_error\": {}, \"draws\": {}", json_number(row.value),
                     json_number(row.standard_error), row.draws);
  if (row.flag != Flag::none) out += fmt::format(", \"flag\": {}", json_text(word_of(row.flag)));
  return out + "}";
}

std::string point_json(const TheoryTable& table, const PredictedPoint& p) {
  std::string at, rows, problems;
  for (std::size_t k = 0; k < table.axes.size(); ++k)
    at += fmt::format("{}{}: {}", at.empty() ? "" : ", ", json_text(table.axes[k]), json_text(p.coordinates[k]));
  for (const auto& row : p.rows) rows += fmt::format("{}{}", rows.empty() ? "" : ",\n    ", row_json(row));
  for (const auto& problem : p.problems)
    problems += fmt::format("{}{}", problems.empty() ? "" : ", ", json_text(problem));
  return fmt::format(
      "  {{\"point\": \"{}\", \"at\": {{{}}}, \"theory\": {}, \"failed\": {}, \"problems\": [{}], \"rows\": [\n    "
      "{}]}}",
      p.point.hex(), at, json_text(p.theory), p.failed, problems, rows);
}

std::string json(const TheoryTable& table) {
  std::string out;
  for (const auto& p : table.points) out += fmt::format("{}{}", out.empty() ? "" : ",\n", point_json(table, p));
  return fmt::format("[\n{}\n]\n", out);
}

std::string heading(const TheoryTable& table, const PredictedPoint& p) {
  std::string out = fmt::format("{} at {}", p.theory, p.point.hex().substr(0, 12));
  for (std::size_t k = 0; k < table.axes.size(); ++k)
    if (!p.coordinates[k].empty()) out += fmt::format("  {} = {}", table.axes[k], p.coordinates[k]);
  return out;
}

/// The bins of a histogram in one line: they are for figures and tables.
std::string bins_text(const std::vector<PredictedRow>& rows, std::size_t& k) {
  const std::size_t first = k;
  while (k + 1 < rows.size() && rows[k + 1].observable == rows[first].observable &&
         rows[k + 1].time == rows[first].time)
    ++k;
  return fmt::format("  {:<22}{} bins from {:.4g} to {:.4g} (--format csv lists them)\n",
                     info(rows[first].observable).name, k - first + 1, rows[first].coordinate, rows[k].coordinate);
}

std::string text(const TheoryTable& table) {
  std::string out;
  for (const auto& p : table.points) {
    out += heading(table, p) + "\n";
    for (const auto& problem : p.problems) out += fmt::format("  {}\n", problem);
    if (!p.rows.empty())
      out += fmt::format("  {:<22}{:>10}{:>12}{:>14}{:>12}\n", "observable", "coordinate", "time", "value", "± draws");
    for (std::size_t k = 0; k < p.rows.size(); ++k) {
      const PredictedRow& row = p.rows[k];
      if (row.observable == Observable::overlap_histogram) {
        out += bins_text(p.rows, k);
        continue;
      }
      const std::string error = row.standard_error > 0 ? fmt::format("{:.2g}", row.standard_error) : "";
      const std::string time = std::isinf(row.time) ? "end" : fmt::format("{:.6g}", row.time);
      out += fmt::format("  {:<22}{:>10}{:>12}{:>14.6g}{:>12}{}{}\n", info(row.observable).name, coordinate_text(row),
                         time, row.value, error, row.flag == Flag::none ? "" : "  ", word_of(row.flag));
    }
  }
  return out;
}

}  // namespace

std::string render(const TheoryTable& table, TheoryFormat format) {
  switch (format) {
    case TheoryFormat::csv:
      return csv(table);
    case TheoryFormat::json:
      return json(table);
    case TheoryFormat::text:
      break;
  }
  return printable(text(table));
}

std::string problems_text(const TheoryTable& table) {
  std::string out;
  for (const auto& p : table.points)
    for (const auto& problem : p.problems) out += fmt::format("{}: {}\n", heading(table, p), problem);
  return printable(out);
}

}  // namespace fieldscan::analysis
