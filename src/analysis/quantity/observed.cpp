#include "observed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "chains.hpp"
#include "droplet_share.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "kernel_variance.hpp"
#include "observe.hpp"
#include "products.hpp"

namespace fieldscan::analysis {
namespace {

bool formed_from_predictors(Observable o) { return info(o).formed_from == Observable::predictor; }

/// The time of a series that a pick means; nullopt where there is none near.
std::optional<double> time_of(const std::vector<double>& times, const TimePick& pick) {
  if (times.empty()) return std::nullopt;
  if (pick.kind == TimePick::Kind::start) return times.front();
  if (pick.kind == TimePick::Kind::end || times.size() == 1) return times.back();
  const auto nearest =
      std::ranges::min_element(times, {}, [&](double t) { return t == pick.time ? 0.0 : std::abs(t - pick.time); });
  const bool near = std::isfinite(pick.time) && std::abs(*nearest - pick.time) <= 0.05 * std::abs(pick.time);
  return *nearest == pick.time || near ? std::optional(*nearest) : std::nullopt;
}

bool shares_test_set(const TablePoint& point) { return point.point.spec.data.test_set == data::TestSet::shared; }

Quantity sum_of(std::vector<Quantity> parts, std::vector<double> slopes) {
  const std::vector<Quantity> list = replica_by_replica(parts);
  double value = 0;
  for (std::size_t k = 0; k < list.size(); ++k) value += slopes[k] * list[k].value;
  return combine(value, list, slopes);
}

/// The two-way decomposition of error_test. With f_ri = μ + A_r + B_i + E_ri at every test point, S the mean of e_ri
/// e_sj: different r and i: bias²; same r: bias² + ⟨A²⟩; same i: bias² + ⟨B²⟩; both the same: error_test. With a test
/// set per draw B and E can not be told apart: variance_init is then their sum. Before training no network depends on
/// the data: A and E are zero.
Quantity decomposition(const TablePoint& point, Observable o, double ensemble_members, double time,
                       const DrawSet& draws) {
  const Distances e = on_draws(distances_from_target(point.measured, time), draws);
  const Quantity one = mean_of_rows(point.measured, Observable::error_test, time, 0, draws);
  Quantity same_draw = same_draw_product(e);
  if (o == Observable::error_mean_predictor) return same_draw;
  if (o == Observable::error_ensemble)
    return sum_of({same_draw, one}, {1 - 1 / ensemble_members, 1 / ensemble_members});
  if (o == Observable::variance_init && !shares_test_set(point)) return sum_of({one, same_draw}, {1, -1});
  if (!shares_test_set(point)) return no_quantity(fmt::format("{} needs data.test_set: shared", info(o).name));
  const bool untrained = time == 0 && e.of_one_draw;
  Quantity apart = untrained ? same_draw : independent_product(e);
  if (o == Observable::bias2) return apart;
  if (o == Observable::variance_data) return sum_of({same_draw, apart}, {1, -1});
  const Quantity same_initialisation = untrained ? one : same_initialisation_product(e);
  if (o == Observable::variance_init) return sum_of({same_initialisation, apart}, {1, -1});
  return sum_of({one, same_draw, same_initialisation, apart}, {1, -1, -1, 1});
}

/// Which rows of a theory a number is made of: those of an observable at a time; all of them where it is made of
/// arrays.
struct RowsUsed {
  std::optional<Observable> observable = {};
  double time = 0;
  bool contains(const Row& row) const { return !observable || (row.observable == *observable && row.time == time); }
};

/// Names the theory where it says of one of these rows that it is beyond its stated range.
Quantity with_validity(Quantity quantity, const Series& series, const std::string& theory, const RowsUsed& used = {}) {
  const auto is_outside = [&](const Row& row) { return row.flag == Flag::outside_validity && used.contains(row); };
  const auto outside = std::ranges::count_if(series.members, [&](const Member& member) {
    return usable(member) && std::ranges::any_of(member.rows, is_outside);
  });
  if (theory.empty() || outside == 0) return quantity;
  quantity.outside.insert(theory);
  quantity.outside_in[theory] = {.outside = outside,
                                 .all = std::ranges::count_if(series.members, usable),
                                 .of_draws = series.level == Level::draw};
  return quantity;
}

/// How many networks trained, and how many of them had ended before a time.
struct Stops {
  std::size_t trained = 0, stopped = 0;
};
Stops stops_before(const TablePoint& point, double time) {
  Stops stops;
  for (const Member& member : point.measured.members) {
    if (!usable(member)) continue;
    ++stops.trained;
    const auto at = std::ranges::lower_bound(member.rows, Observable::end_time, {}, &Row::observable);
    const bool known = at != member.rows.end() && at->observable == Observable::end_time;
    if (known && at->value < time && !same_time(at->value, time)) ++stops.stopped;
  }
  return stops;
}

/// A theory in time goes on where networks were told to stop: what they are afterwards is not what it describes.
Quantity with_stops(Quantity quantity, const TablePoint& point, const std::string& theory, double time) {
  if (theory.empty() || !std::isfinite(time) || !quantity.unsound.empty()) return quantity;
  const auto [trained, stopped] = stops_before(point, time);
  if (stopped > 0)
    quantity.unsound = fmt::format(
        "{} of {} networks had ended their training before t = {:.4g}, and {} goes on; compare them sooner, "
        "or with what a training ends at",
        stopped, trained, time, theory);
  return quantity;
}

}  // namespace

const Series* series_of(const TablePoint& point, const std::string& theory) {
  if (theory.empty()) return &point.measured;
  const auto found = point.theories.find(theory);
  return found == point.theories.end() ? nullptr : found->second.get();
}

bool after_training(const TablePoint& point, const TimePick& pick) {
  if (pick.kind != TimePick::Kind::exact || !std::isfinite(pick.time)) return false;
  const auto [trained, stopped] = stops_before(point, pick.time);
  return stopped > 0 && stopped == trained;
}

Observable carrier(Observable o, const std::string& theory) {
  if (!theory.empty()) return o == Observable::error_ensemble ? Observable::error_mean_predictor : o;
  return info(o).formed_from.value_or(o);
}

Quantity squared_deviation(const TablePoint& point, const std::string& theory, const Site& site, const DrawSet& draws) {
  const Series* prediction = series_of(point, theory);
  if (!prediction) return no_quantity(fmt::format("no theory {} at this point", theory));
  const auto time = time_of(times_of(point.measured, Observable::predictor), site.time);
  if (!time) return no_quantity(nothing_of(point.measured, Observable::predictor));
  const auto theory_time = time_of(times_of(*prediction, Observable::predictor), {TimePick::Kind::exact, *time});
  if (!theory_time) return no_quantity(nothing_of(*prediction, Observable::predictor, theory));
  const Quantity square =
      same_draw_product(on_draws(distances_from_theory(point.measured, *time, *prediction, *theory_time), draws));
  return with_stops(with_validity(square, *prediction, theory), point, theory, *theory_time);
}

Quantity squared_size(const TablePoint& point, const Site& site) {
  const auto time = time_of(times_of(point.measured, Observable::predictor), site.time);
  if (!time) return no_quantity(nothing_of(point.measured, Observable::predictor));
  return same_draw_product(distances_from_zero(point.measured, *time));
}

Quantity squared_rms(const TablePoint& point, const scan::ResolvedName& name, const Site& site) {
  const auto& a = name.sides.at(0);
  const auto& b = name.sides.at(1);
  const Series* left = series_of(point, a.theory);
  const Series* right = series_of(point, b.theory);
  if (!left || !right || !a.observable || !b.observable) return no_quantity("no such theory at this point");
  const auto time_a = time_of(times_of(*left, *a.observable), site.time);
  const auto time_b = time_of(times_of(*right, *b.observable), site.time);
  if (!time_a) return no_quantity(nothing_of(*left, *a.observable, a.theory));
  if (!time_b) return no_quantity(nothing_of(*right, *b.observable, b.theory));
  const auto origin = [](const std::string& theory) {
    return theory.empty() ? RowsOf::Origin::measured : RowsOf::Origin::predicted;
  };
  const Quantity square =
      mean_squared_difference({*left, *a.observable, *time_a, origin(a.theory)},
                              {*right, *b.observable, *time_b, origin(b.theory)}, site.coordinate.value_or(0));
  return with_stops(
      with_stops(with_validity(with_validity(square, *left, a.theory), *right, b.theory), point, a.theory, *time_a),
      point, b.theory, *time_b);
}

Quantity observe(const TablePoint& point, const std::string& theory, Observable observable, double ensemble_members,
                 const Site& site, const DrawSet& draws) {
  const Series* series = series_of(point, theory);
  if (!series) return no_quantity(fmt::format("no theory {} at this point", theory));
  if (observable == Observable::error_ensemble && !(ensemble_members >= 1))
    return no_quantity("error_ensemble: of how many networks?");
  if (theory.empty() && (observable == Observable::diverged || observable == Observable::not_converged))
    return share_of(*series, observable == Observable::diverged ? Outcome::diverged : Outcome::not_converged);
  const auto time = time_of(times_of(*series, carrier(observable, theory)), site.time);
  if (!time) {
    const bool other_times = !times_of(*series, carrier(observable, theory)).empty();
    return no_quantity(other_times ? Missing{"no results at this time"} : nothing_of(*series, observable, theory));
  }
  if (theory.empty() && observable == Observable::rhat_chains) return rhat_across_chains(*series);
  if (theory.empty() && observable == Observable::ntk_variance) return relative_variance_of_ntk(*series, *time);
  if (theory.empty() && observable == listed("droplet_share")) {
    const Edge edge = droplet_edge(point);
    return edge.value ? share_beyond(*series, point.point.observe.overlap_bins, *edge.value, *time, draws)
                      : no_quantity(edge.problem);
  }
  if (theory.empty() && formed_from_predictors(observable))
    return decomposition(point, observable, ensemble_members, *time, draws);
  const bool own_dimension = !info(observable).dimension.empty();
  const double coordinate = own_dimension ? site.coordinate.value_or(0) : 0;
  const bool single = observable != Observable::error_ensemble;
  const Quantity quantity = single ? mean_of_rows(*series, observable, *time, coordinate, draws)
                                   : sum_of({mean_of_rows(*series, Observable::error_mean_predictor, *time, 0, draws),
                                             mean_of_rows(*series, Observable::error_test, *time, 0, draws)},
                                            {1 - 1 / ensemble_members, 1 / ensemble_members});
  const RowsUsed used{single ? observable : Observable::error_test, *time};
  return with_stops(with_validity(quantity, *series, theory, used), point, theory, *time);
}

}  // namespace fieldscan::analysis
