#include "formula.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../quantity/observe.hpp"
#include "../quantity/observed.hpp"

namespace fieldscan::analysis {
namespace {

using Kind = scan::ResolvedName::Kind;

/// The defined number of the group that the site belongs to: all of the group's key holds at the site.
Quantity defined(const Context& context, const std::string& name, const Site& site) {
  const auto found = context.definitions.find(name);
  if (found == context.definitions.end()) return no_quantity(fmt::format("{} is not defined", name));
  const auto& point = context.table->points.at(site.point);
  for (const DefinedNumber& number : found->second) {
    const bool same = std::ranges::all_of(number.key, [&](const auto& entry) {
      if (entry.first == site.dimension) return number.site.coordinate == site.coordinate;
      if (entry.first == "time") return number.site.time.time == site.time.time;
      return axis_label(*context.table, point, entry.first) == entry.second;
    });
    if (same) return number.quantity;
  }
  return no_quantity(fmt::format("{} has no value here", name));
}

Quantity dimension_value(const std::string& name, const Site& site) {
  if (name == "time") return exact_quantity(site.time.kind == TimePick::Kind::exact ? site.time.time : 0);
  if (site.coordinate) return exact_quantity(*site.coordinate);
  return no_quantity(fmt::format("nothing here has the dimension {}", name));
}

Quantity atom_value(const Context& context, const scan::ResolvedName& name, const Site& site, const std::string& theory,
                    const DrawSet& draws) {
  const TablePoint& point = context.table->points.at(site.point);
  switch (name.kind) {
    case Kind::observable:
      return observe(point, theory, *name.observable, 0, site, draws);
    case Kind::prediction:
      return observe(point, name.theory, *name.observable, 0, site, draws);
    case Kind::error_ensemble:
      return observe(point, name.theory.empty() ? theory : name.theory, Observable::error_ensemble, name.members, site,
                     draws);
    case Kind::deviation:
      return squared_deviation(point, name.theory, site, draws);
    case Kind::rms:
      return squared_rms(point, name, site);
    case Kind::definition:
      return defined(context, name.name, site);
    case Kind::dimension:
      return dimension_value(name.name, site);
    case Kind::field:
      break;
  }
  const scan::AxisValue* value = scan::find_value(point.point, name.name);
  return value ? exact_quantity(scan::number_of(*value))
               : no_quantity(fmt::format("no field {} at this point", name.name));
}

bool measures(const scan::ResolvedName& name) {
  if (name.kind == Kind::rms) return std::ranges::any_of(name.sides, measures);
  return name.kind == Kind::deviation ||
         ((name.kind == Kind::observable || name.kind == Kind::error_ensemble) && name.theory.empty());
}

/// Calls visit(theory, observable) for every observable that a formula needs at a point.
template <class Visit>
void for_each_observable(const std::vector<scan::ResolvedName>& names, const std::string& theory, Visit visit) {
  for (const auto& name : names) {
    if (name.kind == Kind::deviation)
      visit(std::string(), Observable::predictor);
    else if (name.kind == Kind::rms)
      for_each_observable(name.sides, theory, visit);
    else if (name.kind == Kind::error_ensemble)
      visit(name.theory.empty() ? theory : name.theory, Observable::error_ensemble);
    else if (name.observable && (name.kind == Kind::observable || name.kind == Kind::prediction))
      visit(name.kind == Kind::observable ? theory : name.theory, *name.observable);
  }
}

using DrawLists = std::vector<std::set<std::int64_t>>;

/// The draws of every series that names stand for; series that have none yet say so themselves.
void add_draws(const TablePoint& point, const std::vector<scan::ResolvedName>& names, const std::string& theory,
               DrawLists& lists) {
  const auto add = [&](const std::string& of) {
    const Series* series = series_of(point, of);
    if (!series || series->level == Level::nothing) return;
    if (auto draws = usable_draws(*series); !draws.empty()) lists.push_back(std::move(draws));
  };
  for (const auto& name : names) {
    if (name.kind == Kind::rms) add_draws(point, name.sides, theory, lists);
    if (name.kind == Kind::observable) add(theory);
    if (name.kind == Kind::deviation) add("");
    if (name.kind == Kind::deviation || name.kind == Kind::prediction) add(name.theory);
    if (name.kind == Kind::error_ensemble) add(name.theory.empty() ? theory : name.theory);
  }
}

DrawLists draws_of(const Context& context, const Side& side) {
  DrawLists lists;
  add_draws(context.table->points.at(side.site.point), side.formula.atoms, side.theory, lists);
  return lists;
}

/// What all lists have; nullopt where there is none.
DrawSet common(const DrawLists& lists) {
  if (lists.empty()) return std::nullopt;
  std::set<std::int64_t> shared = lists[0];
  for (const auto& list : lists) std::erase_if(shared, [&](std::int64_t draw) { return !list.contains(draw); });
  return shared;
}

Quantity evaluate_on(const Context& context, const Side& side, Power power, const DrawSet& draws) {
  if (draws && draws->empty()) return no_quantity("no data draw has results of both sides yet");
  std::vector<Quantity> parts;
  std::vector<bool> rooted;
  for (const auto& name : side.formula.atoms) {
    parts.push_back(atom_value(context, name, side.site, side.theory, draws));
    rooted.push_back(name.kind == Kind::deviation || name.kind == Kind::rms);
    if (!parts.back().has_value()) return parts.back();
  }
  std::vector<double> values(parts.size());
  const auto number_of_formula = [&](std::span<const double> squares) {
    for (std::size_t k = 0; k < squares.size(); ++k) values[k] = rooted[k] ? signed_root(squares[k]) : squares[k];
    const double y = side.formula.expression.evaluate(std::span<const double>(values));
    return power == Power::signed_square ? y * std::abs(y) : y;
  };
  return propagate(number_of_formula, parts);
}

}  // namespace

double signed_root(double x) { return x < 0 ? -std::sqrt(-x) : std::sqrt(x); }

bool has_root(const scan::Mentions& formula) { return formula.any(Kind::deviation) || formula.any(Kind::rms); }

bool mentions_measurement(const scan::Mentions& formula) { return std::ranges::any_of(formula.atoms, measures); }

scan::Mentions as_predicted(scan::Mentions formula, const std::string& theory) {
  if (mentions_measurement(formula)) return formula;
  const auto replace = [&](scan::ResolvedName& name) {
    if (name.kind == Kind::prediction || name.kind == Kind::error_ensemble) name.theory = theory;
  };
  for (auto& name : formula.atoms) {
    replace(name);
    std::ranges::for_each(name.sides, replace);
  }
  return formula;
}

bool is_theory(const Table& table, const std::string& word) {
  return std::ranges::any_of(table.points, [&](const TablePoint& p) {
    return p.theories.contains(word) ||
           std::ranges::any_of(p.point.theories, [&](const auto& use) { return use.name == word; });
  });
}

Quantity evaluate(const Context& context, const scan::Mentions& formula, const Site& site, const std::string& theory,
                  Power power, Draws draws) {
  DrawLists lists = draws_of(context, {formula, site, theory});
  const TablePoint& point = context.table->points.at(site.point);
  if (draws == Draws::measured || mentions_measurement(formula))  // a theory in the place of a measurement
    if (auto measured = usable_draws(point.measured); !measured.empty()) lists.push_back(std::move(measured));
  return evaluate_on(context, {formula, site, theory}, power, common(lists));
}

Pair evaluate_pair(const Context& context, const Side& a, const Side& b, Power power) {
  DrawLists lists = draws_of(context, a);
  const DrawLists of_b = draws_of(context, b);
  lists.insert(lists.end(), of_b.begin(), of_b.end());
  const DrawSet shared = common(lists);
  if (shared && shared->empty() && a.site.point != b.site.point)
    return {evaluate(context, a.formula, a.site, a.theory, power),
            evaluate(context, b.formula, b.site, b.theory, power), ""};
  Pair pair{evaluate_on(context, a, power, shared), evaluate_on(context, b, power, shared), ""};
  std::size_t most = 0;
  for (const auto& draws : lists) most = std::max(most, draws.size());
  if (shared && shared->size() < most)
    pair.draws = fmt::format("on the {} of {} data draws that both have", shared->size(), most);
  return pair;
}

std::vector<double> times_at(const Context& context, const scan::Mentions& formula, std::size_t point,
                             const std::string& theory) {
  std::vector<double> times;
  const TablePoint& entry = context.table->points.at(point);
  for_each_observable(formula.atoms, theory, [&](const std::string& of, Observable observable) {
    if (!times.empty()) return;
    if (const Series* series = series_of(entry, of)) times = times_of(*series, carrier(observable, of));
  });
  return times;
}

std::pair<std::string, std::vector<double>> coordinates_at(const scan::Mentions& formula, const TablePoint& point,
                                                           const std::string& theory) {
  std::pair<std::string, std::vector<double>> result;
  for_each_observable(formula.atoms, theory, [&](const std::string& of, Observable observable) {
    const ObservableInfo& about = info(observable);
    if (!result.first.empty() || about.dimension.empty() || about.form == Form::array) return;
    result.first = about.dimension;
    if (const Series* series = series_of(point, of)) result.second = coordinates_of(*series, observable);
  });
  return result;
}

}  // namespace fieldscan::analysis
