#pragma once
#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "fieldscan/core/row.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/network/network.hpp"

namespace fieldscan::training {

enum class TimeUnit { time, steps, epochs };
constexpr auto words(TimeUnit) { return std::array<std::string_view, 3>{"time", "steps", "epochs"}; }

/// The grid on which curves are recorded, besides the start and the end, which always are.
struct TimeGrid {
  TimeUnit unit = TimeUnit::time;
  std::vector<double> values;  ///< ascending
  bool operator==(const TimeGrid&) const = default;
};

/// Bins of equal width for overlap_histogram; what lies outside counts to the bin at that end.
struct Bins {
  int count = 81;
  double low = -2, high = 2;
  double centre(int bin) const { return low + (bin + 0.5) * (high - low) / count; }
  bool operator==(const Bins&) const = default;
};

/// What is to be recorded of one replica.
struct ObservePlan {
  std::vector<Observable> observables;  ///< ascending, each once
  TimeGrid times;
  bool predictor_on_grid = false;  ///< predictor arrays at every grid time, not only at the end
  Index kernel_points = 200;       ///< training points on which empirical kernels are formed
  Bins overlap_bins = {};
  bool has(Observable observable) const;
  bool operator==(const ObservePlan&) const = default;
};

/// What `train` can record at all; the rest is formed by the analysis, predicted by theories, or not built.
std::span<const Observable> observables_measured();

}  // namespace fieldscan::training
