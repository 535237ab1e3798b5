#include "whole_scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../points/check_point.hpp"
#include "../task/collect.hpp"
#include "../task/cost.hpp"
#include "fieldscan/core/text.hpp"
#include "fieldscan/scan/points/names.hpp"
#include "fieldscan/training/list.hpp"

namespace fieldscan::scan {
namespace {

constexpr std::size_t most_groups = 100000;

std::string text_of_value(const AxisValue& value) {
  const double* number = std::get_if<double>(&value);
  return number ? shortest(*number) : std::get<std::string>(value);
}

/// Whether what a point records has times, not only an end.
bool records_times(const Point& point) {
  const auto times = training::record_times(point.spec.training, training_setting(point.spec), point.observe.times);
  return std::ranges::any_of(times, [](double time) { return std::isfinite(time); });
}

/// The most replicas that a point's ensemble can grow to.
double most_replicas(const Ensemble& e) {
  if (!e.until) return 1.0 * e.data_draws * e.initialisations;
  return std::max(1.0 * std::max(e.data_draws, e.until->batch) * e.initialisations, 1.0 * e.until->max);
}

bool is_variable(const Block& block, const std::string& path) {
  return std::ranges::find(block.variables, path, &std::pair<std::string, Place>::first) != block.variables.end();
}

/// The values of fields at a point; nothing where it lacks one.
std::optional<std::vector<AxisValue>> values_of(const std::vector<std::string>& paths, const Point& point) {
  std::vector<AxisValue> values;
  for (const auto& path : paths) {
    const AxisValue* value = find_value(point, path);
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  return values;
}

/// A name of the points' fields, of `let` or of an axis.
bool is_field(const ResolvedName& name) { return name.kind == ResolvedName::Kind::field; }

}  // namespace

WholeScan::WholeScan(const Scan::Parsed& parsed, const Statements& statements, const std::set<std::string>& used,
                     Report& report)
    : parsed_(parsed), statements_(statements), used_(used), report_(report) {
  for (const auto& block : parsed.blocks)
    for (const auto& axis : block.axes) axes_.insert(axis.path);
  for (const auto& abscissa : statements.abscissas) varying_.push_back(make_varying(abscissa));
  // Within one block the axes tell all points apart.
  if (parsed.blocks.size() > 1)
    for (const auto& define : statements.definitions)
      if (std::holds_alternative<PointValue>(define.kind)) singles_.push_back(make_single(define));
}

std::optional<WholeScan::Selected> WholeScan::selected_by(const Formula& where) const {
  if (where.empty()) return Selected{};
  try {
    const Mentions mentioned = mentions(parsed_.symbols, where.text);
    if (!std::ranges::all_of(mentioned.atoms, is_field)) return std::nullopt;
    Selected selected{.where = mentioned.expression, .everything = false};
    for (const auto& name : mentioned.atoms) selected.paths.push_back(name.name);
    return selected;
  } catch (const ExpressionError&) {
    return std::nullopt;  // reported where it was read
  }
}

WholeScan::Single WholeScan::make_single(const Define& define) const {
  auto selected = selected_by(define.where);
  const bool decided = selected.has_value();
  return {.define = &define, .selected = std::move(selected).value_or(Selected{}), .groups = {}, .done = !decided};
}

WholeScan::Varying WholeScan::make_varying(const Abscissa& abscissa) const {
  Varying varying{.abscissa = &abscissa};
  auto selected = selected_by(abscissa.where);
  try {
    const Mentions mentioned = mentions(parsed_.symbols, abscissa.formula.text);
    varying.done = !selected || !std::ranges::all_of(mentioned.atoms, is_field);
    for (const auto& name : mentioned.atoms) varying.paths.push_back(name.name);
  } catch (const ExpressionError&) {
    varying.done = true;  // reported where it was read
  }
  if (selected) varying.selected = std::move(*selected);
  return varying;
}

void WholeScan::begin(std::size_t block) {
  ids_.clear();
  // Numbers and words of fields differ from value to value; choices and variables may come to the same.
  const Block& here = parsed_.blocks[block];
  may_repeat_ =
      std::ranges::any_of(here.axes, [&](const Axis& axis) { return axis.structural || is_variable(here, axis.path); });
}

void WholeScan::see(Walker& walker) {
  const bool wants_id = may_repeat_ || std::ranges::any_of(singles_, [](const Single& s) { return !s.done; });
  if (wants_id) walker.identify();
  const Point& point = walker.point();
  if (may_repeat_) ids_.insert(point.id);
  for (auto& single : singles_)
    if (!single.done) take_value(single, point);
  for (auto& varying : varying_) compare_value(varying, point);
  any_times_ = any_times_ || records_times(point);
  count_results(point);
}

bool WholeScan::holds(const Selected& selected, const Point& point) const {
  if (selected.everything) return true;
  const auto values = values_of(selected.paths, point);
  if (!values) return false;
  try {
    return selected.where.evaluate(std::span<const AxisValue>(*values)) != 0;
  } catch (const ExpressionError&) {
    return false;  // reported with the selections
  }
}

void WholeScan::compare_value(Varying& varying, const Point& point) const {
  if (varying.done || !holds(varying.selected, point)) return;
  auto values = values_of(varying.paths, point);
  if (!values) return;
  if (!varying.first)
    varying.first = std::move(values);
  else
    varying.done = *varying.first != *values;
}

/// A curve of one abscissa is none: what is said of it can never be more than undecided.
void WholeScan::report_idle() const {
  for (const Varying& varying : varying_) {
    if (varying.done || !varying.first) continue;
    const Abscissa& at = *varying.abscissa;
    report_.warning("FS0617", at.formula.place, at.key,
                    fmt::format("'{}' has one value at all points of {}", at.formula.text, at.statement),
                    at.where.empty() ? "give it several values under `scan`, or name an axis that has"
                                     : "`where` leaves a single one: widen it, or name an axis that varies");
  }
}

std::string WholeScan::labels(const Single& single, const Point& point) const {
  std::set<std::string> names = axes_;
  for (const auto& name : single.define->by) names.insert(resolve(parsed_.symbols, name).name);
  const auto& own = parsed_.infos[point.block].axes;
  std::string key;
  for (const auto& name : names) {
    const auto axis = std::ranges::find(own, name, &AxisInfo::path);
    const AxisValue* value = axis == own.end()
                                 ? find_value(point, name)
                                 : &axis->values[point.positions[static_cast<std::size_t>(axis - own.begin())]];
    key += (value ? text_of_value(*value) : "") + "\n";
  }
  return key;
}

void WholeScan::take_value(Single& single, const Point& point) {
  if (!holds(single.selected, point)) return;
  const auto [entry, fresh] = single.groups.try_emplace(labels(single, point), point.id);
  single.done = single.groups.size() > most_groups;
  if (fresh || entry->second == point.id) return;
  single.done = true;
  report_.error(
      "FS0514", single.define->place, fmt::format("define.{}", single.define->name),
      fmt::format("'{}' is the value of one point, and points of several blocks that differ along no axis are asked "
                  "for it",
                  single.define->name),
      "say which one: value: X, where: \"train_size == 64\"; or tell them apart: by: train_size");
}

void WholeScan::count_results(const Point& point) {
  times_ += static_cast<double>(point.observe.times.values.size());
  if (trains(point.spec)) replicas_ += most_replicas(point.ensemble);
  for (const auto& use : point.theories) {
    const auto draws = static_cast<double>(prediction_members(use, point.ensemble).count());
    evaluations_ += draws;
    most_draws_ = std::max(most_draws_, draws);
  }
}

void WholeScan::end(std::size_t block, std::uint64_t selected) {
  if (may_repeat_ && ids_.size() < selected) report_repeats(block, selected);
}

void WholeScan::report_repeats(std::size_t b, std::uint64_t selected) {
  const Block& block = parsed_.blocks[b];
  std::vector<std::string> idle;
  Place place = block.place;
  for (const auto& axis : block.axes) {
    if (!is_variable(block, axis.path) || used_.contains(axis.path)) continue;
    if (idle.empty()) place = axis.place;
    idle.push_back(axis.path);
  }
  for (const Abscissa& at : statements_.abscissas)
    if (std::ranges::find(idle, at.formula.text) != idle.end())
      report_.error(
          "FS0611", at.formula.place, at.key,
          fmt::format("{} goes along '{}', on which no field of the points depends: every value is the same point",
                      at.statement, at.formula.text),
          fmt::format("use it in a field, for example ridge: {}", at.formula.text));
  report_.warning("FS0611", place, "scan",
                  fmt::format("{} combinations of {} are {} point{}: {}", selected, parsed_.infos[b].name, ids_.size(),
                              ids_.size() == 1 ? "" : "s",
                              idle.empty() ? "the others repeat them"
                                           : fmt::format("no field depends on '{}'", fmt::join(idle, "', '"))),
                  idle.empty() ? "is that meant? equal points are computed once"
                               : "use it in an expression of a field, chi: alpha; statements alone make no points");
}

void WholeScan::finish() {
  report_idle();
  if (replicas_ > most_results)
    report_.error("FS0222", place_of(parsed_.blocks.front(), "ensemble"), "ensemble",
                  fmt::format("the scan asks for {:.10g} replicas", replicas_),
                  fmt::format("at most {:.0f}: fewer data_draws, initialisations or points", most_results));
  if (times_ > most_results)
    report_.error("FS0222", place_of(parsed_.blocks.front(), "times"), "times",
                  fmt::format("{:.10g} recorded times at all points together", times_),
                  fmt::format("at most {:.0f}: fewer times or points", most_results));
  // Points share predictions: their sum counts those again.
  if (most_draws_ > most_results || evaluations_ > 10 * most_results)
    report_.error("FS0222", place_of(parsed_.blocks.front(), "theory"), "theory",
                  fmt::format("the scan asks for up to {:.10g} evaluations of predictions", evaluations_),
                  fmt::format("at most {:.0f} of one prediction, and ten times as many of all", most_results));
  if (!any_times_)
    for (const auto& timed : statements_.timed)
      report_.error(
          "FS0511", timed.place, "at",
          fmt::format("`at: {}` is a time, and no point of the scan records times ({})", timed.at, timed.statement),
          "what holds along an axis is said by `where: \"train_size == 64\"`");
}

}  // namespace fieldscan::scan
