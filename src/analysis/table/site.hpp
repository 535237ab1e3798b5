#pragma once
#include <cstddef>
#include <optional>
#include <string>

namespace fieldscan::analysis {

/// Which time of a curve.
struct TimePick {
  enum class Kind { start, end, exact } kind = Kind::end;
  double time = 0;   ///< for `exact`
  bool own = false;  ///< a time that every point has for itself (`best`): sites are not told apart by it
};

/// Where a formula is evaluated: a point, a time, and a coordinate along the observable's own dimension.
struct Site {
  std::size_t point = 0;  ///< position in Table::points
  TimePick time;
  std::optional<double> coordinate;
  std::string dimension;  ///< that the coordinate belongs to: mode, layer …
};

}  // namespace fieldscan::analysis
