#pragma once
#include "fieldscan/network/network.hpp"

namespace fieldscan::network {

/// Makes a draw of the prior the start that `spec().initial` tells. Throws NumericalError where a balanced start has no
/// direction: `along` is zero.
void set_start(const Network& network, const Vector& along, Vector& theta);

}  // namespace fieldscan::network
