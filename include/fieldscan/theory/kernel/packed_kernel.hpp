#pragma once
#include "fieldscan/core/packed_lower.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

namespace fieldscan::theory {

/// The lower triangle of `tangent_kernel(spec, train, x)`, with the same bits, in half of the memory; of K for `train`
/// = readout. No two points may be equal. Throws EnvironmentError where it does not fit into the machine's memory.
PackedLower packed_kernel(const KernelSpec& spec, network::Trained train, const MatrixView& x);

}  // namespace fieldscan::theory
