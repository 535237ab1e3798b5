#pragma once
#include "fieldscan/network/network.hpp"
#include "measure.hpp"

/// How the units of the first hidden layer lie along the directions that the target looks along.
namespace fieldscan::training {

/// Overlaps [units × M] of the parameters θ with unit vectors w*_n, the rows of `directions` [M × d]: m_in = √σ_w²
/// W¹_i·w*_n/√d, the response of unit i to an input √d w*_n along the direction, over √d: of order 1/√d at the start,
/// of order one where it has aligned.
Matrix overlaps_of(const network::Network& network, const VectorView& theta, const Matrix& directions);

/// specialisation, and where there is one direction (M = 1) overlap [unit], overlap_moment, overlap_histogram,
/// droplet_fraction. Nothing where there is none, or where an overlap is not finite.
void read_overlaps(const network::Network& network, const VectorView& theta, const Matrix& directions,
                   const ObservePlan& plan, std::vector<Reading>& out);

}  // namespace fieldscan::training
