#include "replica.hpp"

#include <algorithm>
#include <utility>

namespace fieldscan::training {

namespace {

std::uint64_t key(std::int64_t number) { return static_cast<std::uint64_t>(number); }

Array array_of(Observable observable, double time, const VectorView& values) {
  return {.observable = observable, .time = time, .shape = {values.size()}, .data = {values.begin(), values.end()}};
}

}  // namespace

Stream weight_stream(const Problem& problem) {
  return {problem.seed, Purpose::initial_weights, "", 0, key(problem.initialisation)};
}

Stream replica_stream(const Problem& problem, Purpose purpose) {
  return {problem.seed, purpose, "", key(problem.draw), key(problem.initialisation)};
}

bool ObservePlan::has(Observable observable) const {
  return std::ranges::find(observables, observable) != observables.end();
}

View ObservePlan::view_of(Observable observable) const {
  const auto found = std::ranges::find(views, observable, &View::observable);
  return found != views.end() ? *found : default_view(observable);
}

bool wants_predictor(const ObservePlan& plan) {
  using enum Observable;
  constexpr std::array formed{predictor,     error_mean_predictor, error_ensemble, bias2,
                              variance_data, variance_init,        interaction};
  return std::ranges::any_of(formed, [&](Observable observable) { return plan.has(observable); });
}

Result start_result(const Problem& problem, const ObservePlan& plan) {
  Result result{
      .data_draw = problem.draw, .initialisation = problem.initialisation, .reason = {}, .rows = {}, .arrays = {}};
  const bool wanted = wants_predictor(plan) || plan.has(Observable::target);
  if (wanted && problem.initialisation == 0 && problem.data.test.target.size() > 0)
    result.arrays.push_back(array_of(Observable::target, equilibrium, problem.data.test.target));
  return result;
}

Array predictor_array(double time, const VectorView& outputs) { return array_of(Observable::predictor, time, outputs); }

}  // namespace fieldscan::training
