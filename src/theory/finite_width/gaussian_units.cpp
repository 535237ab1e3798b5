#include "gaussian_units.hpp"

#include <cmath>

#include "kernel_response.hpp"

namespace fieldscan::theory {

namespace {

/// C: the covariance of the last layer's pre-activations.
Matrix last_covariance(const KernelSpec& spec, const MatrixView& x) {
  const int last = spec.depth - 1;
  const double bias = spec.bias_variance.at(last);
  if (last > 0) return nngp_kernel(up_to(spec, last), x).array() + bias;
  return (spec.weight_variance.at(0) / static_cast<double>(x.cols()) * x * x.transpose()).array() + bias;
}

}  // namespace

GaussianUnits gaussian_units(const KernelSpec& spec, const MatrixView& x, const ScaledKernel& kernel, double scale) {
  const auto points = static_cast<double>(kernel.points());
  const double trace = kernel.value.sum();
  const Vector inverse = (scale * kernel.value.array() + kernel.ridge).inverse();
  const Matrix t_modes = inverse.asDiagonal() * kernel.label;
  const double whole = kernel.value.dot(t_modes.rowwise().squaredNorm());
  if (!(trace > 0 && whole > 0)) return {};
  const Matrix covariance = last_covariance(spec, x);
  // ⟨φ′⟩: averages at correlation zero are products.
  const Vector slope = covariance.diagonal().unaryExpr(
      [&](double a) { return std::sqrt(std::max(network::average(spec.activation, a, a, 0).derivative, 0.0)); });
  const Matrix weighted = slope.asDiagonal() * (kernel.vectors * t_modes);
  return {.crowding = points * kernel.value.squaredNorm() / (trace * trace) - 1,
          .linear_share = spec.readout_variance * weighted.cwiseProduct(covariance * weighted).sum() / whole};
}

}  // namespace fieldscan::theory
