#include "netcdf_times.hpp"

#include <cmath>

#include "fieldscan/training/clock.hpp"

namespace fieldscan::analysis {
namespace {

/// A time in another unit; not a number where there is none.
double reading_of(const std::optional<training::Clock>& clock, training::ClockUnit unit, double time) {
  const auto value = clock && std::isfinite(time) ? clock->reading(unit, time) : std::nullopt;
  return value.value_or(std::numeric_limits<double>::quiet_NaN());
}

}  // namespace

int write_times(const NetcdfFile& file, const Table& table, const Layout& layout) {
  Dimension step{.name = "step", .labels = {}, .values = {}, .long_name = "number of the record, from the start"};
  for (std::size_t k = 0; k < layout.records.most; ++k) step.values.push_back(static_cast<double>(k));
  const int id = file.define(step);
  std::vector<int> ids = layout.cells.ids;
  ids.push_back(id);
  const std::size_t size = layout.cells.count * layout.records.most;
  std::vector<double> times(size, std::numeric_limits<double>::quiet_NaN()), steps = times, epochs = times;
  for (std::size_t p = 0; p < table.points.size(); ++p) {
    const scan::PointSpec& spec = table.points[p].point.spec;
    const auto clock = training::clock_of(spec.training, {spec.network, spec.data, spec.ridge});
    for (std::size_t t = 0; t < layout.records.times[p].size(); ++t) {
      const std::size_t at = layout.cells.place(p) * layout.records.most + t;
      times[at] = layout.records.times[p][t];
      steps[at] = reading_of(clock, training::ClockUnit::steps, times[at]);
      epochs[at] = reading_of(clock, training::ClockUnit::epochs, times[at]);
    }
  }
  file.variable(
      "time", ids, times,
      {{"long_name", "training time η·steps/χ of the record; infinite: the average over a chain"}, {"units", "1"}});
  file.variable("steps", ids, steps, {{"long_name", "steps of the trainer up to the record"}, {"units", "1"}});
  file.variable("epochs", ids, epochs,
                {{"long_name", "passes through the training set up to the record"}, {"units", "1"}});
  return id;
}

}  // namespace fieldscan::analysis
