#include "schedule.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace fieldscan::training {

namespace {

std::int64_t nearest_step(double steps) {
  constexpr double most = 9e15;
  return static_cast<std::int64_t>(std::llround(std::clamp(steps, 0.0, most)));
}

}  // namespace

Schedule make_schedule(const Length& length, double time_per_step, std::int64_t steps_per_epoch, const TimeGrid& grid) {
  Schedule schedule{.steps = {0}, .time_per_step = time_per_step, .steps_per_epoch = steps_per_epoch};
  const bool bound_alone = length.max_steps && !length.steps && !length.epochs && !length.time;
  schedule.meant = bound_alone    ? *length.max_steps
                   : length.steps ? *length.steps
                   : length.epochs
                       ? nearest_step(static_cast<double>(*length.epochs) * static_cast<double>(steps_per_epoch))
                       : std::max<std::int64_t>(1, nearest_step(length.time.value_or(0) / time_per_step));
  const std::int64_t last = std::min(schedule.meant, length.max_steps.value_or(schedule.meant));
  for (const double value : grid.values) {
    const double steps = grid.unit == TimeUnit::time    ? value / time_per_step
                         : grid.unit == TimeUnit::steps ? value
                                                        : value * static_cast<double>(steps_per_epoch);
    const std::int64_t step = nearest_step(steps);
    if (step < last) schedule.steps.push_back(step);
  }
  schedule.steps.push_back(last);
  std::ranges::sort(schedule.steps);
  schedule.steps.erase(std::unique(schedule.steps.begin(), schedule.steps.end()), schedule.steps.end());
  return schedule;
}

std::int64_t steps_per_pass(const data::Spec& data, std::int64_t batch) {
  const std::int64_t points = std::max(1, data::train_points(data));
  return (points + batch - 1) / batch;
}

std::vector<double> times_of(const Schedule& schedule) {
  std::vector<double> times;
  for (const std::int64_t step : schedule.steps) times.push_back(schedule.time(step));
  return times;
}

bool is_online(const data::Spec& data) { return data.train_size.is(data::TrainSizeWord::online); }

double rate_at(const Pace& pace, std::int64_t step, std::int64_t total) {
  if (step < pace.warmup) return pace.rate * static_cast<double>(step + 1) / static_cast<double>(pace.warmup);
  if (pace.schedule == RateSchedule::constant) return pace.rate;
  const double share = static_cast<double>(step - pace.warmup) / static_cast<double>(total - pace.warmup);
  if (pace.schedule == RateSchedule::linear) return pace.rate * (1 - share);
  return pace.rate * 0.5 * (1 + std::cos(std::numbers::pi * share));
}

}  // namespace fieldscan::training
