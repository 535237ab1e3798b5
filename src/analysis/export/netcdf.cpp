#include "netcdf.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "../formula/formula.hpp"
#include "../quantity/observe.hpp"
#include "../quantity/observed.hpp"
#include "fieldscan/core/error.hpp"
#include "netcdf_arrays.hpp"

namespace fieldscan::analysis {
namespace {

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

std::set<double> measured_times(const Table& table, Observable observable) {
  std::set<double> times;
  for (const TablePoint& point : table.points)
    for (const double time : times_of(point.measured, observable)) times.insert(time);
  return times;
}

Site site(double time) { return {0, {TimePick::Kind::exact, time}, std::nullopt, ""}; }

/// A number that the analysis forms from several networks.
Variable formed(Observable o, const std::set<double>& times) {
  return {.name = std::string(info(o).name),
          .sentence = std::string(info(o).sentence),
          .source = "",
          .dimension = "",
          .times = times,
          .coordinates = {0},
          .at = [o](const TablePoint& point, double time, double) {
            return observe(point, "", o, 0, site(time), std::nullopt);
          }};
}

/// The errors of the means of as many networks as `observe` says.
std::vector<Variable> of_ensembles(const Table& table) {
  const std::set<double> times = measured_times(table, Observable::predictor);
  std::set<double> members;
  for (const TablePoint& point : table.points)
    members.insert(point.point.observe.members.begin(), point.point.observe.members.end());
  if (times.empty() || members.empty()) return {};
  Variable variable = formed(Observable::error_ensemble, times);
  variable.dimension = info(Observable::error_ensemble).dimension;
  variable.coordinates = members;
  variable.at = [](const TablePoint& point, double time, double coordinate) {
    return observe(point, "", Observable::error_ensemble, coordinate, site(time), std::nullopt);
  };
  return {std::move(variable)};
}

/// The variance of the kernel, where kernels are stored.
std::vector<Variable> of_kernels(const Table& table) {
  const std::set<double> times = measured_times(table, Observable::ntk_empirical);
  return times.empty() ? std::vector<Variable>{} : std::vector{formed(Observable::ntk_variance, times)};
}

/// What the analysis forms from predictors: the decomposition of the error, and deviation(theory) for every theory.
std::vector<Variable> of_predictors(const Table& table) {
  const std::set<double> times = measured_times(table, Observable::predictor);
  std::set<std::string> theories;
  for (const TablePoint& point : table.points)
    for (const auto& [name, series] : point.theories)
      if (!times_of(*series, Observable::predictor).empty()) theories.insert(name);
  std::vector<Variable> variables;
  if (times.empty()) return variables;
  for (const ObservableInfo& about : all_observables()) {
    const Observable o = *find_observable(about.name);
    if (about.formed_from == Observable::predictor && o != Observable::error_ensemble)  // of_ensembles
      variables.push_back(formed(o, times));
  }
  for (const std::string& theory : theories)
    variables.push_back({.name = "deviation_" + safe_name(theory),
                         .sentence = fmt::format("deviation({}): root of the mean squared distance of the mean network "
                                                 "from the theory, from products of independent networks",
                                                 theory),
                         .source = "",
                         .dimension = "",
                         .times = times,
                         .coordinates = {0},
                         .at = [theory](const TablePoint& point, double time, double) {
                           const std::array<Quantity, 1> square{squared_deviation(point, theory, site(time))};
                           return propagate([](std::span<const double> v) { return signed_root(v[0]); }, square);
                         }});
  return variables;
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
  NetcdfFile file;
  file.attribute("title", name);
  file.attribute("Conventions", "CF-1.8");
  const Cells cells = make_cells(file, table, block_names);
  std::vector<Variable> variables = of_rows(table);
  for (Variable& v : of_predictors(table))
    if (std::ranges::find(variables, v.name, &Variable::name) == variables.end()) variables.push_back(std::move(v));
  for (Variable& v : of_kernels(table)) variables.push_back(std::move(v));
  for (Variable& v : of_ensembles(table)) variables.push_back(std::move(v));
  const std::vector<ArrayVariable> arrays = of_arrays(table);
  Inner inner;
  for (const Variable& v : variables) {
    if (v.times.size() > 1) collect(inner, "time", v.times);
    if (!v.dimension.empty()) collect(inner, v.dimension, v.coordinates);
  }
  for (const ArrayVariable& v : arrays) collect(inner, v);
  define(inner, file);
  for (const Variable& v : variables) write_variable(file, table, cells, inner, v);
  std::string left_out;
  for (const ArrayVariable& v : arrays)
    if (!write_array(file, table, cells, inner, v)) left_out += (left_out.empty() ? "" : " ") + v.name;
  if (!left_out.empty()) file.attribute("left_out_for_size", left_out);
  file.write(path);
  if (left_out.empty()) return;
  throw EnvironmentError(fmt::format(
      "{} is written without {}: arrays of more than {} numbers; observe them from fewer replicas or on fewer points "
      "(`replicas`, `on`)",
      path.string(), left_out, most_array_numbers));
}

}  // namespace fieldscan::analysis
