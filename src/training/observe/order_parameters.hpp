#pragma once
#include <vector>

#include "fieldscan/network/network.hpp"
#include "measure.hpp"

namespace fieldscan::training {

/// Appends order_parameters [N × (M + N)] of θ, where the plan has it, there are directions, and the numbers are
/// finite: row i holds R_i1 … R_iM = √σ_w² W¹_i·w*_n/√d, then Q_i1 … Q_iN = (σ_w²/d) W¹_i·W¹_k; units as the network
/// has them.
void read_order_parameters(const network::Network& network, const VectorView& theta, const Matrix& directions,
                           const ObservePlan& plan, std::vector<Array>& out);

}  // namespace fieldscan::training
