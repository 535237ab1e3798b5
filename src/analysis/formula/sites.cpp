#include "sites.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "../quantity/observe.hpp"
#include "../text/number.hpp"
#include "fieldscan/training/clock.hpp"

namespace fieldscan::analysis {
namespace {

using Kind = scan::ResolvedName::Kind;

/// Steps, epochs and operations are the time in another unit: what varies along them varies in time.
std::string moving_name(const scan::ResolvedName& name) {
  return name.kind == Kind::dimension && from_word<training::ClockUnit>(name.name) ? "time" : name.name;
}

bool mentions_time(const Context& context, const Selection& selection) {
  const auto has_time = [](const scan::Mentions& m) { return names_in(m).contains("time"); };
  if (selection.at == "all" || std::ranges::any_of(selection.formulas, has_time)) return true;
  if (selection.where && has_time(*selection.where)) return true;
  return full_names(context, selection.names).contains("time");
}

std::vector<TimePick> picks(const Context& context, const Selection& selection, std::size_t point, bool all_times) {
  using Pick = TimePick::Kind;
  if (all_times) {
    std::vector<double> times;
    for (const auto& formula : selection.formulas)
      if (times.empty()) times = times_at(context, formula, point, selection.theory);
    std::vector<TimePick> result;
    for (double time : times) result.push_back({Pick::exact, time});
    if (result.empty()) result.push_back({Pick::end, 0});  // a site that can say why it has no number
    return result;
  }
  if (selection.at == "start") return {{Pick::start, 0}};
  if (selection.at == "best") {
    const auto time = time_of_word(context.table->points[point], selection.at);
    return time ? std::vector<TimePick>{*time} : std::vector<TimePick>{};
  }
  double time = 0;
  const char* end = selection.at.data() + selection.at.size();
  if (!selection.at.empty() && std::from_chars(selection.at.data(), end, time).ptr == end) return {{Pick::exact, time}};
  return {{Pick::end, 0}};
}

bool has_theory(const TablePoint& point, const std::string& name) {
  return point.theories.contains(name) ||
         std::ranges::any_of(point.point.theories, [&](const auto& use) { return use.name == name; });
}

/// Whether a point can have the numbers: it trains where a measurement is mentioned, and has the theories that are.
bool can_have(const TablePoint& point, const scan::ResolvedName& name, const std::string& theory) {
  if (name.kind == Kind::rms)
    return std::ranges::all_of(name.sides, [&](const auto& side) { return can_have(point, side, theory); });
  if (name.kind == Kind::deviation) return scan::trains(point.point.spec) && has_theory(point, name.theory);
  if (name.kind != Kind::observable && name.kind != Kind::prediction && name.kind != Kind::error_ensemble) return true;
  const std::string& of = name.theory.empty() ? theory : name.theory;
  return of.empty() ? scan::trains(point.point.spec) : has_theory(point, of);
}

bool can_have(const TablePoint& point, const Selection& selection) {
  return std::ranges::all_of(selection.theories, [&](const auto& name) { return has_theory(point, name); }) &&
         std::ranges::all_of(selection.formulas, [&](const scan::Mentions& formula) {
           return std::ranges::all_of(formula.atoms,
                                      [&](const auto& atom) { return can_have(point, atom, selection.theory); });
         });
}

std::vector<Site> sites_of_point(const Context& context, const Selection& selection, std::size_t point,
                                 bool all_times) {
  std::string dimension;
  std::vector<double> coordinates;
  for (const auto& formula : selection.formulas)
    if (coordinates.empty())
      std::tie(dimension, coordinates) = coordinates_at(formula, context.table->points[point], selection.theory);
  std::vector<Site> sites;
  for (const TimePick& time : picks(context, selection, point, all_times)) {
    if (coordinates.empty()) sites.push_back({point, time, std::nullopt, ""});
    for (double c : coordinates) sites.push_back({point, time, c, dimension});
  }
  return sites;
}

bool is_measured_or_predicted(const scan::ResolvedName& atom) {
  return atom.kind != Kind::definition && atom.kind != Kind::field && atom.kind != Kind::dimension;
}

/// The sites of a formula that is made of defined numbers alone: one per number. Beside what has a value at every point
/// a defined number stands at each of those points.
std::vector<Site> sites_of_definitions(const Context& context, const Selection& selection) {
  for (const auto& formula : selection.formulas)
    if (std::ranges::any_of(formula.atoms, is_measured_or_predicted)) return {};
  for (const auto& formula : selection.formulas)
    for (const auto& atom : formula.atoms)
      if (atom.kind == Kind::definition) {
        std::vector<Site> sites;
        const auto found = context.definitions.find(atom.name);
        if (found == context.definitions.end()) return sites;
        for (const DefinedNumber& number : found->second) sites.push_back(number.site);
        return sites;
      }
  return {};
}

bool holds(const Context& context, const std::optional<scan::Mentions>& where, const Site& site) {
  if (!where) return true;
  const Quantity q = evaluate(context, *where, site);
  return q.has_value() && q.value != 0;
}

/// All sites at which the formulas can have numbers.
std::vector<Site> candidates_of(const Context& context, const Selection& selection) {
  const bool all_times = mentions_time(context, selection);
  std::vector<Site> candidates = sites_of_definitions(context, selection);
  if (!candidates.empty()) return candidates;
  for (std::size_t p = 0; p < context.table->points.size(); ++p) {
    if (!can_have(context.table->points[p], selection)) continue;
    const std::vector<Site> of_point = sites_of_point(context, selection, p, all_times);
    candidates.insert(candidates.end(), of_point.begin(), of_point.end());
  }
  return candidates;
}

}  // namespace

std::set<std::string> names_in(const scan::Mentions& formula) {
  std::set<std::string> names;
  for (const auto& atom : formula.atoms)
    if (atom.kind == Kind::field || atom.kind == Kind::dimension) names.insert(moving_name(atom));
  return names;
}

std::set<std::string> full_names(const Context& context, const std::vector<std::string>& names) {
  std::set<std::string> full;
  for (const std::string& name : names) full.insert(moving_name(context.resolve_name(name)));
  return full;
}

std::string label_at(const Context& context, const Site& site, const std::string& name) {
  if (name == "time") return site.time.kind == TimePick::Kind::exact && !site.time.own ? number(site.time.time) : "";
  if (!site.dimension.empty() && name == site.dimension) return site.coordinate ? number(*site.coordinate) : "";
  return axis_label(*context.table, context.table->points.at(site.point), name);
}

std::vector<Site> select_sites(const Context& context, const Selection& selection) {
  std::vector<Site> sites = candidates_of(context, selection);
  std::erase_if(sites, [&](const Site& site) { return !holds(context, selection.where, site); });
  return sites;
}

UnknownSites unknown_sites(const Context& context, const Selection& selection) {
  if (!selection.where || std::ranges::none_of(selection.where->atoms, is_measured_or_predicted)) return {};
  const std::vector<Site> candidates = candidates_of(context, selection);
  UnknownSites result{.of = candidates.size()};
  for (const Site& site : candidates)
    if (Quantity q = evaluate(context, *selection.where, site); !q.has_value())
      result.unknown.push_back({site, std::move(q)});
  return result;
}

std::string place_of(const Context& context, const Site& site) {
  std::string text;
  const auto add = [&](const std::string& name, const std::string& label) {
    if (!label.empty()) text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", name, label);
  };
  for (const Axis& axis : context.table->axes) add(axis.short_name, label_at(context, site, axis.path));
  add("time", label_at(context, site, "time"));
  if (!site.dimension.empty()) add(site.dimension, label_at(context, site, site.dimension));
  return text;
}

}  // namespace fieldscan::analysis
