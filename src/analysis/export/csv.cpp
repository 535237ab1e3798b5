#include "csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "../text/csv.hpp"
#include "../verdict/judge.hpp"
#include "fieldscan/core/text.hpp"
#include "fieldscan/scan/points/names.hpp"
#include "records.hpp"
#include "variables.hpp"

namespace fieldscan::analysis {
namespace {

/// Points in ascending order of their id.
std::vector<const TablePoint*> sorted_points(const Table& table) {
  std::vector<const TablePoint*> points;
  for (const TablePoint& point : table.points) points.push_back(&point);
  std::ranges::sort(points, {}, [](const TablePoint* p) { return p->point.id; });
  return points;
}

void add_rows(std::string& out, const std::string& prefix, const std::string& source, const Series& series) {
  for (const Member& member : series.members)
    for (const Row& row : member.rows)
      out += fmt::format("{}{},{},{},{},{},{},{},{},{},{},{}\n", prefix, csv_field(source), member.draw,
                         member.initialisation, info(row.observable).name, time_text(row.time),
                         shortest(row.coordinate), shortest(row.value), shortest(row.standard_error), row.count,
                         word_of(row.flag), word_of(member.outcome));
}

void add_failures(std::string& out, const std::string& point, const std::string& source, const Series& series) {
  for (const Member& member : series.members)
    if (member.outcome != Outcome::done)
      out += fmt::format("{},{},{},{},{},{}\n", point, csv_field(source), member.draw, member.initialisation,
                         word_of(member.outcome), csv_field(member.reason));
}

std::string head_of(const Table& table) {
  std::string out = "point";
  for (const Axis& axis : table.axes) out.append(",").append(csv_field(axis.path));
  return out;
}

/// The point's id and its values on the axes, each with a comma behind it.
std::string prefix_of(const Table& table, const TablePoint& point) {
  std::string prefix = fmt::format("{},", point.point.id.hex());
  for (const Axis& axis : table.axes) {
    const scan::AxisValue* value = scan::find_value(point.point, axis.path);
    prefix += fmt::format("{},", csv_field(value ? text_of(*value) : axis_label(table, point, axis.path)));
  }
  return prefix;
}

/// The columns from the time on. Where nothing tells how far a number may be off, error and interval are empty.
std::string numbers_text(const Quantity& number, double time, double coordinate) {
  const Estimate e = estimate(number);
  std::string error = ",,";
  if (const std::optional<Uncertainty> known = uncertainty_of(number))
    error = fmt::format("{},{},{}", shortest(known->standard_error), shortest(known->interval.low),
                        shortest(known->interval.high));
  return fmt::format("{},{},{},{},{},{},{}\n", time_text(time), shortest(coordinate), shortest(number.value), error,
                     e.draws, e.initialisations, columns_of(marked_basis(number)));
}

/// The lines of a quantity at a point; of one that no member has a number of, one line that says how they ended.
std::string lines_of(const std::string& prefix, const Variable& v, const TablePoint& point,
                     const std::vector<double>& times) {
  const std::string head = fmt::format("{}{},{}", prefix, v.source.empty() ? "measured" : csv_field(v.source), v.name);
  std::string lines;
  for (const double time : times)
    for (const double coordinate : v.coordinates)
      if (const Quantity number = v.at(point, time, coordinate); number.has_value())
        lines += fmt::format("{},{}", head, numbers_text(number, time, coordinate));
  if (!lines.empty()) return lines;
  const Quantity none = v.at(point, times.empty() ? equilibrium : times.back(), *v.coordinates.begin());
  return marks_of(none) == 0 ? "" : fmt::format("{},,,,,,,0,0,{}\n", head, columns_of(marked_basis(none)));
}

}  // namespace

std::string ensembles_csv(const Table& table) {
  std::string out =
      head_of(table) +
      ",source,quantity,time,coordinate,value,standard_error,low,high,data_draws,initialisations,members,asked,flag\n";
  const std::vector<Variable> variables = variables_of(table);
  const Records records = records_of(table);
  for (const TablePoint* point : sorted_points(table)) {
    const std::string prefix = prefix_of(table, *point);
    const auto& times = records.times[static_cast<std::size_t>(point - table.points.data())];
    for (const Variable& v : variables) out += lines_of(prefix, v, *point, times);
  }
  return out;
}

std::string values_csv(const Table& table) {
  std::string out = head_of(table);
  out += ",source,draw,initialisation,observable,time,coordinate,value,standard_error,count,flag,outcome\n";
  for (const TablePoint* point : sorted_points(table)) {
    const std::string prefix = prefix_of(table, *point);
    add_rows(out, prefix, "measured", point->measured);
    for (const auto& [name, series] : point->theories) add_rows(out, prefix, name, *series);
  }
  return out;
}

std::string points_csv(const Table& table) {
  std::set<std::string> paths;
  for (const TablePoint& point : table.points)
    for (const auto& named : point.point.names) paths.insert(named.path);
  std::string out = "point,block";
  for (const std::string& path : paths) out.append(",").append(csv_field(path));
  constexpr std::array<Outcome, 6> outcomes{
      Outcome::done,  Outcome::diverged, Outcome::not_converged, Outcome::not_equilibrated, Outcome::numerical_error,
      Outcome::failed};
  for (const Outcome outcome : outcomes) out += fmt::format(",{}", word_of(outcome));
  out += "\n";
  for (const TablePoint* point : sorted_points(table)) {
    out += fmt::format("{},{}", point->point.id.hex(), point->point.block);
    std::map<std::string, std::string> values;
    for (const auto& named : point->point.names) values.emplace(named.path, text_of(named.value));
    for (const std::string& path : paths) out.append(",").append(csv_field(values[path]));
    for (const Outcome outcome : outcomes)
      out += fmt::format(",{}", std::ranges::count(point->measured.members, outcome, &Member::outcome));
    out += "\n";
  }
  return out;
}

std::string failures_csv(const Table& table) {
  std::string out = "point,source,draw,initialisation,outcome,reason\n";
  for (const TablePoint* point : sorted_points(table)) {
    const std::string id = point->point.id.hex();
    add_failures(out, id, "measured", point->measured);
    for (const auto& [name, series] : point->theories) add_failures(out, id, name, *series);
  }
  return out;
}

std::string provenance_csv(const store::Store& store) {
  std::string out = "owner,draw,initialisation,outcome,seconds,host,attempt\n";
  store.for_each_standing(
      [&](Id owner, std::int64_t draw, std::int64_t initialisation, const store::Standing& standing) {
        out += fmt::format("{},{},{},{},{},{},{}\n", owner.hex(), draw, initialisation, word_of(standing.outcome),
                           shortest(standing.provenance.seconds), csv_field(standing.provenance.host),
                           standing.provenance.attempt);
      });
  return out;
}

}  // namespace fieldscan::analysis
