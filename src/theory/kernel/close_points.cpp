#include "close_points.hpp"

#include <algorithm>

#include "fieldscan/network/activation/close.hpp"

namespace fieldscan::theory {

double close_offset(const KernelSpec& spec, Index dimension) {
  return spec.bias_variance.at(0) * static_cast<double>(dimension) / spec.weight_variance.at(0);
}

PairKernel close_kernel(const KernelSpec& spec, const Eigen::RowVectorXd& first, const Eigen::RowVectorXd& second,
                        double half_square, double gap) {
  PairKernel out{};
  for (int l = 0; l < spec.depth; ++l) {
    const double a = first[l], b = second[l], c = 0.5 * (a + b) - half_square;
    if (l == 0) out.tangent = c;
    const double determinant = (a + b) * half_square - half_square * half_square - 0.25 * gap * gap;
    const auto average = network::average_close(spec.activation, a, b, c, std::max(determinant, 0.0));
    const bool last = l + 1 == spec.depth;
    const double factor = last ? spec.readout_variance : spec.weight_variance.at(l + 1);
    out.nngp = factor * average.value + (last ? 0.0 : spec.bias_variance.at(l + 1));
    out.tangent = out.nngp + factor * average.derivative * out.tangent;
    half_square *= factor * average.derivative;
    if (!last) gap = first[l + 1] - second[l + 1];
  }
  return out;
}

}  // namespace fieldscan::theory
