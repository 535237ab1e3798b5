#include "robust.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <map>
#include <vector>

#include "../text/number.hpp"
#include "fieldscan/core/statistics.hpp"

namespace fieldscan::analysis {
namespace {

/// The members of one level, by what each of them says alone.
struct LargerLevel {
  bool by_draw = false;
  std::int64_t averaged_over = 0;
  std::vector<double> values;  ///< ascending
};

/// Pseudo-values of the level with the larger share of the variance: θ + n Σ U over the other level.
LargerLevel level_of(const Quantity& quantity) {
  const Estimate e = estimate(quantity);
  LargerLevel level{.by_draw = quantity.sampler ? e.draws > 1 : e.share_draws >= e.share_initialisations,
                    .averaged_over = 0,
                    .values = {}};
  std::map<std::int64_t, std::pair<double, std::int64_t>> sums;  // with the number of terms
  for (const Cell& cell : quantity.influence) {
    if (!level.by_draw && cell.initialisation == whole_draw) continue;
    auto& [sum, terms] = sums[level.by_draw ? cell.draw : cell.initialisation];
    sum += cell.value;
    if (cell.initialisation != whole_draw) ++terms;  // a theory of the draw is no network
    level.averaged_over = std::max(level.averaged_over, terms);
  }
  for (const auto& entry : sums)
    level.values.push_back(quantity.value + static_cast<double>(sums.size()) * entry.second.first);
  std::ranges::sort(level.values);
  return level;
}

}  // namespace

std::optional<RobustSummary> robust_summary(const Quantity& quantity) {
  if (!quantity.has_value() || quantity.influence.empty()) return std::nullopt;
  const LargerLevel level = level_of(quantity);
  const std::vector<double>& x = level.values;
  const auto n = x.size();
  if (n < 6) return std::nullopt;
  const boost::math::binomial below(static_cast<double>(n), 0.5);
  std::size_t j = 1;
  while (boost::math::cdf(below, static_cast<double>(j)) <= 0.025) ++j;
  RobustSummary result{.median = 0.5 * (x[(n - 1) / 2] + x[n / 2]),
                       .low = x[j - 1],
                       .high = x[n - j],
                       .by_draw = level.by_draw,
                       .members = static_cast<std::int64_t>(n),
                       .averaged_over = level.averaged_over,
                       .largest_share = 0};
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

std::string tail_sentence(const Quantity& quantity, Shown shown) {
  if (!has_heavy_tail(quantity)) return "";
  const RobustSummary r = *robust_summary(quantity);
  const char* other = !r.by_draw ? "data draws" : quantity.sampler ? "chains" : "initialisations";
  const std::string means = r.averaged_over > 1 ? fmt::format(" (each a mean over {} {})", r.averaged_over, other) : "";
  double size = 0;  // of the members: what is small beside it is rounding
  for (const Cell& cell : quantity.influence)
    size = std::max(size, std::abs(quantity.value + static_cast<double>(quantity.influence.size()) * cell.value));
  const double unit = shown == Shown::percent ? 100 : 1;
  return fmt::format(
      "one {0} makes {1:.0f} % of the variance; the median over the {2} {0}s{3} is {4}, between {5} and {6}{7}",
      r.by_draw          ? "data draw"
      : quantity.sampler ? "chain"
                         : "initialisation",
      100 * r.largest_share, r.members, means, number_beside(unit * r.median, unit * size),
      number_beside(unit * r.low, unit * size), number_beside(unit * r.high, unit * size),
      shown == Shown::percent ? " %" : "");
}

}  // namespace fieldscan::analysis
