#pragma once
#include "fieldscan/network/network.hpp"
#include "measure.hpp"

/// How the units of the first hidden layer lie along the direction that the target looks along.
namespace fieldscan::training {

/// overlap [unit], overlap_moment, overlap_histogram of the parameters θ with the unit vector w* [d]: m_i = √σ_w² W¹_i·w*/√d, the
/// response of unit i to an input √d w* along the direction, over √d: of order 1/√d at the start, of order one where it has aligned.
void read_overlaps(const network::Network& network, const VectorView& theta, const VectorView& direction,
                   const ObservePlan& plan, std::vector<Reading>& out);

bool wants_overlaps(const ObservePlan& plan);

}  // namespace fieldscan::training
