#pragma once
#include "fieldscan/scan/point.hpp"

namespace fieldscan::scan {

/// The sizes of a point that costs depend on.
struct Sizes {
  double train = 0, test = 0, dimension = 0, width = 0, depth = 0, parameters = 0;
};
Sizes sizes_of(const PointSpec& spec);

/// Kernels on the sphere |x|² = d: of a point with itself, and the largest eigenvalue of Θ on P inputs, estimated from its value and
/// slope at orthogonal inputs.
struct KernelScale {
  double nngp = 0;         ///< K(x, x)
  double tangent_top = 0;  ///< λ_max(Θ)
};
KernelScale kernel_scale_of(const PointSpec& spec, const Sizes& sizes);

}  // namespace fieldscan::scan
