#pragma once
#include <string>
#include <vector>

namespace fieldscan::analysis {

/// One axis of a plot: from data to the unit interval.
struct PlotAxis {
  bool log = false;
  double low = 0, high = 1;
  double position(double value) const;     ///< 0 … 1; outside where the value is outside
  double value_at(double position) const;  ///< the value that stands there
  bool contains(double value) const;
  struct Tick {
    double value = 0;
    std::string label;  ///< empty for a minor tick
  };
  std::vector<Tick> ticks;
};

/// Where an axis has its ticks: at round numbers, or at the values themselves where they are few and far enough apart
/// (widths 16, 32, 64 …): up to nine on a logarithmic axis, up to four on a linear one.
enum class Ticks { round, at_values };

/// An axis around all values, with ticks. A logarithmic axis leaves out values that are not positive, and becomes
/// linear where none is.
PlotAxis make_axis(const std::vector<double>& values, bool log, Ticks ticks = Ticks::round);

/// Room that a text takes, in units of the height of its letters' line: by classes of letters, as wide as those of the
/// widest face that a drawing may be set in (DejaVu Sans, to 3 %).
double text_width(const std::string& text);

}  // namespace fieldscan::analysis
