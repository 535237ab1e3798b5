#include "neuron.hpp"

#include <cmath>
#include <span>

namespace fieldscan::theory {

Matrix neuron_directions(const KernelSpec& spec, const MatrixView& directions) {
  const auto dimension = static_cast<int>(directions.cols());
  Matrix out = Matrix::Zero(directions.rows(), neuron_dimension(spec, dimension));
  out.leftCols(dimension) = std::sqrt(spec.weight_variance.at(0) / dimension) * directions;
  return out;
}

Matrix neuron_inputs(const KernelSpec& spec, const MatrixView& x) {
  Matrix out = neuron_directions(spec, x);
  if (out.cols() > x.cols()) out.col(x.cols()).setConstant(std::sqrt(spec.bias_variance.at(0)));
  return out;
}

int neuron_dimension(const KernelSpec& spec, int input_dimension) {
  return input_dimension + (spec.bias_variance.at(0) > 0 ? 1 : 0);
}

Matrix features(const network::ActivationChoice& activation, const MatrixView& z, const MatrixView& inputs) {
  Matrix out = z * inputs.transpose();
  const std::span<double> all(out.data(), static_cast<std::size_t>(out.size()));
  network::value(activation, all, all);
  return out;
}

namespace {

/// Of an activation that is no combination.
Growth growth_of_part(const network::ActivationChoice& part) {
  if (network::any_part_is<network::Quadratic, network::ReluSquared>(part)) return Growth::faster;
  if (const auto* polynomial = std::get_if<network::Polynomial>(&part)) {
    for (std::size_t k = 2; k < polynomial->coefficients.size(); ++k)
      if (polynomial->coefficients[k] != 0) return Growth::faster;
    return Growth::linear;
  }
  return network::any_part_is<network::Erf, network::Tanh, network::Sin, network::Cos>(part) ? Growth::bounded
                                                                                             : Growth::linear;
}

}  // namespace

Growth growth_of(const network::ActivationChoice& activation) {
  Growth fastest = Growth::bounded;
  for (const network::ActivationChoice& part : network::parts_of(activation))
    fastest = std::max(fastest, growth_of_part(part));
  return fastest;
}

bool has_no_kinks(const network::ActivationChoice& activation) {
  return !network::any_part_is<network::Relu, network::LeakyRelu>(activation);
}

}  // namespace fieldscan::theory
