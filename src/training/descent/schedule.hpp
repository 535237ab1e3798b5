#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "fieldscan/training/train.hpp"

/// When a trainer records: which steps, and which times they stand for.
namespace fieldscan::training {

/// The steps at which a trainer with a fixed time per step records: 0, those nearest to the grid, and the last.
struct Schedule {
  std::vector<std::int64_t> steps;  ///< rising, first 0
  double time_per_step = 0;         ///< t of one step
  std::int64_t steps_per_epoch = 1;
  double time(std::int64_t step) const { return static_cast<double>(step) * time_per_step; }
  std::int64_t meant = 0;  ///< steps of the whole length; more than the last one where `max_steps` ends it
  std::int64_t last() const { return steps.back(); }
};

/// How long a training is, in whichever unit was given.
struct Length {
  std::optional<std::int64_t> steps = {}, epochs = {};
  std::optional<double> time = {};
  std::optional<std::int64_t> max_steps = {};  ///< the length itself where no other one is given
};
/// Of a training of that length, t advancing by so much each step.
Schedule make_schedule(const Length& length, double time_per_step, std::int64_t steps_per_epoch, const TimeGrid& grid);

/// Steps of one pass through the training set in batches.
std::int64_t steps_per_pass(const data::Spec& data, std::int64_t batch);

/// The rate at step s = 0, 1, …, total − 1: η (s + 1)/warmup while warming up; then, with x = (s − warmup)/(total −
/// warmup), η, or η ½(1 + cos πx), or η (1 − x).
struct Pace {
  double rate = 0;  ///< η
  RateSchedule schedule = RateSchedule::constant;
  std::int64_t warmup = 0;
};
double rate_at(const Pace& pace, std::int64_t step, std::int64_t total);

bool is_online(const data::Spec& data);

/// The times of a schedule's steps.
std::vector<double> times_of(const Schedule& schedule);

}  // namespace fieldscan::training
