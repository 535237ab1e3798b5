#include "formula.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../quantity/bootstrap.hpp"
#include "../quantity/observe.hpp"
#include "../quantity/observed.hpp"
#include "fieldscan/scan/expression/denominators.hpp"
#include "fieldscan/scan/statement/predicted.hpp"
#include "fieldscan/training/clock.hpp"
#include "no_number.hpp"

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

/// The time of a site in steps, epochs or operations.
Quantity clock_value(training::ClockUnit unit, const scan::PointSpec& spec, const Site& site) {
  const auto clock = training::clock_of(spec.training, {spec.network, spec.data, spec.ridge});
  if (!clock) return no_quantity(fmt::format("{} has no fixed steps: `versus: time`", kind_of(spec.training)));
  const auto value = clock->reading(unit, site.time.kind == TimePick::Kind::exact ? site.time.time : 0);
  return value ? exact_quantity(*value) : no_quantity(fmt::format("no {} here", word(unit)));
}

Quantity dimension_value(const Context& context, const std::string& name, const Site& site) {
  if (name == "time") return exact_quantity(site.time.kind == TimePick::Kind::exact ? site.time.time : 0);
  if (const auto unit = from_word<training::ClockUnit>(name))
    return clock_value(*unit, context.table->points.at(site.point).point.spec, site);
  if (site.coordinate) return exact_quantity(*site.coordinate);
  return no_quantity(fmt::format("nothing here has the dimension {}", name));
}

/// What networks are at a time that is named is no matter of whether they converge; what they end at is.
Quantity at_time(Quantity quantity, const TimePick& time) {
  if (time.kind != TimePick::Kind::exact) return quantity;
  quantity.unconverged = 0;
  quantity.unfinished.clear();
  return quantity;
}

Quantity atom_value(const Context& context, const scan::ResolvedName& name, const Site& at, const std::string& theory,
                    const DrawSet& draws) {
  const TablePoint& point = context.table->points.at(at.point);
  Site site = at;
  if (!name.at.empty()) {
    const auto time = time_of_word(point, name.at);
    if (!time) return no_quantity(fmt::format("no validation error yet, which says when {} is", name.text));
    site.time = *time;
  }
  const auto observed = [&](const std::string& of, Observable observable, double members) {
    return at_time(observe(point, of, observable, members, site, draws), site.time);
  };
  switch (name.kind) {
    case Kind::observable:
      return observed(theory, *name.observable, site.coordinate.value_or(0));
    case Kind::prediction:
      return observed(name.theory, *name.observable, site.coordinate.value_or(0));
    case Kind::error_ensemble:
      return observed(name.theory.empty() ? theory : name.theory, Observable::error_ensemble, name.members);
    case Kind::deviation:
      return at_time(squared_deviation(point, name.theory, site, draws), site.time);
    case Kind::rms:
      return at_time(squared_rms(point, name, site), site.time);
    case Kind::definition:
      return defined(context, name.name, site);
    case Kind::dimension:
      return dimension_value(context, name.name, site);
    case Kind::field:
      break;
  }
  const scan::AxisValue* value = scan::find_value(point.point, name.name);
  return value ? exact_quantity(scan::number_of(*value))
               : no_quantity(fmt::format("no field {} at this point", name.name));
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

/// What the series of a formula have: draws of every one, replicas of those that have single ones. Replicas are paired
/// where a theory is given them; networks of two points share draws alone.
struct MemberLists {
  std::vector<std::set<std::int64_t>> draws;
  std::vector<std::set<std::pair<std::int64_t, std::int64_t>>> replicas;
  bool paired = false;
};

/// Of a series that has none yet nothing: it says so itself.
void add_members(const Series& series, MemberLists& lists) {
  auto draws = usable_draws(series);
  if (series.level == Level::nothing || draws.empty()) return;
  lists.draws.push_back(std::move(draws));
  if (series.level == Level::replica) lists.replicas.push_back(usable_replicas(series));
}

/// The members of every series that names stand for.
void add_members(const TablePoint& point, const std::vector<scan::ResolvedName>& names, const std::string& theory,
                 MemberLists& lists) {
  const auto add = [&](const std::string& of) {
    const Series* series = series_of(point, of);
    if (!series) return;
    add_members(*series, lists);
    lists.paired = lists.paired || (!of.empty() && series->level == Level::replica);
  };
  for (const auto& name : names) {
    if (name.kind == Kind::rms) add_members(point, name.sides, theory, lists);
    if (name.kind == Kind::observable) add(theory);
    if (name.kind == Kind::deviation) add("");
    if (name.kind == Kind::deviation || name.kind == Kind::prediction) add(name.theory);
    if (name.kind == Kind::error_ensemble) add(name.theory.empty() ? theory : name.theory);
  }
}

void add_members(const Context& context, const Side& side, MemberLists& lists) {
  add_members(context.table->points.at(side.site.point), side.formula.atoms, side.theory, lists);
}

template <class Key>
std::set<Key> in_all(const std::vector<std::set<Key>>& lists) {
  std::set<Key> shared = lists[0];
  for (const auto& list : lists) std::erase_if(shared, [&](const Key& key) { return !list.contains(key); });
  return shared;
}

/// What all lists have; nullopt where there is none.
DrawSet common(const MemberLists& lists) {
  if (lists.draws.empty()) return std::nullopt;
  Shared shared{.draws = in_all(lists.draws)};
  if (!lists.paired || lists.replicas.size() < 2) return shared;
  shared.replicas = in_all(lists.replicas);
  std::set<std::int64_t> of_replicas;
  for (const auto& [draw, initialisation] : *shared.replicas) of_replicas.insert(draw);
  std::erase_if(shared.draws, [&](std::int64_t draw) { return !of_replicas.contains(draw); });
  return shared;
}

/// That a formula makes no number of its parts.
Quantity undefined(std::span<const Quantity> parts, std::string why) {
  Basis basis;
  for (const Quantity& part : parts) basis.join(marked_basis(part));
  return no_quantity(Missing{std::move(why), Lack::undefined, basis});
}

/// The atoms of a formula with their numbers; of roots the squares.
struct Parts {
  std::span<const scan::Atom> atoms;
  std::vector<Quantity> numbers;
  std::vector<bool> rooted;
};

/// Which denominator of a formula its errors leave no sign: nothing tells how far the ratio may be off. Empty where all
/// are sure.
std::string lost_denominator(const scan::Expression& expression, const Parts& parts) {
  if (expression.text().find('/') == std::string::npos) return "";
  for (const std::string& text : scan::denominators(expression.text())) {
    const scan::Expression below = scan::Expression::compile(text, scan::Scope::statement);
    std::vector<Quantity> numbers;
    std::vector<bool> rooted;
    for (const scan::Atom& atom : below.atoms()) {
      const auto at = std::ranges::find(parts.atoms, atom.text, &scan::Atom::text) - parts.atoms.begin();
      if (static_cast<std::size_t>(at) == parts.numbers.size()) return "";
      numbers.push_back(parts.numbers[static_cast<std::size_t>(at)]);
      rooted.push_back(parts.rooted[static_cast<std::size_t>(at)]);
    }
    std::vector<double> values(numbers.size());
    const auto signed_square = [&](std::span<const double> squares) {
      for (std::size_t k = 0; k < squares.size(); ++k) values[k] = rooted[k] ? signed_root(squares[k]) : squares[k];
      const double y = below.evaluate(std::span<const double>(values));
      return y * std::abs(y);
    };
    const Quantity denominator = propagate(signed_square, numbers);
    if (denominator.has_value() && !denominator.exact() && !can_divide(denominator)) return text;
  }
  return "";
}

/// In the place of a ratio, of which all else is known.
Quantity lost_ratio(const Quantity& ratio, const std::string& denominator) {
  Quantity none =
      no_quantity(fmt::format("the denominator {} is lost in its error: the ratio may be anything", denominator));
  none.unequilibrated = ratio.unequilibrated;
  none.unconverged = ratio.unconverged;
  none.outside = ratio.outside;
  none.outside_in = ratio.outside_in;
  none.basis = ratio.basis;
  return none;
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
  std::string refused;           // why its value has none: a comparison of what is no number
  std::optional<double> centre;  // within the errors alone that is no matter
  const auto number_of_formula = [&](std::span<const double> squares) {
    for (std::size_t k = 0; k < squares.size(); ++k) values[k] = rooted[k] ? signed_root(squares[k]) : squares[k];
    try {
      const double y = side.formula.expression.evaluate(std::span<const double>(values));
      const double number = power == Power::signed_square ? y * std::abs(y) : y;
      if (!centre) centre = number;
      return number;
    } catch (const scan::ExpressionError& error) {
      if (!centre) refused = error.what();
      return centre.value_or(std::numeric_limits<double>::quiet_NaN());
    }
  };
  Quantity quantity = propagate(number_of_formula, parts);
  if (!refused.empty()) return undefined(parts, refused);
  if (!quantity.has_value()) {
    if (!centre || std::isfinite(*centre)) return quantity;
    for (std::size_t k = 0; k < parts.size(); ++k) values[k] = rooted[k] ? signed_root(parts[k].value) : parts[k].value;
    return undefined(parts, why_no_number(side.formula.expression, values));
  }
  const scan::Expression& expression = side.formula.expression;
  const std::string lost = lost_denominator(expression, {expression.atoms(), parts, rooted});
  if (lost.empty()) return quantity;
  return lost_ratio(quantity, lost);
}

}  // namespace

std::optional<TimePick> time_of_word(const TablePoint& point, const std::string& word) {
  if (word == "start") return TimePick{TimePick::Kind::start, 0};
  if (word != "best") return TimePick{TimePick::Kind::end, 0};
  std::optional<TimePick> best;
  double least = std::numeric_limits<double>::infinity();
  for (const double time : times_of(point.measured, Observable::error_validation)) {
    const Quantity q = mean_of_rows(point.measured, Observable::error_validation, time, 0);
    if (q.has_value() && q.value < least) least = q.value, best = TimePick{TimePick::Kind::exact, time, true};
  }
  return best;
}

double signed_root(double x) { return x < 0 ? -std::sqrt(-x) : std::sqrt(x); }

bool has_root(const scan::Mentions& formula) { return formula.any(Kind::deviation) || formula.any(Kind::rms); }

bool mentions_measurement(const scan::Mentions& formula) {
  return std::ranges::any_of(formula.atoms, scan::is_measured);
}

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

bool is_reference(const Table& table, const std::string& theory) {
  return std::ranges::any_of(table.points, [&](const TablePoint& p) {
    return std::ranges::any_of(p.point.theories, [&](const scan::TheoryUse& use) {
      return use.name == theory && use.role == scan::Role::reference;
    });
  });
}

Quantity evaluate(const Context& context, const scan::Mentions& formula, const Site& site, const std::string& theory,
                  Power power, Draws draws) {
  MemberLists lists;
  add_members(context, {formula, site, theory}, lists);
  const TablePoint& point = context.table->points.at(site.point);
  if (draws == Draws::paired && mentions_measurement(formula)) add_members(point.measured, lists);
  return evaluate_on(context, {formula, site, theory}, power, common(lists));
}

Pair evaluate_pair(const Context& context, const Side& a, const Side& b, Power power) {
  MemberLists lists;
  add_members(context, a, lists);
  add_members(context, b, lists);
  const DrawSet shared = common(lists);
  if (shared && shared->empty() && a.site.point != b.site.point)
    return {evaluate(context, a.formula, a.site, a.theory, power),
            evaluate(context, b.formula, b.site, b.theory, power), ""};
  Pair pair{evaluate_on(context, a, power, shared), evaluate_on(context, b, power, shared), ""};
  std::size_t most = 0;
  for (const auto& draws : lists.draws) most = std::max(most, draws.size());
  if (shared && shared->draws.size() < most)
    pair.draws = fmt::format("on the {} of {} data draws that both have", shared->draws.size(), most);
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
  if (times.size() > 1 && std::isinf(times.back())) times.pop_back();  // of chains: their average, which is no time
  return times;
}

std::pair<std::string, std::vector<double>> coordinates_at(const scan::Mentions& formula, const TablePoint& point,
                                                           const std::string& theory) {
  std::pair<std::string, std::vector<double>> result;
  std::vector<scan::ResolvedName> names = formula.atoms;  // error_ensemble(20) has its number
  std::erase_if(names, [](const auto& name) { return name.kind == Kind::error_ensemble; });
  for_each_observable(names, theory, [&](const std::string& of, Observable observable) {
    const ObservableInfo& about = info(observable);
    if (!result.first.empty() || about.dimension.empty() || about.form == Form::array) return;
    result.first = about.dimension;
    if (observable == Observable::error_ensemble)
      result.second = point.point.observe.members;
    else if (const Series* series = series_of(point, of))
      result.second = coordinates_of(*series, observable);
  });
  return result;
}

}  // namespace fieldscan::analysis
