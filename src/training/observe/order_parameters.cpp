#include "order_parameters.hpp"

#include "fieldscan/network/order_parameters.hpp"
#include "overlap.hpp"

namespace fieldscan::training {

void read_order_parameters(const network::Network& network, const VectorView& theta, const Matrix& directions,
                           const ObservePlan& plan, std::vector<Array>& out) {
  if (!plan.has(Observable::order_parameters) || directions.rows() == 0 || !theta.allFinite()) return;
  const network::Tensor& first = network.tensors().front();
  const Eigen::Map<const Matrix> weights(theta.data() + first.offset, first.rows, first.cols);
  out.push_back(network::order_parameters(overlaps_of(network, theta, directions),
                                          (first.scale * first.scale) * (weights * weights.transpose())));
}

}  // namespace fieldscan::training
