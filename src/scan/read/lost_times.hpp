#pragma once
#include "../text/report.hpp"
#include "point_formula.hpp"

namespace fieldscan::scan {

/// Times of the grid that are recorded at no point of a block: beyond the end of training, or in a unit that the
/// trainer does not count in.
class LostTimes {
 public:
  explicit LostTimes(Report& report) : report_(report) {}
  void begin() { kept_ = 0, end_ = 0, seen_ = timeless_ = false; }
  void see(const Block& block, const SeenPoint& seen);
  /// Warns, at the grid.
  void end(const Block& block) const;

 private:
  Report& report_;
  std::size_t kept_ = 0;  ///< most values of the grid that one point records
  double end_ = 0;        ///< of the longest training
  bool seen_ = false, timeless_ = false;
};

}  // namespace fieldscan::scan
