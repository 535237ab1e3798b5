#pragma once
#include <cstdint>
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
  std::int64_t last() const { return steps.back(); }
};

Schedule schedule_of(const GradientDescent& trainer, const network::Spec& network,
                     const TimeGrid& grid);  ///< number as rate
Schedule schedule_of(const Sgd& trainer, const network::Spec& network, const data::Spec& data, const TimeGrid& grid);
Schedule schedule_of(const Adam& trainer, const network::Spec& network, const data::Spec& data, const TimeGrid& grid);

/// The rate at step s = 0, 1, …, total − 1: η (s + 1)/warmup while warming up; then, with x = (s − warmup)/(total − warmup), η, or
/// η ½(1 + cos πx), or η (1 − x).
struct Pace {
  double rate = 0;  ///< η
  RateSchedule schedule = RateSchedule::constant;
  std::int64_t warmup = 0;
};
double rate_at(const Pace& pace, std::int64_t step, std::int64_t total);

/// Langevin dynamics records in time only where a grid is given, then also at 0 and at the end: t = η·steps/χ with η = εχ/κ.
Schedule schedule_of(const Langevin& trainer, double ridge, const TimeGrid& grid);

/// The times of gradient descent with `learning_rate: auto`: 0, the grid, and the end.
std::vector<double> flow_times(const GradientDescent& trainer, const TimeGrid& grid);

bool is_online(const data::Spec& data);

}  // namespace fieldscan::training
