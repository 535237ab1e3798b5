#pragma once
#include "fieldscan/scan/points/point.hpp"

namespace fieldscan::scan {

/// The sizes of a point that costs depend on.
using training::Sizes;
Sizes sizes_of(const PointSpec& spec);
/// What the point's trainer sees of it.
inline training::Setting training_setting(const PointSpec& spec) { return {spec.network, spec.data, spec.ridge}; }

}  // namespace fieldscan::scan
