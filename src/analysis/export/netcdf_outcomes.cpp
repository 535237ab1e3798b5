#include "netcdf_outcomes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "../quantity/basis.hpp"
#include "netcdf_arrays.hpp"

namespace fieldscan::analysis {

namespace netcdf_outcomes {
namespace {

std::vector<std::string_view> words() {
  std::vector<std::string_view> all;
  for (const Outcome outcome : all_outcomes) all.push_back(word_of(outcome));
  return all;
}

/// Networks only where some are trained: targets stand in the table of points without.
const Series* series_at(const TablePoint& point, const std::string& source) {
  if (source.empty()) return scan::trains(point.point.spec) ? &point.measured : nullptr;
  const auto found = point.theories.find(source);
  return found == point.theories.end() ? nullptr : found->second.get();
}

void add(std::map<std::string, OutcomeVariable>& all, const std::string& source, const Series& series) {
  OutcomeVariable& v = all[source];
  v.source = source;
  v.level = series.level;
  for (const Member& member : series.members) {
    v.draws.insert(static_cast<double>(member.draw));
    v.initialisations.insert(static_cast<double>(member.initialisation));
  }
}

std::string prefix_of(const OutcomeVariable& v) { return v.source.empty() ? "" : safe_name(v.source) + "_"; }

Attributes attributes_of(const OutcomeVariable& v, const std::string& long_name) {
  return {{"long_name", long_name}, {"source", v.source.empty() ? "measured" : v.source}};
}

std::vector<std::string> dimensions_of(const OutcomeVariable& v) {
  if (v.level == Level::nothing) return {};
  if (v.level == Level::draw) return {"data_draw"};
  return {"data_draw", "initialisation"};
}

void write_counts(const NetcdfFile& file, const Table& table, const Layout& layout, int outcome,
                  const OutcomeVariable& v) {
  std::vector<int> asked(layout.cells.count, 0), counts(layout.cells.count * all_outcomes.size(), 0);
  for (std::size_t p = 0; p < table.points.size(); ++p) {
    const Series* series = series_at(table.points[p], v.source);
    if (!series) continue;
    const std::size_t cell = layout.cells.place(p);
    asked[cell] = static_cast<int>(asked_of(*series));
    for (std::size_t k = 0; k < all_outcomes.size(); ++k)
      counts[cell * all_outcomes.size() + k] =
          static_cast<int>(std::ranges::count(series->members, all_outcomes[k], &Member::outcome));
  }
  const std::string what = v.source.empty() ? "replicas" : "predictions of " + v.source;
  file.counts(prefix_of(v) + "asked", layout.cells.ids, asked, attributes_of(v, what + " that are asked for"));
  std::vector<int> ids = layout.cells.ids;
  ids.push_back(outcome);
  file.counts(prefix_of(v) + "outcomes", ids, counts, attributes_of(v, "how many " + what + " ended so"));
}

/// How every replica, or every prediction given a data draw, ended.
void write_each(const NetcdfFile& file, const Table& table, const Layout& layout, const OutcomeVariable& v) {
  std::vector<int> ids = layout.cells.ids;
  std::size_t per_cell = 1;
  for (const std::string& name : dimensions_of(v)) {
    ids.push_back(layout.inner.ids.at(name));
    per_cell *= layout.inner.values.at(name).size();
  }
  std::vector<std::uint8_t> values(layout.cells.count * per_cell, no_flag);
  for (std::size_t p = 0; p < table.points.size(); ++p) {
    const Series* series = series_at(table.points[p], v.source);
    if (!series) continue;
    for (const Member& member : series->members) {
      if (!v.draws.contains(static_cast<double>(member.draw))) continue;
      std::size_t at = layout.cells.place(p);
      for (const std::string& name : dimensions_of(v)) {
        const std::set<double>& along = layout.inner.values.at(name);
        const auto place = along.find(static_cast<double>(name == "data_draw" ? member.draw : member.initialisation));
        at = at * along.size() + static_cast<std::size_t>(std::distance(along.begin(), place));
      }
      values[at] = static_cast<std::uint8_t>(member.outcome);
    }
  }
  const std::string what = v.source.empty() ? "replica" : "prediction of " + v.source;
  file.flags(prefix_of(v) + "outcome_replica", ids, values, words(),
             attributes_of(v, fmt::format("how every {} ended", what)));
}

}  // namespace
}  // namespace netcdf_outcomes

std::vector<OutcomeVariable> outcomes_of(const Table& table) {
  std::map<std::string, OutcomeVariable> all;
  for (const TablePoint& point : table.points) {
    if (const Series* measured = netcdf_outcomes::series_at(point, "")) netcdf_outcomes::add(all, "", *measured);
    for (const auto& [name, series] : point.theories) netcdf_outcomes::add(all, name, *series);
  }
  const auto networks = all.find("");
  std::vector<OutcomeVariable> variables;
  for (auto& [name, v] : all) {
    if (networks != all.end() && !networks->second.draws.empty())
      std::erase_if(v.draws, [&](double draw) { return !networks->second.draws.contains(draw); });
    variables.push_back(v);
  }
  return variables;
}

void collect(Inner& inner, const OutcomeVariable& variable) {
  for (const std::string& name : netcdf_outcomes::dimensions_of(variable))
    collect(inner, name, name == "data_draw" ? variable.draws : variable.initialisations);
}

int define_outcomes(const NetcdfFile& file) {
  Dimension dimension{.name = "outcome", .labels = {}, .values = {}, .long_name = "how a replica or prediction ended"};
  for (const std::string_view word : netcdf_outcomes::words()) dimension.labels.emplace_back(word);
  return file.define(dimension);
}

bool write_outcomes(const NetcdfFile& file, const Table& table, const Layout& layout, int outcome,
                    const OutcomeVariable& v) {
  netcdf_outcomes::write_counts(file, table, layout, outcome, v);
  if (v.level == Level::nothing || v.draws.empty()) return true;
  std::size_t size = layout.cells.count;
  for (const std::string& name : netcdf_outcomes::dimensions_of(v)) size *= layout.inner.values.at(name).size();
  if (size > most_array_numbers) return false;
  netcdf_outcomes::write_each(file, table, layout, v);
  return true;
}

}  // namespace fieldscan::analysis
