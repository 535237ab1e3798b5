#include "kernel_variance.hpp"

#include <map>

#include "products.hpp"

namespace fieldscan::analysis {
namespace {

/// The kernels of the members, as distances from zero; only of draws with two of them at least.
Distances kernels(const Series& series, double time) {
  Distances result{.items = {}, .sampler = of_settled_chains(series, time), .survivors = false, .problem = {}};
  for (const Member& member : series.members) {
    result.survivors |= member.outcome == Outcome::diverged || member.outcome == Outcome::numerical_error;
    const Array* kernel = usable(member) ? find_array(member, Observable::ntk_empirical, time) : nullptr;
    if (!kernel) continue;
    result.unconverged.add(member, Observable::ntk_empirical, time);
    const bool equilibrated = !result.sampler || member.outcome != Outcome::not_equilibrated;
    result.items.push_back({member.draw, member.initialisation, kernel->data, equilibrated});
  }
  tell_redrawn(result, series, redrawn(series, Observable::ntk_empirical, time));
  std::map<std::int64_t, int> networks;
  for (const auto& item : result.items) ++networks[item.draw];
  std::erase_if(result.items, [&](const auto& item) { return networks[item.draw] < 2; });
  if (!result.of_one_draw) result.basis = basis_of(series, result.items.size());
  if (result.items.empty()) result.problem = "two initialisations on the same data draw are needed";
  return result;
}

}  // namespace

Quantity relative_variance_of_ntk(const Series& series, double time) {
  const Distances all = kernels(series, time);
  const Quantity square = mean_square(all), squared_mean = same_draw_product(all);
  if (!square.has_value() || !squared_mean.has_value()) return no_quantity(Missing{all.problem, all.lack, all.basis});
  if (!(squared_mean.value > 0)) return no_quantity("the mean kernel can not be told from zero");
  const double ratio = square.value / squared_mean.value;
  const std::vector<Quantity> parts{square, squared_mean};
  const std::vector<double> slopes{1 / squared_mean.value, -ratio / squared_mean.value};
  return combine(ratio - 1, parts, slopes);
}

}  // namespace fieldscan::analysis
