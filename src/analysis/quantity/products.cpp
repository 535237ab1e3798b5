#include "products.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <span>

namespace fieldscan::analysis {
namespace {

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t x = 0; x < a.size(); ++x) sum += a[x] * b[x];
  return sum / static_cast<double>(a.size());
}

void add(std::vector<double>& sum, const std::vector<double>& term) {
  if (sum.empty()) sum.assign(term.size(), 0.0);
  for (std::size_t x = 0; x < term.size(); ++x) sum[x] += term[x];
}

Quantity start(const Distances& distances) {
  if (!distances.problem.empty()) return no_quantity(Missing{distances.problem, distances.lack, distances.basis});
  Quantity result;
  result.basis = distances.basis;
  result.basis.members = std::ssize(distances.items);
  result.sampler = distances.sampler;
  result.survivors = distances.survivors;
  result.same_data = distances.same_data;
  result.of_one_draw = distances.of_one_draw;
  for (const auto& item : distances.items)
    result.magnitude += dot(item.distance, item.distance) / static_cast<double>(distances.items.size());
  const auto unequilibrated =
      static_cast<std::size_t>(std::ranges::count(distances.items, false, &Distances::Item::equilibrated));
  result.unequilibrated = static_cast<double>(unequilibrated) / static_cast<double>(distances.items.size());
  result.unsound = unsound_chains(unequilibrated, distances.items.size());
  distances.unconverged.tell(result);
  return result;
}

using Items = std::span<const Distances::Item>;

/// The items, draw by draw.
std::vector<Items> by_draw(const Distances& distances) {
  std::vector<Items> draws;
  const Items all(distances.items);
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin;
    while (end < all.size() && all[end].draw == all[begin].draw) ++end;
    draws.push_back(all.subspan(begin, end - begin));
    begin = end;
  }
  return draws;
}

struct DrawValue {
  double value = 0;
  std::vector<double> slope;  ///< ∂value/∂c_i; their sum is zero
  double variance = 0;        ///< of what is not the networks' noise
};

/// A mean over draws, each draw with weight Σ_i c_ri: influence (D_r − mean)/n for each member and slope of its own
/// draw.
Quantity mean_over_draws(Quantity result, const std::vector<Items>& draws, const std::vector<DrawValue>& values) {
  double n = 0, sum = 0;
  for (std::size_t r = 0; r < draws.size(); ++r) {
    n += static_cast<double>(draws[r].size());
    sum += static_cast<double>(draws[r].size()) * values[r].value;
  }
  result.value = sum / n;
  result.basis.members = static_cast<std::int64_t>(n);
  for (std::size_t r = 0; r < draws.size(); ++r) {
    const double share = static_cast<double>(draws[r].size()) / n;
    result.variance += share * share * values[r].variance;
    for (std::size_t k = 0; k < draws[r].size(); ++k) {
      const double own = static_cast<double>(draws[r].size()) * values[r].slope[k];
      result.influence.push_back(
          {draws[r][k].draw, draws[r][k].initialisation, (values[r].value - result.value + own) / n});
    }
  }
  return result;
}

/// Mean over pairs i ≠ j of ⟨e_i e_j⟩ with its slopes 2(h_i − D)/I, where h_i is the mean over j ≠ i.
DrawValue pair_product(Items items) {
  const auto n = static_cast<double>(items.size());
  std::vector<double> sum;
  for (const auto& item : items) add(sum, item.distance);
  DrawValue result;
  double noise = 0;
  std::vector<double> partner_mean;
  for (const auto& item : items) {
    partner_mean.push_back((dot(item.distance, sum) - dot(item.distance, item.distance)) / (n - 1));
    result.value += partner_mean.back() / n;
  }
  for (double h : partner_mean) result.slope.push_back(2 * (h - result.value) / n);
  for (const auto& item : items) noise += item.noise / n;
  result.value -= noise;
  result.variance = (4 * std::max(result.value, 0.0) + 2 * noise) * noise;
  return result;
}

/// ⟨variance over i⟩/I of one draw, with slopes of the mean of q_i = ⟨(e_i − ē)²⟩/(I − 1).
DrawValue spread_of_mean(Items items) {
  const auto n = static_cast<double>(items.size());
  std::vector<double> mean;
  for (const auto& item : items) add(mean, item.distance);
  for (double& m : mean) m /= n;
  DrawValue result;
  std::vector<double> own;
  for (const auto& item : items) {
    std::vector<double> d = item.distance;
    for (std::size_t x = 0; x < d.size(); ++x) d[x] -= mean[x];
    own.push_back(dot(d, d) / (n - 1));
    result.value += own.back() / n;
  }
  for (double q : own) result.slope.push_back((q - result.value) / n);
  return result;
}

/// Whether all draws have the same two networks: what their weights contribute is then the same everywhere, and nothing
/// tells its size. Chains are others on every draw.
bool same_pair_everywhere(const Distances& distances, const std::vector<Items>& draws) {
  return !distances.sampler && std::ranges::all_of(draws, [&](Items items) {
    return items.size() == 2 && items[0].initialisation == draws[0][0].initialisation &&
           items[1].initialisation == draws[0][1].initialisation;
  });
}

template <class OfDraw>
Quantity over_draws_with_pairs(const Distances& distances, OfDraw of_draw) {
  Quantity result = start(distances);
  if (!result.has_value()) return result;
  std::vector<Items> draws = by_draw(distances);
  std::erase_if(draws, [](Items items) { return items.size() < 2; });
  if (draws.empty())
    return no_quantity("two independent networks (initialisations or chains) on the same data draw are needed");
  result.without_error = draws[0].size() == 2 && (draws.size() == 1 || same_pair_everywhere(distances, draws));
  std::vector<DrawValue> values;
  for (Items items : draws) values.push_back(of_draw(items));
  return mean_over_draws(std::move(result), draws, values);
}

}  // namespace

Quantity same_draw_product(const Distances& distances) { return over_draws_with_pairs(distances, pair_product); }

Quantity variance_of_mean(const Distances& distances) { return over_draws_with_pairs(distances, spread_of_mean); }

Quantity same_initialisation_product(const Distances& distances) {
  Distances turned = distances;
  for (auto& item : turned.items) std::swap(item.draw, item.initialisation);
  std::ranges::sort(turned.items, {}, [](const auto& item) { return std::pair(item.draw, item.initialisation); });
  Quantity result = over_draws_with_pairs(turned, pair_product);
  if (!result.has_value())
    return no_quantity(distances.problem.empty() ? "two data draws with the same initialisation are needed"
                                                 : distances.problem);
  for (Cell& cell : result.influence) std::swap(cell.draw, cell.initialisation);
  std::ranges::sort(result.influence, {}, [](const Cell& c) { return std::pair(c.draw, c.initialisation); });
  return result;
}

/// Inclusion and exclusion: Σ over r ≠ s, i ≠ j = total² − Σ_r T_r² − Σ_i T_i² + Σ e², and the same for the number of
/// pairs.
Quantity independent_product(const Distances& distances) {
  Quantity result = start(distances);
  if (!result.has_value()) return result;
  std::vector<double> total;
  std::map<std::int64_t, std::vector<double>> of_draw, of_initialisation;
  std::map<std::int64_t, double> count_draw, count_initialisation;
  for (const auto& item : distances.items) {
    add(total, item.distance);
    add(of_draw[item.draw], item.distance);
    add(of_initialisation[item.initialisation], item.distance);
    ++count_draw[item.draw];
    ++count_initialisation[item.initialisation];
  }
  const auto n = static_cast<double>(distances.items.size());
  std::vector<double> products, partners;
  double sum = 0, pairs = 0;
  for (const auto& item : distances.items) {
    const auto& e = item.distance;
    products.push_back(dot(e, total) - dot(e, of_draw[item.draw]) - dot(e, of_initialisation[item.initialisation]) +
                       dot(e, e));
    partners.push_back(n - count_draw[item.draw] - count_initialisation[item.initialisation] + 1);
    sum += products.back();
    pairs += partners.back();
  }
  if (pairs < 1) return no_quantity("two data draws with two initialisations each are needed");
  result.value = sum / pairs;
  result.without_error = of_draw.size() == 2;  // each pair has one member of either draw
  for (std::size_t k = 0; k < distances.items.size(); ++k)
    result.influence.push_back({distances.items[k].draw, distances.items[k].initialisation,
                                2 * (products[k] - result.value * partners[k]) / pairs});
  return result;
}

Quantity mean_square(const Distances& distances) {
  Quantity result = start(distances);
  if (!result.has_value()) return result;
  const auto n = static_cast<double>(distances.items.size());
  std::vector<double> squares;
  double sum = 0;
  for (const auto& item : distances.items) {
    squares.push_back(dot(item.distance, item.distance));
    sum += squares.back();
  }
  result.value = sum / n;
  for (std::size_t k = 0; k < distances.items.size(); ++k)
    result.influence.push_back(
        {distances.items[k].draw, distances.items[k].initialisation, (squares[k] - result.value) / n});
  return result;
}

}  // namespace fieldscan::analysis
