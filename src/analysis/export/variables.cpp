#include "variables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>

#include "../formula/formula.hpp"
#include "../quantity/observe.hpp"
#include "../quantity/observed.hpp"
#include "../text/axis_words.hpp"
#include "fieldscan/theory/predict.hpp"
#include "records.hpp"

namespace fieldscan::analysis {
namespace {

/// "nngp (solver = conjugate_gradients)".
std::string title_of(const theory::AnyTheory& theory) {
  std::string settings;
  for (const auto& [path, value] : theory::options_of(theory))
    settings += fmt::format("{}{} = {}", settings.empty() ? "" : ", ", path, value);
  return fmt::format("{}{}", theory::kind_of(theory), settings.empty() ? "" : " (" + settings + ")");
}

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
        v.coordinates.insert(row.coordinate);
        if (!is_new) continue;
        v.name = name;
        v.sentence = said_of(table, source, row.observable);
        v.source = source;
        v.dimension = about.dimension;
        v.in_time = has_several_times(table, source, row.observable);
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

bool is_measured(const Table& table, Observable observable) {
  return std::ranges::any_of(table.points,
                             [&](const TablePoint& p) { return !times_of(p.measured, observable).empty(); });
}

Site site(double time) { return {0, {TimePick::Kind::exact, time}, std::nullopt, ""}; }

/// What is formed at a time, where networks have its observable then: of one time alone a formula would take that one.
/// Where none has it at any time the formula says why.
Quantity at_own_time(const TablePoint& point, Observable carrier, double time, const std::function<Quantity()>& form) {
  const auto is_then = [&](double own) { return same_time(own, time); };
  const std::vector<double> times = times_of(point.measured, carrier);
  return times.empty() || std::ranges::any_of(times, is_then) ? form() : no_quantity("not at this time");
}

/// A number that the analysis forms from several networks, wherever these have `carrier`.
Variable formed(const Table& table, Observable o, Observable carrier) {
  return {.name = std::string(info(o).name),
          .sentence = std::string(info(o).sentence),
          .source = "",
          .dimension = "",
          .coordinates = {0},
          .in_time = has_several_times(table, "", carrier),
          .at = [o, carrier](const TablePoint& point, double time, double) {
            return at_own_time(point, carrier, time,
                               [&] { return observe(point, "", o, 0, site(time), std::nullopt); });
          }};
}

/// The errors of the means of as many networks as `observe` says.
std::vector<Variable> of_ensembles(const Table& table) {
  std::set<double> members;
  for (const TablePoint& point : table.points)
    members.insert(point.point.observe.members.begin(), point.point.observe.members.end());
  if (members.empty() || !is_measured(table, Observable::predictor)) return {};
  Variable variable = formed(table, Observable::error_ensemble, Observable::predictor);
  variable.dimension = info(Observable::error_ensemble).dimension;
  variable.coordinates = members;
  variable.at = [](const TablePoint& point, double time, double coordinate) {
    return at_own_time(point, Observable::predictor, time, [&] {
      return observe(point, "", Observable::error_ensemble, coordinate, site(time), std::nullopt);
    });
  };
  return {std::move(variable)};
}

/// The variance of the kernel, where kernels are stored.
std::vector<Variable> of_kernels(const Table& table) {
  if (!is_measured(table, Observable::ntk_empirical)) return {};
  return {formed(table, Observable::ntk_variance, Observable::ntk_empirical)};
}

/// What the analysis forms from predictors: the decomposition of the error, and deviation(theory) for every theory.
std::vector<Variable> of_predictors(const Table& table) {
  std::set<std::string> theories;
  for (const TablePoint& point : table.points)
    for (const auto& [name, series] : point.theories)
      if (!times_of(*series, Observable::predictor).empty()) theories.insert(name);
  std::vector<Variable> variables;
  if (!is_measured(table, Observable::predictor)) return variables;
  for (const ObservableInfo& about : all_observables()) {
    const Observable o = *find_observable(about.name);
    if (about.formed_from == Observable::predictor && o != Observable::error_ensemble)  // of_ensembles
      variables.push_back(formed(table, o, Observable::predictor));
  }
  for (const std::string& theory : theories)
    variables.push_back({.name = "deviation_" + safe_name(theory),
                         .sentence = fmt::format("deviation({}): root of the mean squared distance of the mean network "
                                                 "from the theory, from products of independent networks",
                                                 theory),
                         .source = "",
                         .dimension = "",
                         .coordinates = {0},
                         .in_time = has_several_times(table, "", Observable::predictor),
                         .at = [theory](const TablePoint& point, double time, double) {
                           return at_own_time(point, Observable::predictor, time, [&] {
                             const std::array<Quantity, 1> square{squared_deviation(point, theory, site(time))};
                             return propagate([](std::span<const double> v) { return signed_root(v[0]); }, square);
                           });
                         }});
  return variables;
}

}  // namespace

std::string said_of(const Table& table, const std::string& source, Observable observable) {
  const ObservableInfo& about = info(observable);
  if (source.empty()) return std::string(about.sentence);
  std::set<std::string> titles;  // blocks may give one name to different theories
  for (const TablePoint& point : table.points)
    for (const scan::TheoryUse& use : point.point.theories)
      if (use.name == source) titles.insert(title_of(use.theory));
  std::string by;
  for (const std::string& title : titles) by += (by.empty() ? ", a prediction of " : " or ") + title;
  return fmt::format("{} of {}{}: {}", axis_words(std::string(about.name)), source, by, about.sentence);
}

std::string safe_name(std::string name) {
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_') c = '_';
  return name;
}

std::vector<Variable> variables_of(const Table& table) {
  std::vector<Variable> variables = of_rows(table);
  for (Variable& v : of_predictors(table))
    if (std::ranges::find(variables, v.name, &Variable::name) == variables.end()) variables.push_back(std::move(v));
  for (Variable& v : of_kernels(table)) variables.push_back(std::move(v));
  for (Variable& v : of_ensembles(table)) variables.push_back(std::move(v));
  return variables;
}

}  // namespace fieldscan::analysis
