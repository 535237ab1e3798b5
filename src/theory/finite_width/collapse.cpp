#include "fieldscan/theory/finite_width/collapse.hpp"

#include <array>
#include <cmath>

namespace fieldscan::theory {

namespace {

/// φ(0), and its slopes just beside it: different ones are a kink.
struct AtZero {
  double value, above, below;
};
AtZero at_zero(const network::ActivationChoice& activation) {
  constexpr double small = 1e-12;
  const std::array<double, 3> z{0, small, -small};
  std::array<double, 3> value{}, slope{};
  network::value_and_derivative(activation, z, value, slope);
  return {.value = value[0], .above = slope[1], .below = slope[2]};
}

}  // namespace

bool vanishes_at_zero(const network::ActivationChoice& activation) {
  return std::abs(at_zero(activation).value) <= 1e-15;
}

std::optional<double> collapse_ridge(const network::Spec& network, const data::Draw& draw) {
  const AtZero zero = at_zero(network.activation);
  if (network.depth != 1 || !vanishes_at_zero(network.activation)) return std::nullopt;
  if (std::abs(zero.above - zero.below) > 1e-9 * (1 + std::abs(zero.above))) return std::nullopt;
  const Matrix y = draw.train.label;
  const auto d = static_cast<double>(draw.train.x.cols());
  // The form of yᵀK¹y in the inputs, [C × C]: no matrix of points.
  const Matrix projected = draw.train.x.transpose() * y;
  const Matrix sums = y.colwise().sum();
  const Matrix form = network.weight_variance.at(0) / d * projected.transpose() * projected +
                      network.bias_variance.at(0) * sums.transpose() * sums;
  const double top = y.cols() == 1 ? form(0, 0) : form.selfadjointView<Eigen::Lower>().eigenvalues().maxCoeff();
  return std::abs(zero.above) * std::sqrt(network.readout_variance * network.chi / network.width.at(0) * top);
}

}  // namespace fieldscan::theory
