#include "robust.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <map>
#include <vector>

#include "fieldscan/core/statistics.hpp"

namespace fieldscan::analysis {
namespace {

/// Pseudo-values of the level with the larger share of the variance: θ + n Σ U over the other level.
std::vector<double> members_of(const Quantity& quantity) {
  const Estimate e = estimate(quantity);
  const bool by_draw = quantity.sampler ? e.draws > 1 : e.share_draws >= e.share_initialisations;
  std::map<std::int64_t, double> sums;
  for (const Cell& cell : quantity.influence) {
    if (!by_draw && cell.initialisation == whole_draw) continue;
    sums[by_draw ? cell.draw : cell.initialisation] += cell.value;
  }
  std::vector<double> values;
  for (const auto& entry : sums) values.push_back(quantity.value + static_cast<double>(sums.size()) * entry.second);
  std::ranges::sort(values);
  return values;
}

}  // namespace

std::optional<RobustSummary> robust_summary(const Quantity& quantity) {
  if (!quantity.has_value() || quantity.influence.empty()) return std::nullopt;
  const std::vector<double> x = members_of(quantity);
  const auto n = x.size();
  if (n < 6) return std::nullopt;
  const boost::math::binomial below(static_cast<double>(n), 0.5);
  std::size_t j = 1;
  while (boost::math::cdf(below, static_cast<double>(j)) <= 0.025) ++j;
  RobustSummary result{
      .median = 0.5 * (x[(n - 1) / 2] + x[n / 2]), .low = x[j - 1], .high = x[n - j], .largest_share = 0};
  double square = 0, largest = 0;
  for (const double value : x) {
    const double part = (value - quantity.value) * (value - quantity.value);
    square += part;
    largest = std::max(largest, part);
  }
  if (!(square > 0)) return result;
  result.largest_share = largest / square;
  // b = share·n/(n − 1) of the squares is t² = (n − 2) b/(1 − b) of the member's distance from the others.
  const auto count = static_cast<double>(n);
  const double part = std::min(result.largest_share * count / (count - 1), 1 - 1e-15);
  result.odds = 2 * count * student_cdf(-std::sqrt((count - 2) * part / (1 - part)), count - 2);
  return result;
}

bool has_heavy_tail(const Quantity& quantity) {
  const auto summary = robust_summary(quantity);
  return summary && summary->largest_share > 0.25 && summary->odds < 1e-3;
}

}  // namespace fieldscan::analysis
