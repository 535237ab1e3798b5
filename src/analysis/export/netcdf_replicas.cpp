#include "netcdf_replicas.hpp"

#include <algorithm>
#include <limits>

#include "../quantity/observed.hpp"
#include "netcdf_arrays.hpp"
#include "netcdf_times.hpp"

namespace fieldscan::analysis {
namespace {

void add_replicas(std::map<std::string, ReplicaVariable>& all, const Table& table, const std::string& source,
                  const Series& series) {
  if (series.level == Level::nothing) return;
  for (const Member& member : series.members)
    for (const Row& row : member.rows) {
      const ObservableInfo& about = info(row.observable);
      const std::string name = (source.empty() ? "" : safe_name(source) + "_") + std::string(about.name) + "_replica";
      const auto [entry, is_new] = all.try_emplace(name);
      ReplicaVariable& v = entry->second;
      v.draws.insert(static_cast<double>(member.draw));
      v.initialisations.insert(static_cast<double>(member.initialisation));
      v.coordinates.insert(row.coordinate);
      if (!is_new) continue;
      v.name = name;
      v.source = source;
      v.dimension = about.dimension;
      v.observable = row.observable;
      v.over_initialisations = series.level == Level::replica;
      v.in_time = has_several_times(table, source, row.observable);
    }
}

/// The names of its dimensions in the file, outermost first, without the records.
std::vector<std::string> dimensions_of(const ReplicaVariable& v) {
  std::vector<std::string> names{"data_draw"};
  if (v.over_initialisations) names.emplace_back("initialisation");
  if (!v.dimension.empty()) names.push_back(v.dimension);
  return names;
}

/// The place of a value among those of a dimension, which holds it.
std::size_t index_of(const Inner& inner, const std::string& name, double value) {
  const std::set<double>& values = inner.values.at(name);
  return static_cast<std::size_t>(std::distance(values.begin(), values.find(value)));
}

}  // namespace

std::vector<ReplicaVariable> replicas_of(const Table& table) {
  std::map<std::string, ReplicaVariable> all;
  for (const TablePoint& point : table.points) {
    add_replicas(all, table, "", point.measured);
    for (const auto& [name, series] : point.theories) add_replicas(all, table, name, *series);
  }
  std::set<double> measured;
  for (const auto& [name, v] : all)
    if (v.source.empty()) measured.insert(v.draws.begin(), v.draws.end());
  std::vector<ReplicaVariable> variables;
  for (auto& [name, v] : all) {
    if (!measured.empty()) std::erase_if(v.draws, [&](double draw) { return !measured.contains(draw); });
    if (!v.draws.empty()) variables.push_back(std::move(v));
  }
  return variables;
}

void collect(Inner& inner, const ReplicaVariable& v) {
  collect(inner, "data_draw", v.draws);
  if (v.over_initialisations) collect(inner, "initialisation", v.initialisations);
  if (!v.dimension.empty()) collect(inner, v.dimension, v.coordinates);
}

bool write_replicas(const NetcdfFile& file, const Table& table, const Layout& layout, const ReplicaVariable& v) {
  std::vector<int> ids = layout.cells.ids;
  if (v.in_time) ids.push_back(layout.step);
  std::size_t per_record = 1;
  for (const std::string& name : dimensions_of(v)) {
    ids.push_back(layout.inner.ids.at(name));
    per_record *= layout.inner.values.at(name).size();
  }
  const std::size_t records = v.in_time ? layout.records.most : 1;
  if (layout.cells.count * records * per_record > most_array_numbers) return false;
  std::vector<double> values(layout.cells.count * records * per_record, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t p = 0; p < table.points.size(); ++p) {
    const Series* series = series_of(table.points[p], v.source);
    if (!series) continue;
    for (const Member& member : series->members) {
      if (!v.draws.contains(static_cast<double>(member.draw))) continue;
      for (const Row& row : member.rows) {
        if (row.observable != v.observable) continue;
        const std::size_t record = v.in_time ? record_at(layout.records.times[p], row.time).value_or(0) : 0;
        std::size_t at = layout.cells.place(p) * records + record;
        for (const std::string& name : dimensions_of(v)) {
          const double value = name == "data_draw"        ? static_cast<double>(member.draw)
                               : name == "initialisation" ? static_cast<double>(member.initialisation)
                                                          : row.coordinate;
          at = at * layout.inner.values.at(name).size() + index_of(layout.inner, name, value);
        }
        values[at] = row.value;
      }
    }
  }
  Attributes attributes{{"long_name", said_of(table, v.source, v.observable) + "; of every replica"},
                        {"units", "1"},
                        {"source", v.source.empty() ? "measured" : v.source}};
  if (v.in_time) attributes.emplace_back("coordinates", time_coordinates);
  file.variable(v.name, ids, values, attributes);
  return true;
}

}  // namespace fieldscan::analysis
