#pragma once
#include "fieldscan/scan/points/point.hpp"

namespace fieldscan::scan {

/// The sizes of a point that costs depend on.
using training::Sizes;
Sizes sizes_of(const PointSpec& spec);
/// What the point's trainer sees of it.
inline training::Setting training_setting(const PointSpec& spec) { return {spec.network, spec.data, spec.ridge}; }

/// Bytes of the kernels that predictions at a point leave for one another, where points differ in their ridge: they are
/// there while any of these is computed.
double kept_kernel_bytes(const Point& point);

}  // namespace fieldscan::scan
