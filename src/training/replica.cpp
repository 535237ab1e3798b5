#include "replica.hpp"

#include <algorithm>
#include <utility>

#include "fieldscan/data/classes.hpp"
#include "fieldscan/data/start.hpp"

namespace fieldscan::training {

namespace {

std::uint64_t key(std::int64_t number) { return static_cast<std::uint64_t>(number); }

/// [points], of several outputs [points × C].
Array array_of(Observable observable, double time, const VectorView& values, Index outputs) {
  Array array{.observable = observable,
              .time = time,
              .shape = {values.size() / outputs},
              .data = {values.begin(), values.end()}};
  if (outputs > 1) array.shape.push_back(outputs);
  return array;
}

}  // namespace

int output_count(const Problem& problem) {
  const Index outputs = std::max(problem.data.train.label.cols(), problem.data.test.label.cols());
  return static_cast<int>(std::max<Index>(outputs, 1));
}

Stream replica_stream(const Problem& problem, Purpose purpose) {
  return {problem.seed, purpose, "", key(problem.draw), key(problem.initialisation)};
}

Vector start_of(const Problem& problem, const network::Network& network) {
  return data::starting_point(network, problem.data, problem.seed, problem.initialisation);
}

Vector compared_labels(LossFunction loss, const Matrix& label) {
  return loss == LossFunction::square ? data::flat(label) : data::class_codes(label);
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
    result.arrays.push_back(array_of(Observable::target, equilibrium, data::flat(problem.data.test.target),
                                     problem.data.test.target.cols()));
  return result;
}

Array predictor_array(double time, const VectorView& values, Index outputs) {
  return array_of(Observable::predictor, time, values, outputs);
}

}  // namespace fieldscan::training
