#pragma once
#include "fieldscan/core/matrix.hpp"
#include "fieldscan/core/random.hpp"
#include "fieldscan/training/concept.hpp"

namespace fieldscan::training {

/// z ← z − ε slope + √(2ε) ξ, with normals first, first + 1, … of the stream: noise and update a few numbers at a time,
/// so that the noise never leaves the first-level cache. The normals are those of the precision; step and sum are in
/// double.
void langevin_step(double step, const Vector& slope, const Stream& noise, std::uint64_t first, Precision precision,
                   Vector& z);

}  // namespace fieldscan::training
