#pragma once
#include "fieldscan/scan/points/point.hpp"

namespace fieldscan::scan {

/// The sizes of a point that costs depend on.
struct Sizes {
  double train = 0, test = 0, dimension = 0, width = 0, depth = 0, parameters = 0;
};
Sizes sizes_of(const PointSpec& spec);

}  // namespace fieldscan::scan
