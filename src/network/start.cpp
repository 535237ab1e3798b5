#include "start.hpp"

#include <cassert>
#include <cmath>

#include "fieldscan/core/error.hpp"

namespace fieldscan::network {
namespace start {
namespace {

Eigen::Map<Matrix> matrix_of(const Tensor& tensor, Vector& theta) {
  return {theta.data() + tensor.offset, tensor.rows, tensor.cols};
}

Vector power_law(Index units, double exponent) {
  const Vector falling = Vector::LinSpaced(units, 1, static_cast<double>(units)).array().pow(-exponent);
  return falling * std::sqrt(static_cast<double>(units) / falling.squaredNorm());
}

void set_readout(const InitialReadout& initial, Eigen::Map<Matrix> a) {
  switch (initial.law) {
    case ReadoutLaw::normal:
      break;
    case ReadoutLaw::rademacher:
      a = a.unaryExpr([](double z) { return z < 0 ? -1.0 : 1.0; });
      break;
    case ReadoutLaw::ones:
      a.setOnes();
      break;
    case ReadoutLaw::power_law:
      a.rowwise() = power_law(a.cols(), initial.exponent).transpose();
      break;
    case ReadoutLaw::values:
      a.rowwise() = Eigen::Map<const Vector>(initial.values.data(), a.cols()).transpose();
      break;
  }
  a *= initial.scale;
}

/// v of f = strength · v·x.
Vector direction_of(const Network& network, const Vector& along, Vector& theta) {
  if (network.spec().initial.hidden.direction == StartDirection::random)
    return matrix_of(network.tensors().front(), theta).row(0).normalized();
  assert(along.size() == network.input_dimension() && "the labels' direction is told");
  if (!(along.norm() > 0)) throw NumericalError("the labels have no linear part: there is nothing to start along");
  return along.normalized();
}

/// Every unit vector v_l is the first row of what is applied to layer l, as it was drawn.
void set_balanced(const Network& network, const Vector& along, Vector& theta) {
  double scales = 1;
  for (const Tensor& tensor : network.tensors()) scales *= tensor.scale;
  const auto matrices = static_cast<double>(network.tensors().size());
  const double size = std::pow(network.spec().initial.hidden.strength / scales, 1 / matrices);
  Vector from = direction_of(network, along, theta);
  for (std::size_t k = 0; k < network.tensors().size(); ++k) {
    const bool last = k + 1 == network.tensors().size();
    const Vector to = last ? Vector::Ones(1) : Vector(matrix_of(network.tensors()[k + 1], theta).row(0).normalized());
    matrix_of(network.tensors()[k], theta) = size * to * from.transpose();
    from = to;
  }
}

}  // namespace
}  // namespace start

double mean_square(const InitialReadout& readout) {
  const auto count = static_cast<double>(readout.values.size());
  const double own =
      count > 0 ? Eigen::Map<const Vector>(readout.values.data(), std::ssize(readout.values)).squaredNorm() / count : 1;
  return readout.scale * readout.scale * own;
}

void set_start(const Network& network, const Vector& along, Vector& theta) {
  const Initial& initial = network.spec().initial;
  if (initial.hidden.law == HiddenLaw::balanced) return start::set_balanced(network, along, theta);
  if (initial.hidden.scale != 1)
    for (const Tensor& tensor : network.tensors())
      if (tensor.role == Role::weight) start::matrix_of(tensor, theta) *= initial.hidden.scale;
  start::set_readout(initial.readout, start::matrix_of(network.tensors().back(), theta));
}

}  // namespace fieldscan::network
