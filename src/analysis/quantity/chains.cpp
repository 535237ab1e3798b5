#include "chains.hpp"

#include <cmath>

#include "observe.hpp"

namespace fieldscan::analysis {
namespace {

/// Sums over the chains of one draw.
struct Sums {
  double chains = 0, mean = 0, square = 0, within = 0, samples = 0;
  double squared_rhat() const {
    const double between = (square - mean * mean / chains) / (chains - 1);
    return 1 - chains / samples + between / (within / chains);
  }
};

std::map<std::int64_t, Sums> sums_by_draw(const Series& series) {
  std::map<std::int64_t, Sums> draws;
  for (const Member& member : series.members) {
    const Row* mean = usable(member) ? find_row(member, Observable::error_test, equilibrium, 0) : nullptr;
    const Row* spread = mean ? find_row(member, Observable::chain_spread, equilibrium, 0) : nullptr;
    if (!spread) continue;
    Sums& sums = draws[member.draw];
    sums.chains += 1;
    sums.mean += mean->value;
    sums.square += mean->value * mean->value;
    sums.within += spread->value * spread->value;
    sums.samples += static_cast<double>(mean->count);
  }
  std::erase_if(draws, [](const auto& item) { return item.second.chains < 2 || !(item.second.within > 0); });
  return draws;
}

}  // namespace

Quantity rhat_across_chains(const Series& series) {
  const auto draws = sums_by_draw(series);
  if (draws.empty()) return no_quantity("two chains (initialisations) on the same data draw are needed");
  const auto count = static_cast<double>(draws.size());
  Quantity result;
  result.sampler = series.sampler;
  result.same_data = series.same_data;
  double chains = 0;
  for (const auto& [draw, sums] : draws) chains += sums.chains;
  result.basis = basis_of(series, static_cast<std::size_t>(chains));
  double square = 0;
  for (const auto& [draw, sums] : draws) square += sums.squared_rhat() / count;
  result.value = std::sqrt(square);
  for (const auto& [draw, sums] : draws)
    result.influence.push_back({draw, whole_draw, (sums.squared_rhat() - square) / (2 * result.value * count)});
  return result;
}

}  // namespace fieldscan::analysis
