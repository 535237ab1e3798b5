#pragma once
#include "fieldscan/data/draw.hpp"

namespace fieldscan::data {

/// A sample from its examples: the target, its components, and labels without noise; `shuffled` labels replace the
/// target's unless empty [points × C].
Sample make_sample(const TargetFunction& function, Examples examples, const Matrix& shuffled = {});

/// label += σ·normals, the same for every σ and size: of row k and output c number (first + k) C + c of the stream.
void add_noise(Sample& sample, double noise, const Stream& stream, std::uint64_t first = 0);

}  // namespace fieldscan::data
