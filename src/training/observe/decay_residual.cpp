#include "decay_residual.hpp"

#include <algorithm>
#include <cmath>

#include "kernel_numbers.hpp"

namespace fieldscan::training {

namespace {

double readout_square(const network::Network& network, const VectorView& theta) {
  double square = 0;
  for (const auto& tensor : network.tensors())
    if (tensor.role == network::Role::readout) square += theta.segment(tensor.offset, tensor.size()).squaredNorm();
  return square;
}

}  // namespace

double decay_residual(const network::Network& network, const VectorView& theta, const data::Sample& train,
                      const Matrix& kernel, double ridge) {
  const Vector f = network.evaluate(theta, train.x), y = data::flat(train.label);
  const Matrix weights = regression_weights(kernel, train.label, ridge);
  Matrix expected_outputs(weights.rows(), weights.cols());
  for (Index c = 0; c < weights.cols(); ++c) expected_outputs.col(c) = kernel * weights.col(c);
  const Vector own = data::flat(expected_outputs);
  const double size = y.norm();
  const double of_outputs = size > 0 ? (f - own).norm() / size : f.norm();
  if (!(ridge > 0)) return of_outputs;
  const double norm = readout_square(network, theta), expected = network.spec().chi / ridge * (y - f).dot(f);
  const double larger = std::max(norm, std::abs(expected));
  return std::max(of_outputs, larger > 0 ? std::abs(norm - expected) / larger : 0.0);
}

}  // namespace fieldscan::training
