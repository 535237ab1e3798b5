#include "measure.hpp"

#include <cmath>

#include "../replica.hpp"
#include "fieldscan/network/summed_loss.hpp"

namespace fieldscan::training {

using enum Observable;

std::vector<double> squared_norms(const network::Network& network, const VectorView& theta) {
  std::vector<double> squares;
  for (const auto& tensor : network.tensors())
    squares.push_back(theta.segment(tensor.offset, tensor.size()).squaredNorm());
  return squares;
}

void read_norms(const network::Network& network, const std::vector<double>& squares, const ObservePlan& plan,
                std::vector<Reading>& out) {
  std::vector<double> excess(static_cast<std::size_t>(network.depth()) + 1, 0.0), norm = excess;
  for (std::size_t k = 0; k < squares.size(); ++k) {
    const auto& tensor = network.tensors()[k];
    const auto layer = static_cast<std::size_t>(tensor.layer);
    excess[layer] += squares[k] / (tensor.init_std * tensor.init_std) - static_cast<double>(tensor.size());
    if (tensor.role != network::Role::bias) norm[layer] = std::sqrt(squares[k]);
  }
  const double units = static_cast<double>(network.outputs() * network.feature_count());
  for (std::size_t layer = 0; layer < excess.size(); ++layer) {
    if (plan.has(norm_excess)) out.push_back({norm_excess, static_cast<double>(layer) + 1, excess[layer]});
    if (plan.has(weight_norm)) out.push_back({weight_norm, static_cast<double>(layer) + 1, norm[layer]});
  }
  if (plan.has(kernel_scale)) out.push_back({kernel_scale, 0, 1 + excess.back() / units});
}

void read_network(const network::Network& network, const VectorView& theta, const data::Sample& sample,
                  const VectorView& outputs, network::Network::Workspace& work, const ObservePlan& plan,
                  std::vector<Reading>& out, network::LossFunction loss) {
  if (sample.x.rows() == 0) return;
  if (plan.has(coordinate_size))
    for (std::size_t layer = 0; layer < work.preactivation.size(); ++layer)
      out.push_back({coordinate_size, static_cast<double>(layer) + 1, work.preactivation[layer].cwiseAbs().mean()});
  if (plan.has(gradient_norm)) {
    Vector gradient(network.parameter_count()), slope(outputs.size());
    const Vector label = compared_labels(loss, sample.label), none;
    network::summed_loss({loss, label, none}, outputs, network.outputs(), slope);
    network.backward(theta, sample.x, slope, work, gradient);
    out.push_back({gradient_norm, 0, gradient.norm()});
  }
  if (plan.has(ntk_top)) out.push_back({ntk_top, 0, network::ntk_top(network, theta, sample.x) / network.spec().chi});
  if (plan.has(hessian_top)) {
    const Vector offset = network.evaluate(theta, sample.x) - outputs, label = compared_labels(loss, sample.label);
    out.push_back({hessian_top, 0, network::hessian_top(network, theta, sample.x, {loss, label, offset})});
  }
}

}  // namespace fieldscan::training
