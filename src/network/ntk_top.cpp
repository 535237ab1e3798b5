#include "fieldscan/network/network.hpp"
#include "lanczos.hpp"

namespace fieldscan::network {
namespace {

/// v ↦ χ J R Jᵀ v.
class NtkProduct {
 public:
  NtkProduct(const Network& network, const VectorView& theta, const MatrixView& x)
      : network_(network), theta_(theta), x_(x), work_(network.workspace(x.rows())), gradient_(theta.size()) {
    Vector outputs(x.rows() * network.outputs());
    network.forward_for_gradient(theta, x, work_, outputs);
  }
  void apply(const VectorView& v, Vector& out) {
    network_.backward(theta_, x_, v, work_, gradient_);
    for (const Tensor& tensor : network_.tensors())
      gradient_.segment(tensor.offset, tensor.size()) *= tensor.rate_factor * network_.spec().chi;
    network_.derivative_along(theta_, x_, gradient_, work_, out);
  }

 private:
  const Network& network_;
  const VectorView& theta_;
  const MatrixView& x_;
  Network::Workspace work_;
  Vector gradient_;
};

}  // namespace

double ntk_top(const Network& network, const VectorView& theta, const MatrixView& x, double relative) {
  NtkProduct product(network, theta, x);
  return largest_eigenvalue([&](const VectorView& v, Vector& out) { product.apply(v, out); },
                            x.rows() * network.outputs(), relative, "largest NTK eigenvalue");
}

}  // namespace fieldscan::network
