#pragma once
#include "fieldscan/data/draw.hpp"
#include "fieldscan/network/network.hpp"

namespace fieldscan::data {

/// θ₀ of initialisation i of a network: what every trainer starts from, and every theory that is given a replica. It
/// depends on the draw only where the network's start is balanced along the labels; then throws NumericalError where Σ
/// y x of the training set vanishes.
Vector starting_point(const network::Network& network, const Draw& draw, std::uint64_t seed,
                      std::int64_t initialisation);

}  // namespace fieldscan::data
