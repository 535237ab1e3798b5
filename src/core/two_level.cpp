#include "fieldscan/core/two_level.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fieldscan {

namespace {

struct Group {
  double sum = 0;
  double count = 0;
};
using Groups = std::vector<Group>;

/// The cells' positions among their distinct keys, ascending.
struct Positions {
  std::vector<std::int64_t> keys;
  std::size_t of(std::int64_t key) const {
    return static_cast<std::size_t>(std::ranges::lower_bound(keys, key) - keys.begin());
  }
};

Positions positions(const std::vector<Cell>& cells, std::int64_t Cell::*key) {
  Positions result;
  for (const Cell& cell : cells)
    if (result.keys.empty() || result.keys.back() != cell.*key) result.keys.push_back(cell.*key);
  std::ranges::sort(result.keys);
  result.keys.erase(std::unique(result.keys.begin(), result.keys.end()), result.keys.end());
  return result;
}

/// Σ_g n_g (x̄_g − x̄)².
double sum_of_squares(const Groups& groups, double mean) {
  double sum = 0;
  for (const Group& group : groups) {
    const double difference = group.sum / group.count - mean;
    sum += group.count * difference * difference;
  }
  return sum;
}

/// Mean squares of rows, columns and the rest, with their degrees of freedom.
struct Analysis {
  double draws = 0, initialisations = 0, rest = 0;
  double draws_freedom = 0, initialisations_freedom = 0, rest_freedom = 0;
};

/// Where draws + initialisations − rest is at most this multiple of the variance of all cells, the cells count as
/// independent. Networks of which each varies for itself, 8 × 4 of them: 95% intervals cover in 97% of ensembles; with
/// the combination alone, which chance can bring to zero, in 86%; with the larger of the two levels as its least value,
/// in 98%.
constexpr double told_from_chance = 1.25;

void set_crossed(Estimate& estimate, const Analysis& a, double n) {
  const double combined = a.draws + a.initialisations - a.rest;
  const double all =
      (a.draws * a.draws_freedom + a.initialisations * a.initialisations_freedom + a.rest * a.rest_freedom) / (n - 1);
  if (!(all > 0)) {
    estimate.standard_error = 0;
    estimate.degrees_of_freedom = std::numeric_limits<double>::infinity();
    return;
  }
  const bool told = combined > told_from_chance * all;
  const double variance = told ? combined : all;
  const double squares = a.draws * a.draws / a.draws_freedom +
                         a.initialisations * a.initialisations / a.initialisations_freedom +
                         a.rest * a.rest / a.rest_freedom;
  estimate.standard_error = std::sqrt(variance / n);
  estimate.degrees_of_freedom = told ? combined * combined / squares : n - 1;
  estimate.share_draws = std::clamp((a.draws - a.rest) / variance, 0.0, 1.0);
  estimate.share_initialisations = std::clamp((a.initialisations - a.rest) / variance, 0.0, 1.0);
}

}  // namespace

Estimate two_level_estimate(const std::vector<Cell>& cells) {
  const Positions of_draws = positions(cells, &Cell::draw), of_starts = positions(cells, &Cell::initialisation);
  Groups draws(of_draws.keys.size()), initialisations(of_starts.keys.size());
  double sum = 0;
  for (const Cell& cell : cells) {
    for (Group* group : {&draws[of_draws.of(cell.draw)], &initialisations[of_starts.of(cell.initialisation)]}) {
      group->sum += cell.value;
      group->count += 1;
    }
    sum += cell.value;
  }
  const double n = static_cast<double>(cells.size());
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Estimate estimate{.value = cells.empty() ? nan : sum / n, .standard_error = nan};
  estimate.draws = static_cast<std::int64_t>(draws.size());
  estimate.initialisations = static_cast<std::int64_t>(initialisations.size());
  estimate.conditioned_on_draw = estimate.draws == 1;
  estimate.conditioned_on_initialisation = estimate.initialisations == 1;
  if (cells.size() < 2) return estimate;

  double total = 0;
  for (const Cell& cell : cells) total += (cell.value - estimate.value) * (cell.value - estimate.value);
  const double square_draws = sum_of_squares(draws, estimate.value);
  const double square_initialisations = sum_of_squares(initialisations, estimate.value);
  Analysis a;
  a.draws_freedom = static_cast<double>(estimate.draws - 1);
  a.initialisations_freedom = static_cast<double>(estimate.initialisations - 1);
  a.rest_freedom = n - 1 - a.draws_freedom - a.initialisations_freedom;
  if (a.draws_freedom > 0 && a.initialisations_freedom > 0 && a.rest_freedom > 0) {
    a.draws = square_draws / a.draws_freedom;
    a.initialisations = square_initialisations / a.initialisations_freedom;
    a.rest = std::max(0.0, total - square_draws - square_initialisations) / a.rest_freedom;
    set_crossed(estimate, a, n);
    return estimate;
  }
  // One level alone varies (or there are too few cells to tell the two apart): the cells are independent given the
  // other.
  estimate.standard_error = std::sqrt(total / (n - 1) / n);
  estimate.degrees_of_freedom = total > 0 ? n - 1 : std::numeric_limits<double>::infinity();
  estimate.share_draws = estimate.draws > 1 ? 1 : 0;
  estimate.share_initialisations = estimate.draws > 1 ? 0 : 1;
  return estimate;
}

}  // namespace fieldscan
