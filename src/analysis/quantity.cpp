#include "quantity.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace fieldscan::analysis {
namespace {

using Key = std::pair<std::int64_t, std::int64_t>;

double scale(const Quantity& quantity) {
  double sum = quantity.variance;
  for (const Cell& cell : quantity.influence) sum += cell.value * cell.value;
  return std::sqrt(sum);
}

/// The influence of whole draws, shared equally among the members that the draw has; a draw without members counts as one.
std::map<Key, double> spread_over_members(const std::vector<Cell>& influence) {
  std::map<std::int64_t, std::int64_t> count;
  std::map<Key, double> result;
  for (const Cell& cell : influence)
    if (cell.initialisation != whole_draw) {
      ++count[cell.draw];
      result[{cell.draw, cell.initialisation}] += cell.value;
    }
  for (const Cell& cell : influence) {
    if (cell.initialisation != whole_draw) continue;
    const auto found = count.find(cell.draw);
    if (found == count.end()) {
      result[{cell.draw, 0}] += cell.value;
      continue;
    }
    for (auto member = result.lower_bound({cell.draw, 0}); member != result.end() && member->first.first == cell.draw;
         ++member)
      member->second += cell.value / static_cast<double>(found->second);
  }
  return result;
}

/// The two-level estimate of the pseudo-values θ + n U_ri. Chains on different draws have nothing in common but their number: a
/// sampler's draws are summed over their chains, θ + R Σ_i U_ri, and their spread is the whole error, with R − 1 degrees of freedom.
Estimate estimate_of(double value, const std::map<Key, double>& influence, bool sampler) {
  std::map<std::int64_t, double> of_draw;
  std::set<std::int64_t> initialisations;
  std::vector<Cell> pseudo;
  for (const auto& [key, u] : influence) {
    of_draw[key.first] += u;
    initialisations.insert(key.second);
    pseudo.push_back({key.first, key.second, value + static_cast<double>(influence.size()) * u});
  }
  if (!sampler || of_draw.size() < 2) return two_level_estimate(pseudo);
  pseudo.clear();
  for (const auto& [draw, u] : of_draw) pseudo.push_back({draw, 0, value + static_cast<double>(of_draw.size()) * u});
  Estimate result = two_level_estimate(pseudo);
  result.initialisations = static_cast<std::int64_t>(initialisations.size());
  result.conditioned_on_initialisation = false;
  return result;
}

/// Satterthwaite's degrees of freedom when an independent variance of infinite degrees is added.
double add_exact_variance(double degrees, double ensemble, double added) {
  if (ensemble <= 0) return std::numeric_limits<double>::infinity();
  const double total = ensemble + added;
  return degrees * total * total / (ensemble * ensemble);
}

}  // namespace

Quantity exact_quantity(double value) {
  Quantity result;
  result.value = value;
  return result;
}

Quantity no_quantity(std::string problem) {
  Quantity result;
  result.problem = std::move(problem);
  return result;
}

Quantity combine(double value, std::span<const Quantity> parts, std::span<const double> slopes) {
  Quantity result;
  result.value = value;
  std::map<Key, double> influence;
  for (std::size_t k = 0; k < parts.size(); ++k) {
    const Quantity& part = parts[k];
    if (!part.has_value()) return no_quantity(part.problem);
    for (const Cell& cell : part.influence) influence[{cell.draw, cell.initialisation}] += slopes[k] * cell.value;
    result.variance += slopes[k] * slopes[k] * part.variance;
    result.sampler |= part.sampler;
    result.survivors |= part.survivors;
    result.unconverged |= part.unconverged;
    if (part.censored != Censored::no && slopes[k] != 0) {
      const bool flips = slopes[k] < 0;
      result.censored = (part.censored == Censored::above) != flips ? Censored::above : Censored::below;
    }
  }
  for (const auto& [key, u] : influence) result.influence.push_back({key.first, key.second, u});
  if (!std::isfinite(value)) result.problem = "the number is not finite";
  return result;
}

Quantity propagate(const std::function<double(std::span<const double>)>& f, std::span<const Quantity> parts,
                   double reach) {
  std::vector<double> values, slopes(parts.size(), 0.0);
  for (const Quantity& part : parts) {
    if (!part.has_value()) return no_quantity(part.problem);
    values.push_back(part.value);
  }
  const double value = f(values);
  for (std::size_t k = 0; k < parts.size(); ++k) {
    const double h =
        parts[k].censored != Censored::no ? 1e-6 * (1 + std::abs(parts[k].value)) : reach * scale(parts[k]);
    if (!(h > 0)) continue;
    values[k] = parts[k].value + h;
    const double up = f(values);
    values[k] = parts[k].value - h;
    slopes[k] = (up - f(values)) / (2 * h);
    values[k] = parts[k].value;
    if (!std::isfinite(slopes[k])) return no_quantity("the number is not finite within its error");
  }
  return combine(value, parts, slopes);
}

Quantity difference(const Quantity& a, const Quantity& b) {
  const std::array<Quantity, 2> parts{a, b};
  const std::array<double, 2> slopes{1, -1};
  return combine(a.value - b.value, parts, slopes);
}

Estimate estimate(const Quantity& quantity) {
  Estimate result;
  result.value = quantity.value;
  if (quantity.influence.empty()) {
    result.standard_error = std::sqrt(quantity.variance);
    result.degrees_of_freedom = std::numeric_limits<double>::infinity();
    return result;
  }
  result = estimate_of(quantity.value, spread_over_members(quantity.influence), quantity.sampler);
  result.value = quantity.value;
  if (quantity.variance > 0) {
    const double own = result.standard_error * result.standard_error;
    const double ensemble = std::isfinite(own) ? own : 0;
    result.degrees_of_freedom = add_exact_variance(result.degrees_of_freedom, ensemble, quantity.variance);
    result.standard_error = std::sqrt(ensemble + quantity.variance);
  }
  return result;
}

std::int64_t members(const Quantity& quantity, const Estimate& estimate) {
  if (quantity.influence.empty()) return std::numeric_limits<std::int64_t>::max();
  if (quantity.sampler) return estimate.draws * estimate.initialisations;
  return estimate.share_draws >= estimate.share_initialisations ? estimate.draws : estimate.initialisations;
}

}  // namespace fieldscan::analysis
