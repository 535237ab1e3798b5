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

/// How long a training is, in whichever unit was given.
struct Length {
  std::optional<std::int64_t> steps, epochs;
  std::optional<double> time;
};

Schedule make_schedule(const Length& length, double time_per_step, std::int64_t steps_per_epoch, const TimeGrid& grid) {
  Schedule schedule{.steps = {0}, .time_per_step = time_per_step, .steps_per_epoch = steps_per_epoch};
  const std::int64_t last =
      length.steps    ? *length.steps
      : length.epochs ? nearest_step(static_cast<double>(*length.epochs) * static_cast<double>(steps_per_epoch))
                      : std::max<std::int64_t>(1, nearest_step(length.time.value_or(0) / time_per_step));
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

/// Steps of one pass through the training set in batches.
std::int64_t passes(const data::Spec& data, std::int64_t batch) {
  const std::int64_t points = std::max(1, data::train_points(data));
  return (points + batch - 1) / batch;
}

}  // namespace

bool is_online(const data::Spec& data) { return data.train_size.is(data::TrainSizeWord::online); }

Schedule schedule_of(const GradientDescent& trainer, const network::Spec& network, const TimeGrid& grid) {
  const double time_per_step = trainer.learning_rate.number() / (network.chi * (1 - trainer.momentum));
  return make_schedule({trainer.steps, trainer.epochs, trainer.time}, time_per_step, 1, grid);
}

Schedule schedule_of(const Sgd& trainer, const network::Spec& network, const data::Spec& data, const TimeGrid& grid) {
  const Length length{trainer.steps, trainer.epochs, trainer.time};
  if (is_online(data)) return make_schedule(length, 1.0 / data::input_dimension(data), 1, grid);
  const double time_per_step = trainer.learning_rate / (network.chi * (1 - trainer.momentum));
  return make_schedule(length, time_per_step, passes(data, trainer.batch), grid);
}

Schedule schedule_of(const Adam& trainer, const network::Spec& network, const data::Spec& data, const TimeGrid& grid) {
  const Length length{trainer.steps, trainer.epochs, std::nullopt};
  if (is_online(data)) return make_schedule(length, 1.0 / data::input_dimension(data), 1, grid);
  const std::int64_t per_epoch = trainer.batch.is_word() ? 1 : passes(data, trainer.batch.number());
  return make_schedule(length, trainer.learning_rate / network.chi, per_epoch, grid);
}

Schedule schedule_of(const Langevin& trainer, double ridge, const TimeGrid& grid) {
  if (grid.values.empty()) return {};
  const std::int64_t last = trainer.burn_in_steps() + trainer.samples() * trainer.thin;
  return make_schedule({last, std::nullopt, std::nullopt}, trainer.step / ridge, 1, grid);
}

double rate_at(const Pace& pace, std::int64_t step, std::int64_t total) {
  if (step < pace.warmup) return pace.rate * static_cast<double>(step + 1) / static_cast<double>(pace.warmup);
  if (pace.schedule == RateSchedule::constant) return pace.rate;
  const double share = static_cast<double>(step - pace.warmup) / static_cast<double>(total - pace.warmup);
  if (pace.schedule == RateSchedule::linear) return pace.rate * (1 - share);
  return pace.rate * 0.5 * (1 + std::cos(std::numbers::pi * share));
}

std::vector<double> flow_times(const GradientDescent& trainer, const TimeGrid& grid) {
  std::vector<double> times{0.0};
  const double end = trainer.time.value_or(0);
  if (grid.unit == TimeUnit::time)
    for (const double value : grid.values)
      if (value > times.back() && value < end) times.push_back(value);
  times.push_back(end);
  return times;
}

}  // namespace fieldscan::training
