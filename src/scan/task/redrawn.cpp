#include "fieldscan/scan/task/redrawn.hpp"

#include <algorithm>
#include <array>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/data/equal_draws.hpp"
#include "fieldscan/data/start.hpp"
#include "fieldscan/training/own_noise.hpp"

namespace fieldscan::scan {
namespace {

/// Which parts of a data draw a number is formed from.
struct RowsSeen {
  bool train = false, test = false, validation = false, target = false;
  bool in_order = false;  ///< the first so many of them
};

/// On which points an observable of the network itself is measured.
RowsSeen seen_by_view(const SameRows& same, Observable observable) {
  const auto own = std::ranges::find(same.views, observable, &training::View::observable);
  const training::View view = own == same.views.end() ? training::default_view(observable) : *own;
  const bool test = training::has_points(observable) && view.on == training::PointSet::test;
  return {.train = !test, .test = test, .in_order = training::has_points(observable) && view.points > 0};
}

/// What is measured on test rows without the outputs of the network there.
bool tests_alone(Observable observable) {
  return info(observable).source == Source::data || observable == Observable::error_after_kernel ||
         observable == listed("error_after_kernel_nngp") || observable == listed("predictor_error");
}

RowsSeen rows_seen(const SameRows& same, Observable observable, double time) {
  const Observable stored = info(observable).formed_from.value_or(observable);
  const auto needs = [&](Need any) { return has_any(info(stored).needs, any); };
  RowsSeen seen = needs(Need::pass | Need::kernel) ? seen_by_view(same, stored) : RowsSeen{};
  seen.train = seen.train || time != 0 || same.start_on_rows || info(stored).source == Source::theory ||
               needs(Need::train_outputs | Need::training_points | Need::solver | Need::two_times);
  seen.test = seen.test || tests_alone(stored) || needs(Need::test_outputs | Need::class_odds | Need::chain);
  seen.validation = needs(Need::validation_outputs);
  seen.target = needs(Need::first_layer);
  return seen;
}

}  // namespace

SameRows same_rows(const Point& point, Side side) {
  const data::Spec& data = point.spec.data;
  const bool measured = side == Side::measured;
  const bool validated = measured && data.validation_size > 0;
  SameRows same{.train = data::equal_training_sets(data) && !validated,
                .train_inputs = data::equal_training_rows(data) && !validated,
                .test = data::equal_test_sets(data),
                .test_order = data.test_set == data::TestSet::shared,
                .target = data::equal_targets(data),
                .start_on_rows = data::starts_along_labels(point.spec.network)};
  if (!measured) return same;
  same.own_noise = same.train && training::has_own_noise(point.spec.training, data::train_points(data));
  same.views = point.observe.views;
  return same;
}

Redrawn redrawn(const SameRows& same, Observable observable, double time) {
  const RowsSeen seen = rows_seen(same, observable, time);
  const bool test = !seen.test || (seen.in_order ? same.test_order : same.test);
  const bool train = !seen.train || (same.train && !(seen.in_order && !seen.test));
  if (!train || !test || seen.validation || (seen.target && !same.target)) return Redrawn::rows;
  return same.own_noise && time != 0 ? Redrawn::noise : Redrawn::nothing;
}

Redrawn redrawn_without_labels(const SameRows& same, Observable observable, double time) {
  using enum Observable;
  constexpr std::array without{
      ntk_top,       spectrum,  listed("spectrum_nngp"), coordinate_size, ntk_empirical,     eigenvalue, nngp_empirical,
      hidden_kernel, kappa_eff, condition_number,        jitter,          variance_posterior};
  if (!same.train_inputs || std::ranges::find(without, observable) == without.end()) return Redrawn::rows;
  SameRows inputs = same;
  inputs.train = true;
  inputs.own_noise = false;
  return redrawn(inputs, observable, time);
}

bool draws_grow(const Point& point) {
  if (!point.ensemble.until || !trains(point.spec)) return true;
  const auto observable = find_observable(point.ensemble.until->observable);
  return !observable || redrawn(same_rows(point, Side::measured), *observable, equilibrium) != Redrawn::nothing;
}

Ensemble first_ensemble(const Point& point) {
  Ensemble first = point.ensemble;
  if (!first.until) return first;
  int& level = draws_grow(point) ? first.data_draws : first.initialisations;
  level = std::max(level, first.until->batch);
  return first;
}

}  // namespace fieldscan::scan
