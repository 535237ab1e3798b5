#include "netcdf_arrays.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "../quantity/observed.hpp"
#include "netcdf_times.hpp"

namespace fieldscan::analysis {
namespace {

std::set<double> counted(std::size_t n) {
  std::set<double> values;
  for (std::size_t k = 0; k < n; ++k) values.insert(static_cast<double>(k));
  return values;
}

/// "point, point" → point, point_2.
std::vector<std::string> names_of_dimensions(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const auto comma = text.find(", ");
    std::string name = safe_name(std::string(text.substr(0, comma)));
    const auto same = std::ranges::count(names, name);
    names.push_back(same == 0 ? name : fmt::format("{}_{}", name, same + 1));
    text = comma == text.npos ? "" : text.substr(comma + 2);
  }
  return names;
}

/// Adds an array, whose dimensions have these strides, to the sums of its draw; `at` is where the draw begins.
void add_array(const Array& array, std::span<const std::size_t> strides, std::size_t at, std::vector<double>& sums,
               std::vector<double>& counts) {
  for (std::size_t k = 0; k < array.data.size(); ++k) {
    std::size_t place = at, rest = k;
    for (std::size_t d = array.shape.size(); d-- > 0;) {
      place += rest % static_cast<std::size_t>(array.shape[d]) * strides[d];
      rest /= static_cast<std::size_t>(array.shape[d]);
    }
    sums[place] += array.data[k];
    counts[place] += 1;
  }
}

/// The same of every replica.
ArrayVariable every_replica(ArrayVariable v) {
  v.name += "_replica";
  v.of = ArraysOf::replicas;
  v.dimensions.insert(v.dimensions.begin() + 1, "initialisation");
  v.extent.insert(v.extent.begin() + 1, v.initialisations);
  return v;
}

/// Dimensions before the array's own.
std::size_t leading(const ArrayVariable& v) { return v.of == ArraysOf::replicas ? 2 : 1; }

}  // namespace

std::vector<ArrayVariable> of_arrays(const Table& table) {
  std::map<std::string, ArrayVariable> all;
  const auto add = [&](const std::string& source, const Series& series) {
    for (const Member& member : series.members)
      for (const Array& array : member.arrays) {
        const ObservableInfo& about = info(array.observable);
        std::vector<std::string> names = names_of_dimensions(about.dimension);
        const bool several = names.size() + 1 == array.shape.size();  // outputs
        if (several) names.emplace_back("output");
        if (names.size() != array.shape.size()) continue;
        names.insert(names.begin(), "data_draw");
        const std::string name =
            (source.empty() ? "" : safe_name(source) + "_") + std::string(about.name) + (several ? "_of_outputs" : "");
        const auto [entry, is_new] = all.try_emplace(
            name, ArrayVariable{name, source, array.observable, names, std::vector<std::size_t>(names.size(), 0)});
        ArrayVariable& v = entry->second;
        v.initialisations = std::max(v.initialisations, static_cast<std::size_t>(member.initialisation) + 1);
        if (is_new) v.in_time = has_several_times(table, source, array.observable);
        v.extent[0] = std::max(v.extent[0], static_cast<std::size_t>(member.draw) + 1);
        for (std::size_t d = 0; d < array.shape.size(); ++d)
          v.extent[d + 1] = std::max(v.extent[d + 1], static_cast<std::size_t>(array.shape[d]));
      }
  };
  for (const TablePoint& point : table.points) {
    add("", point.measured);
    for (const auto& [name, series] : point.theories) add(name, *series);
  }
  std::vector<ArrayVariable> variables;
  for (auto& [name, v] : all) variables.push_back(std::move(v));
  // Theories are evaluated on many more draws than networks are trained on: only those with a measurement beside them.
  std::size_t measured = 0;
  for (const ArrayVariable& v : variables)
    if (v.source.empty()) measured = std::max(measured, v.extent[0]);
  for (ArrayVariable& v : variables)
    if (measured > 0) v.extent[0] = std::min(v.extent[0], measured);
  const std::size_t of_draws = variables.size();
  for (std::size_t k = 0; k < of_draws; ++k)
    if (variables[k].initialisations > 1) variables.push_back(every_replica(variables[k]));
  return variables;
}

void collect(Inner& inner, const ArrayVariable& variable) {
  for (std::size_t d = 0; d < variable.dimensions.size(); ++d)
    collect(inner, variable.dimensions[d], counted(variable.extent[d]));
}

bool write_array(const NetcdfFile& file, const Table& table, const Layout& layout, const ArrayVariable& v) {
  const Inner& inner = layout.inner;
  std::vector<int> ids = layout.cells.ids;
  if (v.in_time) ids.push_back(layout.step);
  std::vector<std::size_t> strides(v.dimensions.size(), 1);
  for (const std::string& name : v.dimensions) ids.push_back(inner.ids.at(name));
  for (std::size_t d = v.dimensions.size() - 1; d-- > 0;)
    strides[d] = strides[d + 1] * inner.values.at(v.dimensions[d + 1]).size();
  const std::size_t records = v.in_time ? layout.records.most : 1;
  const std::size_t per_record = strides[0] * inner.values.at(v.dimensions[0]).size();
  if (layout.cells.count * records * per_record > most_array_numbers) return false;
  std::vector<double> sums(layout.cells.count * records * per_record, 0), counts = sums;
  for (std::size_t p = 0; p < table.points.size(); ++p) {
    const Series* series = series_of(table.points[p], v.source);
    const std::vector<double> times = series ? times_of(*series, v.observable) : std::vector<double>{};
    for (const double time : times) {
      if (!v.in_time && time != times.back()) continue;
      const std::size_t record = v.in_time ? record_at(layout.records.times[p], time).value_or(0) : 0;
      const std::size_t begin = (layout.cells.place(p) * records + record) * per_record;
      for (const Member& member : series->members) {
        const bool counts_here = v.of == ArraysOf::replicas || has_numbers(member);
        const bool wanted = counts_here && static_cast<std::size_t>(member.draw) < v.extent[0];
        const Array* array = wanted ? find_array(member, v.observable, time) : nullptr;
        if (!array || array->shape.size() + leading(v) != v.dimensions.size()) continue;
        std::size_t at = begin + static_cast<std::size_t>(member.draw) * strides[0];
        if (v.of == ArraysOf::replicas) at += static_cast<std::size_t>(member.initialisation) * strides[1];
        add_array(*array, std::span(strides).subspan(leading(v)), at, sums, counts);
      }
    }
  }
  for (std::size_t k = 0; k < sums.size(); ++k) sums[k] /= counts[k];  // 0/0: missing
  const std::string_view which = v.of == ArraysOf::replicas ? "; of every replica" : "; mean over initialisations";
  Attributes attributes{{"long_name", said_of(table, v.source, v.observable) + std::string(which)},
                        {"units", "1"},
                        {"source", v.source.empty() ? "measured" : v.source}};
  if (v.in_time) attributes.emplace_back("coordinates", time_coordinates);
  file.variable(v.name, ids, sums, attributes);
  return true;
}

}  // namespace fieldscan::analysis
