#pragma once
#include "fieldscan/data/draw.hpp"
#include "fieldscan/network/network.hpp"

namespace fieldscan::data {

/// Whether a network's start depends on the rows it trains on: where it is balanced along their labels.
bool starts_along_labels(const network::Spec& spec);

/// θ₀ of initialisation i of a network: what every trainer starts from, and every theory that is given a replica. It
/// depends on the draw only where it `starts_along_labels`; then throws NumericalError where Σ
/// y x of the training set vanishes.
Vector starting_point(const network::Network& network, const Draw& draw, std::uint64_t seed,
                      std::int64_t initialisation);

}  // namespace fieldscan::data
