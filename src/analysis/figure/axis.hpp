#pragma once
#include <string>
#include <vector>

namespace fieldscan::analysis {

/// One axis of a plot: from data to the unit interval.
struct PlotAxis {
  bool log = false;
  double low = 0, high = 1;
  double position(double value) const;  ///< 0 … 1; outside where the value is outside
  bool contains(double value) const;
  struct Tick {
    double value = 0;
    std::string label;  ///< empty for a minor tick
  };
  std::vector<Tick> ticks;
};

/// An axis around all values, with round ticks. A logarithmic axis leaves out values that are not positive, and becomes linear where
/// none is.
PlotAxis make_axis(const std::vector<double>& values, bool log);

}  // namespace fieldscan::analysis
