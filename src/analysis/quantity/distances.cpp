#include "distances.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "fieldscan/core/observable_list.hpp"

namespace fieldscan::analysis {
namespace {

/// What networks are compared with, by draw and initialisation; `whole_draw` stands for all of them.
struct Compared {
  const Array* array;
  double noise = 0;  ///< see `Distances::Item`
};
using References = std::map<std::pair<std::int64_t, std::int64_t>, Compared>;

Compared reference_of(const References& references, const Member& member) {
  for (const auto& key : {std::pair(member.draw, member.initialisation), std::pair(member.draw, whole_draw),
                          std::pair(whole_draw, whole_draw)})
    if (const auto found = references.find(key); found != references.end()) return found->second;
  return {nullptr};
}

/// Of several outputs, [test point, output], squares are summed over outputs, while all that follows are means over the
/// numbers.
void sum_over_outputs(const Array& predictor, std::vector<double>& distance) {
  if (predictor.shape.size() < 2) return;
  const double factor = std::sqrt(static_cast<double>(predictor.shape[1]));
  for (double& d : distance) d *= factor;
}

/// What is compared with what, and whether it is the same in all data draws.
struct ComparedWith {
  const char* what;
  scan::Redrawn redrawn = scan::Redrawn::nothing;  ///< of the references
};

Distances collect(const Series& measured, double time, const References& references, const ComparedWith& with) {
  Distances result{.items = {}, .sampler = of_settled_chains(measured, time), .survivors = false, .problem = {}};
  bool any_predictor = false;
  std::int64_t aside = 0;
  for (const Member& member : measured.members) {
    result.survivors |= member.outcome == Outcome::diverged || member.outcome == Outcome::numerical_error;
    const Array* predictor = usable(member) ? find_array(member, Observable::predictor, time) : nullptr;
    if (!predictor) continue;
    any_predictor = true;
    const auto [other, noise] = reference_of(references, member);
    if (!other || other->data.size() != predictor->data.size()) {
      ++aside;  // not asked for, where a theory is predicted on fewer draws
      continue;
    }
    result.unconverged.add(member, Observable::predictor, time);
    std::vector<double> distance = predictor->data;
    for (std::size_t x = 0; x < distance.size(); ++x) distance[x] -= other->data[x];
    sum_over_outputs(*predictor, distance);
    const bool equilibrated = !result.sampler || member.outcome != Outcome::not_equilibrated;
    result.items.push_back({member.draw, member.initialisation, std::move(distance), equilibrated, noise});
  }
  result.basis = basis_of(measured, result.items.size());
  result.basis.asked -= aside;
  if (result.items.empty()) {
    const Missing missing = any_predictor
                                ? Missing{std::string("no ") + with.what + " for the data draws of the networks"}
                                : nothing_of(measured, Observable::predictor);
    result.problem = missing.text;
    result.lack = missing.lack;
  }
  tell_redrawn(result, measured, std::min(redrawn(measured, Observable::predictor, time), with.redrawn));
  return result;
}

}  // namespace

void tell_redrawn(Distances& distances, const Series& series, scan::Redrawn redrawn) {
  distances.same_data = redrawn != scan::Redrawn::rows;
  distances.of_one_draw = redrawn == scan::Redrawn::nothing;
  if (!distances.of_one_draw) return;
  keep_one_each(distances.items, [](const Distances::Item& item) { return item.initialisation; });
  for (Distances::Item& item : distances.items) item.draw = one_draw;
  std::ranges::sort(distances.items, {}, &Distances::Item::initialisation);
  distances.basis = basis_of_one_draw(series, distances.items.size());
  distances.survivors = distances.survivors && distances.basis.fewer();
}

Distances on_draws(Distances distances, const DrawSet& draws) {
  if (!draws || distances.of_one_draw || !distances.problem.empty()) return distances;
  const auto aside = std::erase_if(distances.items, [&](const auto& item) { return !draws->contains(item.draw); });
  distances.basis.asked -= static_cast<std::int64_t>(aside);
  if (distances.items.empty()) distances.problem = "no predictors on the data draws that both sides have yet";
  return distances;
}

Distances distances_from_target(const Series& measured, double time) {
  References references;
  for (const Member& member : measured.members)
    for (const Array& array : member.arrays)
      if (array.observable == Observable::target)
        references.emplace(std::pair(member.draw, whole_draw), Compared{&array});
  return collect(measured, time, references, {"target"});
}

Distances distances_from_zero(const Series& measured, double time) {
  std::vector<Array> zeros;
  for (const Member& member : measured.members)
    if (const Array* predictor = usable(member) ? find_array(member, Observable::predictor, time) : nullptr)
      zeros.push_back({.observable = Observable::predictor, .data = std::vector<double>(predictor->data.size(), 0.0)});
  References references;
  if (!zeros.empty()) references.emplace(std::pair(whole_draw, whole_draw), Compared{&zeros.front()});
  return collect(measured, time, references, {"predictor"});
}

Distances distances_from_theory(const Series& measured, double time, const Series& theory, double theory_time) {
  References references;
  for (const Member& member : theory.members) {
    const Array* array = usable(member) ? find_array(member, Observable::predictor, theory_time) : nullptr;
    if (!array) continue;
    const Row* error = find_row(member, listed("predictor_error"), theory_time, 0);
    references.emplace(std::pair(theory.level == Level::nothing ? whole_draw : member.draw,
                                 theory.level == Level::replica ? member.initialisation : whole_draw),
                       Compared{array, error ? error->value * error->value : 0});
  }
  const scan::Redrawn of_theory =
      theory.level == Level::nothing ? scan::Redrawn::nothing : redrawn(theory, Observable::predictor, theory_time);
  return collect(measured, time, references, {"predictor of the theory", of_theory});
}

}  // namespace fieldscan::analysis
