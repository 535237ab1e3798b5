#include "reach.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "fieldscan/core/text.hpp"
#include "fieldscan/scan/points/names.hpp"
#include "fieldscan/theory/predict.hpp"
#include "measured.hpp"

namespace fieldscan::scan {
namespace {

using Kind = ResolvedName::Kind;

std::optional<std::vector<ResolvedName>> names_of(const Symbols& symbols, const std::string& text) {
  if (text.empty()) return std::nullopt;
  try {
    return mentions(symbols, text).atoms;
  } catch (const ExpressionError&) {
    return std::nullopt;  // reported where it was read
  }
}

/// Calls visit for every observable that names stand for.
template <class Visit>
void for_each_observable(const std::vector<ResolvedName>& names, Visit visit) {
  for (const ResolvedName& name : names) {
    for_each_observable(name.sides, visit);
    if (name.observable) visit(*name.observable);
  }
}

/// Whether a statement that looks at this time sees what is measured at the end alone.
bool looks_at_end(const std::string& at) { return at.empty() || at == "end" || at == "all"; }

}  // namespace

Reach::Reach(const Scan::Parsed& parsed, const Statements& statements, Report& report)
    : parsed_(parsed), statements_(statements), report_(report) {
  for (const Demand& demand : statements.demands)
    for (const Demand::Part& part : demand.parts) add(demand, part);
}

void Reach::add_sources(const std::vector<ResolvedName>& names, const std::string& from,
                        std::vector<Source>& sources) const {
  for (const ResolvedName& name : names) {
    const std::string& theory = name.theory.empty() ? from : name.theory;
    switch (name.kind) {
      case Kind::observable:
      case Kind::prediction:
      case Kind::error_ensemble:
        sources.push_back(
            {.text = name.text, .measured = theory.empty() ? name.observable : std::nullopt, .theory = theory});
        break;
      case Kind::deviation:
        sources.push_back({.text = name.text, .measured = Observable::predictor});
        sources.push_back({.text = name.text, .theory = name.theory});
        break;
      case Kind::rms:
        add_sources(name.sides, from, sources);
        break;
      case Kind::definition:
      case Kind::field:
      case Kind::dimension:
        break;
    }
  }
}

void Reach::add(const Demand& demand, const Demand::Part& part) {
  const auto names = names_of(parsed_.symbols, part.formula.text);
  if (!names) return;
  // Of a condition on results it is not known what it selects: what no point has, those do not have either.
  Wanted wanted{
      .demand = &demand, .part = &part, .selected = Selected::by(parsed_.symbols, demand.where).value_or(Selected{})};
  add_sources(*names, part.from, wanted.sources);
  if (const auto beside = names_of(parsed_.symbols, part.beside)) add_sources(*beside, "", wanted.beside);
  wanted.done = wanted.sources.empty();
  wanted_.push_back(std::move(wanted));
}

bool Reach::has(const Source& source, const Wanted& wanted, const SeenPoint& seen) const {
  if (!source.measured)
    return std::ranges::find(seen.point().theories, source.theory, &TheoryUse::name) != seen.point().theories.end();
  if (!is_measured(*source.measured, seen.point().spec)) return false;
  const training::View view = seen.point().observe.view_of(carrier_of(*source.measured));
  return looks_at_end(wanted.demand->at) || view.moments == training::Moments::all ||
         info(view.observable).form == Form::array;
}

bool Reach::all_there(std::vector<Source>& sources, const Wanted& wanted, const SeenPoint& seen) const {
  bool all = true;
  for (Source& source : sources) {
    const bool here = has(source, wanted, seen);
    source.there = source.there || here;
    all = all && here;
  }
  return all;
}

void Reach::try_point(Wanted& wanted, const SeenPoint& seen) const {
  wanted.selects = true;
  wanted.trains = wanted.trains || trains(seen.point().spec);
  const bool own = all_there(wanted.sources, wanted, seen), beside = all_there(wanted.beside, wanted, seen);
  wanted.done = own && beside;
}

void Reach::see(const SeenPoint& seen) {
  for (Wanted& wanted : wanted_)
    if (!wanted.done && wanted.selected.holds_at_some_time(seen)) try_point(wanted, seen);
}

void Reach::see_unsound(const Walker& walker) {
  const SeenPoint seen(walker);
  for (Wanted& wanted : wanted_) {
    if (wanted.done) continue;
    const auto& where = wanted.selected.where;
    if (!walker.named() || (where && where->in_time()))
      wanted.done = true;
    else if (wanted.selected.holds(seen.point()))
      try_point(wanted, seen);
  }
}

/// A dimension of which no observable of the statement is made has no value there.
void Reach::refuse_dimensions(const Demand& demand) const {
  std::set<std::string> has;
  bool open = demand.parts.empty();  // a defined number may bring the dimension along
  for (const Demand::Part& part : demand.parts) {
    const auto names = names_of(parsed_.symbols, part.formula.text);
    if (!names) return;
    open = open || std::ranges::find(*names, Kind::definition, &ResolvedName::kind) != names->end();
    for_each_observable(*names, [&](Observable o) { has.emplace(info(o).dimension); });
  }
  if (open) return;
  for (const Formula& along : demand.along) {
    const auto names = names_of(parsed_.symbols, along.text);
    if (!names) continue;
    for (const ResolvedName& name : *names) {
      if (name.kind != Kind::dimension || is_time(name.name)) continue;
      if (std::ranges::any_of(has, [&](const std::string& d) { return d.find(name.name) != std::string::npos; }))
        continue;
      report_.error(
          "FS0516", along.place, "",
          fmt::format("{} can never be decided: nothing in it has the dimension '{}'", demand.statement, name.name),
          fmt::format("observables that have it: {}", observables_with(name.name)));
    }
  }
}

void Reach::finish() const {
  for (const Wanted& wanted : wanted_)
    if (!wanted.done && wanted.selects) report(wanted);
  for (const Demand& demand : statements_.demands) refuse_dimensions(demand);
}

}  // namespace fieldscan::scan
