#include "bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "fieldscan/core/random.hpp"
#include "fieldscan/core/statistics.hpp"

namespace fieldscan::analysis {
namespace {

constexpr std::size_t replicates = 400;
/// Sub-streams of the multipliers.
constexpr std::uint32_t multipliers_of_draws = 0, multipliers_of_initialisations = 1, multipliers_of_parts = 2,
                        multipliers_of_sources = 3;

/// A quantity's moves: what one unit of each multiplier does to it.
struct Moves {
  std::map<std::int64_t, double> draws, initialisations;
  double own = 0;                          ///< standard deviation of its independent part
  std::map<std::uint64_t, double> shared;  ///< errors by their source, which several quantities may have
};

Moves moves_of(const Quantity& quantity) {
  Moves moves;
  for (const Cell& cell : quantity.influence) {
    moves.draws[cell.draw] += cell.value;
    if (cell.initialisation != whole_draw) moves.initialisations[cell.initialisation] += cell.value;
  }
  if (moves.draws.size() == 1) moves.draws.clear();
  if (moves.initialisations.size() == 1 || (quantity.sampler && moves.draws.size() > 1)) moves.initialisations.clear();
  double sum = 0;
  for (const auto& entry : moves.draws) sum += entry.second * entry.second;
  for (const auto& entry : moves.initialisations) sum += entry.second * entry.second;
  const Estimate e = estimate(quantity);
  const double ensemble = e.standard_error * e.standard_error - quantity.variance;
  const double scale = sum > 0 && ensemble > 0 ? std::sqrt(ensemble / sum) : 0;
  for (auto& entry : moves.draws) entry.second *= scale;
  for (auto& entry : moves.initialisations) entry.second *= scale;
  moves.own = std::sqrt(own_variance(quantity));
  moves.shared = quantity.shared;
  return moves;
}

double move(const Moves& moves, const Stream& multipliers, std::uint64_t part) {
  double sum = 0;
  for (const auto& [r, u] : moves.draws)
    sum += u * multipliers.at(multipliers_of_draws, 0).normal(static_cast<std::uint64_t>(r));
  for (const auto& [i, u] : moves.initialisations)
    sum += u * multipliers.at(multipliers_of_initialisations, 0).normal(static_cast<std::uint64_t>(i));
  for (const auto& [source, u] : moves.shared) sum += u * multipliers.at(multipliers_of_sources, 0).normal(source);
  return sum + (moves.own > 0 ? moves.own * multipliers.at(multipliers_of_parts, 0).normal(part) : 0);
}

double standard_deviation(const std::vector<double>& values) {
  double mean = 0, square = 0;
  for (double v : values) mean += v / static_cast<double>(values.size());
  for (double v : values) square += (v - mean) * (v - mean);
  return std::sqrt(square / static_cast<double>(values.size() - 1));
}

/// Gives a quantity the standard error of the bootstrap: its influence is scaled; where it has none, an independent
/// variance stands in.
void set_error(Quantity& quantity, double standard_error) {
  const double own = estimate(quantity).standard_error;
  if (std::isfinite(own) && own > 1e-3 * standard_error) {
    for (Cell& cell : quantity.influence) cell.value *= standard_error / own;
    quantity.variance *= standard_error * standard_error / (own * own);
    for (auto& [source, u] : quantity.shared) u *= standard_error / own;
  } else {
    quantity.shared.clear();
    quantity.variance = standard_error * standard_error;
  }
}

}  // namespace

std::vector<std::vector<double>> resampled(std::span<const Quantity> parts, std::uint64_t seed) {
  std::vector<Moves> moves;
  for (const Quantity& part : parts) moves.push_back(moves_of(part));
  std::vector<std::vector<double>> result(replicates);
  for (std::size_t b = 0; b < replicates; ++b) {
    const Stream multipliers(seed, Purpose::bootstrap, "", b, 0);
    for (std::size_t k = 0; k < parts.size(); ++k) result[b].push_back(parts[k].value + move(moves[k], multipliers, k));
  }
  return result;
}

Quantity bootstrapped(const std::function<double(std::span<const double>)>& f, std::span<const Quantity> numbers,
                      std::uint64_t seed, std::string_view name) {
  const std::vector<Quantity> parts = replica_by_replica(numbers);
  std::vector<double> values;
  for (const Quantity& part : parts) {
    if (!part.has_value()) return no_quantity(part);
    values.push_back(part.value);
  }
  const double value = f(values);
  if (!std::isfinite(value)) return no_quantity("the number is not finite");
  std::vector<double> results;
  for (const std::vector<double>& moved : resampled(parts, seed)) {
    const double result = f(moved);
    if (std::isfinite(result)) results.push_back(result);
  }
  if (10 * results.size() < 9 * replicates)
    return no_quantity(std::string(name) + ": the number does not exist within the errors of the curve");
  Quantity result = propagate(
      [&](std::span<const double> v) {
        const double y = f(v);
        return std::isfinite(y) ? y : value;
      },
      parts, 1.0);
  if (!result.has_value()) result = combine(value, parts, std::vector<double>(parts.size(), 0.0));
  const double spread = standard_deviation(results);
  if (spread > 1e-13 * std::abs(value)) set_error(result, spread);  // less is rounding
  return result;
}

double share_positive(const Quantity& quantity, std::uint64_t seed) {
  const auto count = static_cast<double>(quantity.influence.size());
  if (quantity.influence.empty()) return quantity.value > 0 ? 1 : 0;
  std::size_t positive = 0;
  for (std::size_t b = 0; b < replicates; ++b) {
    const Stream weights(seed, Purpose::bootstrap, "weights", b, 0);
    const auto weight = [&](std::uint32_t level, std::int64_t k) {
      return -std::log(weights.at(level, 0).uniform(static_cast<std::uint64_t>(k)));
    };
    double sum = 0;
    for (const Cell& cell : quantity.influence) {
      const bool crossed = cell.initialisation != whole_draw && !quantity.sampler;
      const double w = weight(multipliers_of_draws, cell.draw) *
                       (crossed ? weight(multipliers_of_initialisations, cell.initialisation) : 1);
      sum += w * (quantity.value + count * cell.value);  // the member's own value
    }
    positive += sum > 0;
  }
  return static_cast<double>(positive) / static_cast<double>(replicates);
}

Sign sign_of(const Quantity& quantity) {
  constexpr double nearly_all = 0.975;
  if (!(std::abs(quantity.value) > 2 * std::sqrt(quantity.variance))) return Sign::lost;
  const double positive = share_positive(quantity, 1);
  return positive >= nearly_all ? Sign::positive : positive <= 1 - nearly_all ? Sign::negative : Sign::lost;
}

bool can_divide(const Quantity& denominator) {
  if (sign_of(denominator) != Sign::lost) return true;
  const Estimate e = estimate(denominator);
  if (!std::isfinite(e.standard_error) || !(e.degrees_of_freedom > 0)) return false;
  return std::abs(e.value) > student_quantile(0.975, e.degrees_of_freedom) * e.standard_error;
}

}  // namespace fieldscan::analysis
