#include "fieldscan/training/solved/none.hpp"

#include "fieldscan/training/train.hpp"

namespace fieldscan::training {

std::vector<double> None::record_times(const Setting&, const TimeGrid& grid) const {
  if (grid.unit != TimeUnit::time || grid.values.empty()) return {equilibrium};
  std::vector<double> times = grid.values;
  if (times.front() > 0) times.insert(times.begin(), 0.0);
  return times;
}

Result None::train(const Problem& problem, const ObservePlan&) const {
  return {.data_draw = problem.draw, .initialisation = problem.initialisation, .reason = {}, .rows = {}, .arrays = {}};
}

}  // namespace fieldscan::training
