#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "../observe.hpp"
#include "../observed.hpp"
#include "export.hpp"
#include "netcdf_file.hpp"

namespace fieldscan::analysis {
namespace {

std::string safe_name(std::string name) {
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_') c = '_';
  return name;
}

/// The cells of the arrays: one dimension per axis, and one for the blocks of the scan where points of several blocks have the same place.
struct Cells {
  std::vector<Dimension> dimensions;
  std::vector<std::vector<std::size_t>> positions;  ///< of every point of the table, along every dimension
  std::vector<int> ids;
  std::size_t count = 1;
  std::size_t place(std::size_t point) const {
    std::size_t at = 0;
    for (std::size_t d = 0; d < dimensions.size(); ++d) at = at * dimensions[d].size() + positions[point][d];
    return at;
  }
};

/// An axis whose labels are its values becomes a dimension of numbers, ascending; others are words in the order of the plan.
void add_dimension(Cells& cells, const std::string& name, const std::string& long_name,
                   const std::vector<std::string>& labels, const std::vector<std::optional<double>>& numbers) {
  Dimension d{.name = safe_name(name), .labels = {}, .values = {}, .long_name = long_name};
  const bool all_numbers = std::ranges::all_of(numbers, [](const auto& n) { return n.has_value(); });
  if (all_numbers) {
    std::set<double> values;
    for (const auto& n : numbers) values.insert(*n);
    d.values.assign(values.begin(), values.end());
  } else {
    for (const std::string& label : labels)
      if (std::ranges::find(d.labels, label) == d.labels.end()) d.labels.push_back(label);
  }
  for (std::size_t p = 0; p < labels.size(); ++p)
    cells.positions[p].push_back(
        static_cast<std::size_t>(all_numbers ? std::ranges::lower_bound(d.values, *numbers[p]) - d.values.begin()
                                             : std::ranges::find(d.labels, labels[p]) - d.labels.begin()));
  cells.dimensions.push_back(std::move(d));
}

void add_axis(Cells& cells, const Table& table, const Axis& axis) {
  std::vector<std::string> labels;
  std::vector<std::optional<double>> numbers;
  for (const TablePoint& point : table.points) {
    labels.push_back(axis_label(table, point, axis.path));
    const scan::AxisValue* value = scan::find_value(point.point, axis.path);
    const bool is_number = value && std::holds_alternative<double>(*value) && labels.back() == text_of(*value);
    numbers.push_back(is_number ? std::optional(std::get<double>(*value)) : std::nullopt);
  }
  add_dimension(cells, axis.short_name, axis.path, labels, numbers);
}

Cells make_cells(const Table& table, const std::vector<std::string>& block_names) {
  Cells cells;
  cells.positions.resize(table.points.size());
  for (const Axis& axis : table.axes) add_axis(cells, table, axis);
  const std::set<std::vector<std::size_t>> places(cells.positions.begin(), cells.positions.end());
  if (places.size() < table.points.size()) {
    std::vector<std::string> labels;
    for (const TablePoint& point : table.points) labels.push_back(block_names.at(point.point.block));
    add_dimension(cells, "block", "block of the scan", labels, std::vector<std::optional<double>>(labels.size()));
  }
  for (const Dimension& d : cells.dimensions) cells.count *= d.size();
  return cells;
}

/// One array of the file: a quantity at every point, time and coordinate.
struct Variable {
  std::string name, sentence;
  std::string source;  ///< empty: measured
  std::string dimension;
  std::set<double> times, coordinates;
  std::function<Quantity(const TablePoint&, double time, double coordinate)> at;
};

/// The observables that have rows.
std::vector<Variable> of_rows(const Table& table) {
  std::map<std::string, Variable> all;
  const auto add = [&](const std::string& source, const Series& series) {
    for (const Member& member : series.members)
      for (const Row& row : member.rows) {
        const ObservableInfo& about = info(row.observable);
        const std::string name = (source.empty() ? "" : safe_name(source) + "_") + std::string(about.name);
        const auto [entry, is_new] = all.try_emplace(name);
        Variable& v = entry->second;
        v.times.insert(row.time);
        v.coordinates.insert(row.coordinate);
        if (!is_new) continue;
        v.name = name;
        v.sentence = about.sentence;
        v.source = source;
        v.dimension = about.dimension;
        v.at = [source, observable = row.observable](const TablePoint& point, double time, double coordinate) {
          const Series* of = series_of(point, source);
          return of ? mean_of_rows(*of, observable, time, coordinate) : no_quantity("not here");
        };
      }
  };
  for (const TablePoint& point : table.points) {
    add("", point.measured);
    for (const auto& [name, series] : point.theories) add(name, *series);
  }
  std::vector<Variable> variables;
  for (auto& [name, v] : all) variables.push_back(std::move(v));
  return variables;
}

/// What the analysis forms from predictors: the decomposition of the error, and deviation(theory) for every theory.
std::vector<Variable> of_predictors(const Table& table) {
  std::set<double> times;
  std::set<std::string> theories;
  for (const TablePoint& point : table.points) {
    for (const double time : times_of(point.measured, Observable::predictor)) times.insert(time);
    for (const auto& [name, series] : point.theories)
      if (!times_of(*series, Observable::predictor).empty()) theories.insert(name);
  }
  std::vector<Variable> variables;
  if (times.empty()) return variables;
  const auto site = [](double time) { return Site{0, {TimePick::Kind::exact, time}, std::nullopt, ""}; };
  for (const Observable o : {Observable::error_mean_predictor, Observable::bias2, Observable::variance_data,
                             Observable::variance_init, Observable::interaction})
    variables.push_back({.name = std::string(info(o).name),
                         .sentence = std::string(info(o).sentence),
                         .source = "",
                         .dimension = "",
                         .times = times,
                         .coordinates = {0},
                         .at = [o, site](const TablePoint& point, double time, double) {
                           return observe(point, "", o, 0, site(time), false);
                         }});
  for (const std::string& theory : theories)
    variables.push_back({.name = "deviation_" + safe_name(theory),
                         .sentence = fmt::format("deviation({}): root of the mean squared distance of the mean network "
                                                 "from the theory, from products of independent networks",
                                                 theory),
                         .source = "",
                         .dimension = "",
                         .times = times,
                         .coordinates = {0},
                         .at = [theory, site](const TablePoint& point, double time, double) {
                           const std::array<Quantity, 1> square{squared_deviation(point, theory, site(time))};
                           return propagate([](std::span<const double> v) { return signed_root(v[0]); }, square);
                         }});
  return variables;
}

/// Dimensions beside the axes: time, mode … Each has every value that any variable has along it, so that measurements and theories stand
/// on one grid; what a variable does not have is missing.
struct Inner {
  std::map<std::string, std::set<double>> values;
  std::map<std::string, int> ids;
};

void collect(Inner& inner, const std::string& name, const std::set<double>& values) {
  inner.values[name].insert(values.begin(), values.end());
}

Inner make_inner(const NetcdfFile& file, const std::vector<Variable>& variables) {
  Inner inner;
  for (const Variable& v : variables) {
    if (v.times.size() > 1) collect(inner, "time", v.times);
    if (!v.dimension.empty()) collect(inner, v.dimension, v.coordinates);
  }
  for (const auto& [name, values] : inner.values)
    inner.ids[name] =
        file.define({.name = safe_name(name),
                     .labels = {},
                     .values = {values.begin(), values.end()},
                     .long_name = name == "time" ? "training time η·steps/χ; infinite at equilibrium" : name});
  return inner;
}

void write_variable(const NetcdfFile& file, const Table& table, const Cells& cells, const Inner& all,
                    const Variable& v) {
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  std::vector<int> ids = cells.ids;
  const auto along = [&](const std::string& name) {
    ids.push_back(all.ids.at(name));
    const std::set<double>& values = all.values.at(name);
    return std::vector<double>(values.begin(), values.end());
  };
  const std::vector<double> times = v.times.size() > 1 ? along("time") : std::vector<double>{*v.times.begin()};
  const std::vector<double> coordinates = v.dimension.empty() ? std::vector<double>{0.0} : along(v.dimension);
  const std::size_t inner = times.size() * coordinates.size();
  std::vector<double> means(cells.count * inner, missing), errors = means;
  for (std::size_t p = 0; p < table.points.size(); ++p)
    for (std::size_t t = 0; t < times.size(); ++t)
      for (std::size_t c = 0; c < coordinates.size(); ++c) {
        if (!v.times.contains(times[t]) || !v.coordinates.contains(coordinates[c])) continue;
        const Quantity number = v.at(table.points[p], times[t], coordinates[c]);
        if (!number.has_value()) continue;
        const std::size_t at = cells.place(p) * inner + t * coordinates.size() + c;
        means[at] = number.value;
        errors[at] = estimate(number).standard_error;
      }
  if (std::ranges::all_of(means, [](double m) { return std::isnan(m); })) return;
  const std::string source = v.source.empty() ? "measured" : v.source;
  file.variable(v.name, ids, means,
                {{"long_name", v.sentence},
                 {"units", "1"},
                 {"source", source},
                 {"ancillary_variables", v.name + "_standard_error"}});
  file.variable(v.name + "_standard_error", ids, errors,
                {{"long_name", "standard error of " + v.name}, {"units", "1"}, {"source", source}});
}

}  // namespace

void write_netcdf(const Table& table, const std::vector<std::string>& block_names, const std::string& name,
                  const std::filesystem::path& path) {
  const NetcdfFile file(path);
  file.attribute("title", name);
  file.attribute("Conventions", "CF-1.8");
  Cells cells = make_cells(table, block_names);
  for (const Dimension& d : cells.dimensions) cells.ids.push_back(file.define(d));
  std::vector<Variable> variables = of_rows(table);
  for (Variable& v : of_predictors(table))
    if (std::ranges::find(variables, v.name, &Variable::name) == variables.end()) variables.push_back(std::move(v));
  const Inner inner = make_inner(file, variables);
  for (const Variable& v : variables) write_variable(file, table, cells, inner, v);
}

}  // namespace fieldscan::analysis
