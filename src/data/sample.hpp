#pragma once
#include "fieldscan/data/draw.hpp"

namespace fieldscan::data {

/// A sample from its examples: the target, its components, and labels without noise; `shuffled` labels replace the
/// target's unless empty.
Sample make_sample(const TargetFunction& function, Examples examples, const Vector& shuffled = {});

/// label += σ·(normal number first + k of the stream): the same normals for every σ and size.
void add_noise(Sample& sample, double noise, const Stream& stream, std::uint64_t first = 0);

}  // namespace fieldscan::data
