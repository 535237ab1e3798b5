#include "fieldscan/store/growth.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "fieldscan/core/two_level.hpp"
#include "fieldscan/scan/task/redrawn.hpp"
#include "fieldscan/scan/task/run_task.hpp"
#include "fieldscan/store/observed.hpp"
#include "fieldscan/store/store.hpp"

namespace fieldscan::store {

namespace growth {
namespace {

/// Of copies every initialisation once, from the first draw that has a value of it.
Estimate estimate_of(const GrowthRule& rule, Extent extent, const Cells& cells) {
  std::vector<Cell> values;
  std::set<std::int64_t> seen;
  for (const auto& [member, value] : cells) {
    if (!value || member.first >= extent.draws || member.second >= extent.initialisations) continue;
    const bool copies = rule.grows == Grows::initialisations;
    if (copies && !seen.insert(member.second).second) continue;
    values.push_back({.draw = copies ? 0 : member.first, .initialisation = member.second, .value = *value});
  }
  return two_level_estimate(values);
}

Extent next_extent(const GrowthRule& rule, Extent extent, const Estimate& estimate) {
  if (rule.grows == Grows::initialisations || estimate.share_initialisations > estimate.share_draws)
    extent.initialisations += rule.ensemble.until->batch;
  else
    extent.draws += rule.ensemble.until->batch;
  return extent;
}

}  // namespace
}  // namespace growth

std::optional<double> value_at_end(const Result& result, Observable observable) {
  if (result.outcome == Outcome::diverged || result.outcome == Outcome::numerical_error) return std::nullopt;
  const Row* last = nullptr;
  for (const Row& row : result.rows)
    if (row.observable == observable && (last == nullptr || row.time > last->time)) last = &row;
  return last == nullptr ? std::nullopt : std::optional(last->value);
}

bool complete(Extent extent, const Cells& cells) {
  for (std::int64_t draw = 0; draw < extent.draws; ++draw)
    for (std::int64_t initialisation = 0; initialisation < extent.initialisations; ++initialisation)
      if (!cells.contains({draw, initialisation})) return false;
  return true;
}

GrowthRule growth_rule(const scan::Point& point) {
  return {.ensemble = scan::first_ensemble(point),
          .grows = scan::draws_grow(point) ? Grows::larger_share : Grows::initialisations};
}

std::string_view word_of(Growth::End end) {
  switch (end) {
    case Growth::End::reached:
      return "reached";
    case Growth::End::largest:
      return "error_not_reached";
    case Growth::End::open:
      break;
  }
  return "open";
}

std::optional<Growth> growth_of(const GrowthRule& rule, const Cells& cells) {
  const std::optional<scan::Until>& until = rule.ensemble.until;
  if (!until) return std::nullopt;
  Growth growth{.extent = {.draws = rule.ensemble.data_draws, .initialisations = rule.ensemble.initialisations}};
  while (complete(growth.extent, cells)) {
    const Estimate estimate = growth::estimate_of(rule, growth.extent, cells);
    const double size = std::abs(estimate.value), relative = estimate.standard_error / size;
    const Extent next = growth::next_extent(rule, growth.extent, estimate);
    // Written so that an unknown error (NaN) is not precise.
    if (estimate.standard_error <= until->relative_error * size)
      return Growth{growth.extent, Growth::End::reached, relative};
    if (next.replicas() > until->max) return Growth{growth.extent, Growth::End::largest, relative};
    growth.extent = next;
  }
  return growth;
}

Extent extent_of(const GrowthRule& rule, const Cells& cells) {
  if (const auto growth = growth_of(rule, cells)) return growth->extent;
  return {.draws = rule.ensemble.data_draws, .initialisations = rule.ensemble.initialisations};
}

Cells stored_cells(const scan::Point& point, const Store& store) {
  Cells cells;
  if (!point.ensemble.until) return cells;
  const auto observable = find_observable(point.ensemble.until->observable);
  if (!observable) return cells;
  for (const auto& stored : store.results(point.id, Store::Arrays::without)) {
    const auto& result = stored.result;
    const auto plan = scan::observe_plan(point, result.data_draw, result.initialisation);
    if (result.outcome == Outcome::failed || !covers(stored.standing.observed, training::plan_text(plan))) continue;
    cells[{result.data_draw, result.initialisation}] = value_at_end(result, *observable);
  }
  return cells;
}

}  // namespace fieldscan::store
