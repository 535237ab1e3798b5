#include "quantity.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace fieldscan::analysis {
namespace {

using CellKey = std::pair<std::int64_t, std::int64_t>;

double scale(const Quantity& quantity) {
  double sum = quantity.variance;
  for (const Cell& cell : quantity.influence) sum += cell.value * cell.value;
  return std::sqrt(sum);
}

/// The step of a difference quotient; of what varies by rounding alone one that rounding does not decide.
double step_of(const Quantity& part, double reach) {
  const double h = reach * scale(part), small = part.value != 0 ? 1e-6 * std::abs(part.value) : 1e-6;
  if (part.censored != Censored::no) return small;
  return part.magnitude > 0 && !(h > reach * rounding_of(part)) ? small : h;
}

/// The two-level estimate of the pseudo-values θ + n U_ri. Chains on different draws have nothing in common but their
/// number: a sampler's draws are summed over their chains, θ + R Σ_i U_ri, and their spread is the whole error, with R
/// − 1 degrees of freedom.
Estimate estimate_of(double value, const std::vector<Cell>& influence, bool sampler) {
  std::map<std::int64_t, double> of_draw;
  std::set<std::int64_t> initialisations;
  std::vector<Cell> pseudo;
  for (const Cell& cell : influence) {
    if (sampler) of_draw[cell.draw] += cell.value;
    if (sampler) initialisations.insert(cell.initialisation);
    pseudo.push_back({cell.draw, cell.initialisation, value + static_cast<double>(influence.size()) * cell.value});
  }
  if (!sampler || of_draw.size() < 2) return two_level_estimate(pseudo);
  pseudo.clear();
  for (const auto& [draw, u] : of_draw) pseudo.push_back({draw, 0, value + static_cast<double>(of_draw.size()) * u});
  Estimate result = two_level_estimate(pseudo);
  result.initialisations = static_cast<std::int64_t>(initialisations.size());
  result.conditioned_on_initialisation = false;
  return result;
}

using Influences = std::map<CellKey, double>;

/// Whether of the parts that vary over the ensemble all are of one draw.
bool are_of_one_draw(std::span<const Quantity> parts) {
  const auto varies = [](const Quantity& part) { return !part.influence.empty(); };
  return std::ranges::any_of(parts, varies) &&
         std::ranges::all_of(parts, [&](const Quantity& part) { return !varies(part) || part.of_one_draw; });
}

/// Whether of the parts that vary over the ensemble all are about one set of data.
bool are_of_same_data(std::span<const Quantity> parts) {
  bool any = false, all = true;
  for (const Quantity& part : parts) {
    any = any || part.same_data;
    all = all && (part.influence.empty() || part.same_data);
  }
  return any && all;
}

/// Of a cell that is of every draw: among the draws that have its initialisation, or all of them where none has.
void share_among_draws(Influences& influence, const Cell& cell, double value) {
  std::set<std::int64_t> having, all;
  for (const auto& [key, u] : influence) {
    all.insert(key.first);
    if (key.second == cell.initialisation) having.insert(key.first);
  }
  const std::set<std::int64_t>& draws = having.empty() ? all : having;
  for (const std::int64_t draw : draws)
    influence[{draw, cell.initialisation}] += value / static_cast<double>(draws.size());
}

/// Σ_k slope_k U_k, cell by cell.
Influences influence_of(std::span<const Quantity> parts, std::span<const double> slopes) {
  Influences sum;
  const bool one = are_of_one_draw(parts);
  for (std::size_t k = 0; k < parts.size(); ++k)
    if (one || !parts[k].of_one_draw)
      for (const Cell& cell : parts[k].influence) sum[{cell.draw, cell.initialisation}] += slopes[k] * cell.value;
  if (one) return sum;
  Influences shared;
  for (std::size_t k = 0; k < parts.size(); ++k)
    if (parts[k].of_one_draw)
      for (const Cell& cell : parts[k].influence) shared[{cell.draw, cell.initialisation}] += slopes[k] * cell.value;
  for (const auto& [key, u] : shared)
    if (u != 0) share_among_draws(sum, {key.first, key.second, 0}, u);
  return sum;
}

/// Whether it is a share, or what is left of one, as it is.
bool is_one_share(double value, std::span<const Quantity> parts, std::span<const double> slopes) {
  constexpr double rounding = 1e-6;  // slopes are differences of values
  if (parts.size() != 1 || !parts[0].share) return false;
  const double own = parts[0].value;
  return (value == own && std::abs(slopes[0] - 1) < rounding) ||
         (value == 1 - own && std::abs(slopes[0] + 1) < rounding);
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

Quantity no_quantity(std::string problem) { return no_quantity(Missing{.text = std::move(problem)}); }

Quantity no_quantity(Missing missing) {
  Quantity result;
  result.problem = std::move(missing.text);
  result.lack = missing.lack;
  result.basis = missing.basis;
  return result;
}

Quantity no_quantity(const Quantity& other) { return no_quantity(Missing{other.problem, other.lack, other.basis}); }

Marks marks_of(const Quantity& q) {
  Marks marks = q.basis.marks;
  if (q.censored != Censored::no) marks |= mark_of(Flag::censored);
  if (!q.outside.empty()) marks |= mark_of(Flag::outside_validity);
  if (q.unequilibrated > 0) marks |= mark_of(Outcome::not_equilibrated);
  if (q.unconverged > 0) marks |= mark_of(Outcome::not_converged);
  return marks;
}

Basis marked_basis(const Quantity& q) {
  return {.members = q.basis.members, .asked = q.basis.asked, .marks = marks_of(q)};
}

double own_variance(const Quantity& quantity) {
  double own = quantity.variance;
  for (const auto& [source, u] : quantity.shared) own -= u * u;
  return own > 1e-12 * quantity.variance ? own : 0;  // else rounding
}

Quantity scaled(const Quantity& quantity, double factor) {
  Quantity result = quantity;
  result.share = quantity.share && factor == 1;
  result.value *= factor;
  for (Cell& cell : result.influence) cell.value *= factor;
  result.variance *= factor * factor;
  result.magnitude *= std::abs(factor);
  for (auto& [source, u] : result.shared) u *= factor;
  if (quantity.of_replicas)
    result.of_replicas = std::make_shared<const Quantity>(scaled(*quantity.of_replicas, factor));
  if (factor < 0 && quantity.censored != Censored::no)
    result.censored = quantity.censored == Censored::above ? Censored::below : Censored::above;
  return result;
}

Quantity combine(double value, std::span<const Quantity> parts, std::span<const double> slopes) {
  Quantity result;
  result.value = value;
  for (const Quantity& part : parts)
    if (!part.has_value()) return no_quantity(part);
  const Influences influence = influence_of(parts, slopes);
  result.of_one_draw = are_of_one_draw(parts);
  result.share = is_one_share(value, parts, slopes);
  result.same_data = are_of_same_data(parts);
  double worst = -1;
  for (std::size_t k = 0; k < parts.size(); ++k) {
    const Quantity& part = parts[k];
    result.variance += slopes[k] * slopes[k] * own_variance(part);
    result.magnitude += std::abs(slopes[k]) * part.magnitude;
    for (const auto& [source, u] : part.shared) result.shared[source] += slopes[k] * u;
    result.sampler |= part.sampler;
    result.survivors |= part.survivors;
    result.basis.join(part.basis);
    result.unconverged = std::max(result.unconverged, part.unconverged);
    result.without_error |= part.without_error && slopes[k] != 0;
    result.unequilibrated = std::max(result.unequilibrated, part.unequilibrated);
    result.outside.insert(part.outside.begin(), part.outside.end());
    for (const auto& [theory, here] : part.outside_in)
      if (auto& most = result.outside_in[theory]; most.all == 0 || here.outside * most.all > most.outside * here.all)
        most = here;
    if (part.censored != Censored::no && slopes[k] != 0) {
      const bool flips = slopes[k] < 0;
      const Censored side = (part.censored == Censored::above) != flips ? Censored::above : Censored::below;
      if (result.censored != Censored::no && result.censored != side)
        return no_quantity(
            "of its numbers only bounds are known, which leave it open on both sides (a best value at the end of its axis): "
            "extend the axis");
      result.censored = side;
    }
    if (result.carried.empty() && slopes[k] != 0) result.carried = part.carried;
    if (!part.unsound.empty() && slopes[k] != 0 && part.unequilibrated > worst) {
      result.unsound = part.unsound;  // the worst of them stands for all
      worst = part.unequilibrated;
    }
    if (result.unfinished.empty() && slopes[k] != 0) result.unfinished = part.unfinished;
  }
  for (const auto& [key, u] : influence) result.influence.push_back({key.first, key.second, u});
  for (const auto& [source, u] : result.shared) result.variance += u * u;
  if (!std::isfinite(value)) return no_quantity("the number is not finite");
  return result;
}

namespace {

Quantity propagated(const std::function<double(std::span<const double>)>& f, std::span<const Quantity> parts,
                    double reach) {
  std::vector<double> values, slopes(parts.size(), 0.0);
  std::string unsound, unfinished;
  bool without_error = false;  // such a part has no slope to speak of
  for (const Quantity& part : parts) {
    if (!part.has_value()) return no_quantity(part);
    values.push_back(part.value);
    without_error |= part.without_error;
  }
  const double value = f(values);
  for (std::size_t k = 0; k < parts.size(); ++k) {
    const double h = step_of(parts[k], reach);
    if (!(h > 0)) {  // no error, and no slope that would tell whether it counts
      if (unsound.empty()) unsound = parts[k].unsound;
      if (unfinished.empty()) unfinished = parts[k].unfinished;
      continue;
    }
    values[k] = parts[k].value + h;
    const double up = f(values);
    values[k] = parts[k].value - h;
    slopes[k] = (up - f(values)) / (2 * h);
    values[k] = parts[k].value;
    if (!std::isfinite(slopes[k]) && parts[k].magnitude > 0 && !(scale(parts[k]) > rounding_of(parts[k])))
      slopes[k] = 0;
    if (!std::isfinite(slopes[k])) return no_quantity("the number is not finite within its error");
  }
  Quantity result = combine(value, parts, slopes);
  if (!result.has_value()) return result;
  if (result.unsound.empty()) result.unsound = unsound;
  if (result.unfinished.empty()) result.unfinished = unfinished;
  result.without_error = without_error;
  return result;
}

/// All that are known replica by replica so.
std::vector<Quantity> whole(std::span<const Quantity> parts) {
  std::vector<Quantity> result(parts.begin(), parts.end());
  for (Quantity& part : result)
    if (const std::shared_ptr<const Quantity> all = part.of_replicas) part = *all;
  return result;
}

}  // namespace

std::vector<Quantity> replica_by_replica(std::span<const Quantity> parts) {
  if (are_of_one_draw(parts)) return {parts.begin(), parts.end()};
  return whole(parts);
}

Quantity propagate(const std::function<double(std::span<const double>)>& f, std::span<const Quantity> parts,
                   double reach) {
  Quantity result = propagated(f, replica_by_replica(parts), reach);
  const bool incomplete = std::ranges::any_of(parts, [](const Quantity& part) { return part.of_replicas != nullptr; });
  if (result.of_one_draw && incomplete)
    result.of_replicas = std::make_shared<const Quantity>(propagated(f, whole(parts), reach));
  return result;
}

Quantity difference(const Quantity& a, const Quantity& b) {
  const std::vector<Quantity> parts = replica_by_replica(std::array<Quantity, 2>{a, b});
  const std::array<double, 2> slopes{1, -1};
  return combine(parts[0].value - parts[1].value, parts, slopes);
}

double rounding_of(const Quantity& quantity) { return 1e-13 * quantity.magnitude; }

namespace {

/// Adds the error of rounding where there is no other.
void add_rounding(const Quantity& quantity, Estimate& e) {
  const double rounding = rounding_of(quantity);
  if (!(e.standard_error < rounding)) return;  // NaN, and where no magnitude is known
  const bool exact = quantity.value == 0 || std::abs(quantity.value) > rounding;
  if (e.standard_error == 0 && exact) return;
  e.standard_error = std::hypot(e.standard_error, 0.1 * rounding);
  e.degrees_of_freedom = std::numeric_limits<double>::infinity();
}

/// Where one of its numbers rests on few of the members that were asked for, these are what tells the error, however
/// many the others have: three survivors beside 32 networks are three.
double freedom_of_few(const Basis& basis) {
  if (!basis.fewer()) return std::numeric_limits<double>::infinity();
  return static_cast<double>(std::max<std::int64_t>(basis.members - 1, 1));
}

/// Of the ensemble, and of what its members state of themselves.
Estimate estimate_of_members(const Quantity& quantity) {
  Estimate result;
  result.value = quantity.value;
  if (quantity.influence.empty()) {
    result.standard_error = std::sqrt(quantity.variance);
    result.degrees_of_freedom = std::numeric_limits<double>::infinity();
    return result;
  }
  result = estimate_of(quantity.value, influence_of_members(quantity), quantity.sampler);
  result.value = quantity.value;
  result.degrees_of_freedom = std::min(result.degrees_of_freedom, freedom_of_few(quantity.basis));
  if (quantity.variance > 0) {
    const double own = result.standard_error * result.standard_error;
    const double ensemble = std::isfinite(own) ? own : 0;
    result.degrees_of_freedom = add_exact_variance(result.degrees_of_freedom, ensemble, quantity.variance);
    result.standard_error = std::sqrt(ensemble + quantity.variance);
    // One that is left of several: its own error is not how members vary.
    if (!std::isfinite(own) && quantity.basis.asked > 1) result.standard_error = own;
  }
  if (quantity.without_error) result.standard_error = std::numeric_limits<double>::quiet_NaN();
  return result;
}

}  // namespace

Estimate estimate(const Quantity& quantity) {
  Estimate result = estimate_of_members(quantity);
  add_rounding(quantity, result);
  return result;
}

/// Cells of whole draws come before those of the draw's members, since whole_draw is less than any initialisation.
std::vector<Cell> influence_of_members(const Quantity& quantity) {
  const std::vector<Cell>& cells = quantity.influence;
  std::vector<Cell> result;
  result.reserve(cells.size());
  for (std::size_t begin = 0; begin < cells.size();) {
    std::size_t end = begin;
    double whole = 0;
    const std::size_t first = result.size();
    for (; end < cells.size() && cells[end].draw == cells[begin].draw; ++end)
      if (cells[end].initialisation == whole_draw)
        whole += cells[end].value;
      else
        result.push_back(cells[end]);
    const std::size_t count = result.size() - first;
    if (count == 0) result.push_back({cells[begin].draw, 0, whole});
    for (std::size_t k = first; whole != 0 && count > 0 && k < result.size(); ++k)
      result[k].value += whole / static_cast<double>(count);
    begin = end;
  }
  return result;
}

std::int64_t members(const Quantity& quantity, const Estimate& estimate) {
  if (quantity.influence.empty()) return std::numeric_limits<std::int64_t>::max();
  if (quantity.sampler) return estimate.draws * estimate.initialisations;
  return estimate.share_draws >= estimate.share_initialisations ? estimate.draws : estimate.initialisations;
}

}  // namespace fieldscan::analysis
