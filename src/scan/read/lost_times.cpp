#include "lost_times.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../points/check_point.hpp"
#include "../task/cost.hpp"
#include "fieldscan/core/text.hpp"
#include "fieldscan/training/train.hpp"

namespace fieldscan::scan {
namespace {

using training::TimeUnit;

std::vector<double> times_with(const PointSpec& spec, const training::TimeGrid& grid) {
  auto times = training::record_times(spec.training, training_setting(spec), grid);
  std::erase_if(times, [](double time) { return !std::isfinite(time); });
  return times;
}

/// The time that one unit of a grid stands for: that of the only value between start and end of a grid {1}; nothing
/// where the trainer does not count in it.
std::optional<double> time_of_unit(const PointSpec& spec, TimeUnit unit, double end) {
  if (unit == TimeUnit::time) return 1;
  const auto times = times_with(spec, {.unit = unit, .values = {1}});
  if (times.size() > 2) return times[1];
  // One unit is all the training there is, or the unit means nothing: then no value of a grid is ever taken up.
  const auto halves = unit == TimeUnit::epochs ? times_with(spec, {.unit = TimeUnit::steps, .values = {1}}) : times;
  return halves.size() > 2 ? std::optional(end) : std::nullopt;
}

}  // namespace

void LostTimes::see(const Block& block, const SeenPoint& seen) {
  const training::TimeGrid& grid = block.asked.times;
  if (grid.values.empty() || !trains(seen.point().spec) || (seen_ && kept_ == grid.values.size())) return;
  seen_ = true;
  const std::vector<double> times = seen.times();
  if (times.empty()) {
    timeless_ = true;
    return;
  }
  const auto unit = time_of_unit(seen.point().spec, grid.unit, times.back());
  if (!unit) {
    timeless_ = true;
    return;
  }
  const auto step = time_of_unit(seen.point().spec, TimeUnit::steps, times.back());
  const double reach = times.back() * (1 + 1e-9) + 0.5 * (grid.unit == TimeUnit::time ? step.value_or(0) : 0);
  const auto kept = static_cast<std::size_t>(
      std::ranges::count_if(grid.values, [&](double value) { return value * *unit <= reach; }));
  if (kept >= kept_) end_ = std::max(end_, times.back() / *unit);
  kept_ = std::max(kept_, kept);
}

void LostTimes::end(const Block& block) const {
  const training::TimeGrid& grid = block.asked.times;
  if (!seen_ || kept_ == grid.values.size()) return;
  const Place place = place_of(block, block.places.contains("times") ? "times" : "observe");
  if (kept_ == 0 && timeless_)
    return report_.warning(
        "FS0619", place, "times",
        fmt::format("no trainer of this block records at times in {}: the grid is not used", word(grid.unit)),
        "leave `times` out; chains and solved readouts have an end alone, and `learning_rate: auto` "
        "takes times in time");
  report_.warning("FS0619", place, "times",
                  fmt::format("{} of {} times are not recorded: training ends at {}{}", grid.values.size() - kept_,
                              grid.values.size(), shortest(end_),
                              grid.unit == TimeUnit::time ? "" : fmt::format(" {}", word(grid.unit))),
                  "train longer, or let the grid end there");
}

}  // namespace fieldscan::scan
