#include "hidden_kernels.hpp"

#include <cmath>

namespace fieldscan::theory {

namespace {

/// U (diag(d) + B Bᵀ) Uᵀ.
Matrix in_points(const ScaledKernel& kernel, const VectorView& diagonal, const MatrixView& low_rank) {
  const Matrix& u = kernel.vectors;
  const Matrix spread = u * low_rank;
  Matrix out = u * diagonal.asDiagonal() * u.transpose();
  out.noalias() += spread * spread.transpose();
  return out;
}

}  // namespace

Matrix hidden_kernel_exact(const ScaledKernel& kernel, const ScaleMixture& mixture, double width) {
  const auto value = kernel.value.array();
  Vector diagonal = (1 - 1 / width) * kernel.value;
  const auto label = data::one_output(kernel.label).array();
  Matrix mean(value.size(), mixture.scale.size());
  for (Index j = 0; j < mixture.scale.size(); ++j) {
    const double q = mixture.scale[j], weight = mixture.weight[j];
    const Eigen::ArrayXd total = q * value + kernel.ridge;
    // χ m mᵀ/Q and V/Q with m = Qλ y/(Qλ + κ), V = κ Qλ/(Qλ + κ).
    mean.col(j) = std::sqrt(weight * kernel.chi * q / width) * (value * label / total).matrix();
    diagonal.array() += weight / width * kernel.ridge * value / total;
  }
  return in_points(kernel, diagonal, mean);
}

std::vector<Matrix> hidden_kernels_first_order(const ScaledKernel& kernel, std::span<const double> widths) {
  const Matrix& labels = kernel.label;
  const Vector share = kernel.value.array() / (kernel.value.array() + kernel.ridge);
  const Matrix pulled = share.asDiagonal() * labels;  // K G Y
  std::vector<Matrix> out;
  double inverse_width = 0;
  for (const double width : widths) {
    inverse_width += 1 / width;
    const Vector diagonal =
        kernel.value.array() * (1 - inverse_width * static_cast<double>(labels.cols()) * share.array());
    out.push_back(in_points(kernel, diagonal, std::sqrt(inverse_width * kernel.chi) * pulled));
  }
  return out;
}

std::vector<Matrix> hidden_kernels_mean_field(const ScaledKernel& kernel, const ScaleSaddle& saddle) {
  const Vector t = data::one_output(kernel.label).array() / (saddle.scale * kernel.value.array() + kernel.ridge);
  const Vector pulled = kernel.value.cwiseProduct(t);
  const double size = t.dot(pulled);
  std::vector<Matrix> out;
  double scale = 1;
  for (const double q : saddle.layer) {
    scale *= q;
    const double spike = size > 0 ? std::sqrt((scale - 1) / size) : 0;
    out.push_back(in_points(kernel, kernel.value, spike * pulled));
  }
  return out;
}

}  // namespace fieldscan::theory
