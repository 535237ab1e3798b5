#include "growth.hpp"

#include <algorithm>
#include <cmath>

#include "fieldscan/core/two_level.hpp"

namespace fieldscan::campaign {

namespace {

Estimate estimate_of(Extent extent, const Cells& cells) {
  std::vector<Cell> values;
  for (const auto& [member, value] : cells)
    if (value && member.first < extent.draws && member.second < extent.initialisations)
      values.push_back({.draw = member.first, .initialisation = member.second, .value = *value});
  return two_level_estimate(values);
}

/// Written so that an unknown error (NaN) is not precise.
bool precise(const Estimate& estimate, double relative_error) {
  return estimate.standard_error <= relative_error * std::abs(estimate.value);
}

Extent next_extent(Extent extent, const Estimate& estimate, int batch) {
  if (estimate.share_initialisations > estimate.share_draws)
    extent.initialisations += batch;
  else
    extent.draws += batch;
  return extent;
}

}  // namespace

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

Extent extent_of(const scan::Ensemble& ensemble, const Cells& cells) {
  Extent extent{.draws = ensemble.data_draws, .initialisations = ensemble.initialisations};
  if (!ensemble.until) return extent;
  extent.draws = std::max<std::int64_t>(extent.draws, ensemble.until->batch);
  while (complete(extent, cells)) {
    const Estimate estimate = estimate_of(extent, cells);
    if (precise(estimate, ensemble.until->relative_error)) break;
    const Extent next = next_extent(extent, estimate, ensemble.until->batch);
    if (next.draws * next.initialisations > ensemble.until->max) break;
    extent = next;
  }
  return extent;
}

}  // namespace fieldscan::campaign
