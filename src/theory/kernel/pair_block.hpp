#pragma once
#include <algorithm>
#include <span>
#include <vector>

#include "fieldscan/theory/kernel/kernels.hpp"

/// The recursion of the kernels over the layers, for a block of pairs of points.
namespace fieldscan::theory {

inline constexpr Index block_size = 8192;  ///< pairs per block: five arrays of it stay in the second-level cache

inline std::span<double> view(double* begin, Index count) { return {begin, static_cast<std::size_t>(count)}; }

/// A block of pairs: their points' rows in two tables of layer variances, and the kernel of the first layer.
class Block {
 public:
  explicit Block(const KernelSpec& spec) : spec_(spec) {
    for (auto* v : {&a_, &b_, &value_, &derivative_}) v->resize(block_size);
  }
  /// In: nngp holds K¹ of the pairs. Out: K and Θ of the output.
  /// `variance_a(l, out)` and `variance_b(l, out)` fill the layer's variances of the first and the second point of each
  /// pair. An empty `tangent` leaves Θ out.
  template <class FillA, class FillB>
  void propagate(std::span<double> nngp, std::span<double> tangent, FillA&& variance_a, FillB&& variance_b) {
    const std::size_t count = nngp.size();
    std::copy_n(nngp.begin(), tangent.size(), tangent.begin());
    const auto a = std::span(a_).first(count), b = std::span(b_).first(count);
    const auto value = std::span(value_).first(count), derivative = std::span(derivative_).first(count);
    for (int l = 0; l < spec_.depth; ++l) {
      variance_a(l, a);
      variance_b(l, b);
      if (tangent.empty())
        network::averages_value(spec_.activation, a, b, nngp, value, derivative);
      else
        network::averages(spec_.activation, a, b, nngp, value, derivative);
      const bool last = l + 1 == spec_.depth;
      const double factor = last ? spec_.readout_variance : spec_.weight_variance.at(l + 1);
      const double bias = last ? 0.0 : spec_.bias_variance.at(l + 1);
      for (std::size_t k = 0; k < count; ++k) nngp[k] = factor * value[k] + bias;
      for (std::size_t k = 0; k < tangent.size(); ++k) tangent[k] = nngp[k] + factor * derivative[k] * tangent[k];
    }
  }

 private:
  const KernelSpec& spec_;
  std::vector<double> a_, b_, value_, derivative_;
};

}  // namespace fieldscan::theory
