#include "replica.hpp"

#include <algorithm>
#include <utility>

#include "fieldscan/data/start.hpp"

namespace fieldscan::training {

namespace {

std::uint64_t key(std::int64_t number) { return static_cast<std::uint64_t>(number); }

Array array_of(Observable observable, double time, const VectorView& values) {
  return {.observable = observable, .time = time, .shape = {values.size()}, .data = {values.begin(), values.end()}};
}

}  // namespace

Stream replica_stream(const Problem& problem, Purpose purpose) {
  return {problem.seed, purpose, "", key(problem.draw), key(problem.initialisation)};
}

Vector start_of(const Problem& problem, const network::Network& network) {
  return data::starting_point(network, problem.data, problem.seed, problem.initialisation);
}

bool wants_predictor(const ObservePlan& plan) {
  return std::ranges::any_of(plan.observables, [](Observable observable) {
    return info(observable).formed_from.value_or(observable) == Observable::predictor;
  });
}

Result start_result(const Problem& problem, const ObservePlan& plan) {
  Result result{
      .data_draw = problem.draw, .initialisation = problem.initialisation, .reason = {}, .rows = {}, .arrays = {}};
  const bool wanted = wants_predictor(plan) || plan.has(Observable::target);
  if (wanted && problem.initialisation == 0 && problem.data.test.target.size() > 0)
    result.arrays.push_back(array_of(Observable::target, equilibrium, data::one_output(problem.data.test.target)));
  return result;
}

Array predictor_array(double time, const VectorView& outputs) { return array_of(Observable::predictor, time, outputs); }

}  // namespace fieldscan::training
