#include <cmath>

#include "fieldscan/network/summed_loss.hpp"
#include "lanczos.hpp"

namespace fieldscan::network {
namespace {

/// v ↦ √R H √R v, H v by central differences of the gradient along √R v.
class HessianProduct {
 public:
  HessianProduct(const Network& network, const VectorView& theta, const MatrixView& x, const Comparison& with)
      : network_(network),
        theta_(theta),
        x_(x),
        with_(with),
        work_(network.workspace(x.rows())),
        outputs_(x.rows() * network.outputs()),
        slope_(outputs_.size()),
        root_rate_(theta.size()),
        step_(6e-6 * std::max(theta.norm(), 1.0)) {
    for (const Tensor& tensor : network.tensors())
      root_rate_.segment(tensor.offset, tensor.size()).setConstant(std::sqrt(tensor.rate_factor));
  }
  void apply(const VectorView& v, Vector& out) {
    const Vector along = root_rate_.cwiseProduct(v);
    const double length = along.norm();
    if (length == 0) {
      out.setZero();
      return;
    }
    const double step = step_ / length;
    out = gradient(theta_ + step * along) - gradient(theta_ - step * along);
    out = root_rate_.cwiseProduct(out) / (2 * step);
  }

 private:
  Vector gradient(const Vector& theta) {
    Vector result(theta.size());
    network_.forward_for_gradient(theta, x_, work_, outputs_);
    summed_loss(with_, outputs_, network_.outputs(), slope_);
    network_.backward(theta, x_, slope_, work_, result);
    return result;
  }

  const Network& network_;
  const VectorView& theta_;
  const MatrixView& x_;
  const Comparison& with_;
  Network::Workspace work_;
  Vector outputs_, slope_, root_rate_;
  double step_;
};

}  // namespace

double hessian_top(const Network& network, const VectorView& theta, const MatrixView& x, const Comparison& with,
                   double relative) {
  HessianProduct product(network, theta, x, with);
  return largest_eigenvalue([&](const VectorView& v, Vector& out) { product.apply(v, out); }, theta.size(), relative,
                            "largest eigenvalue of the Hessian");
}

double hessian_top(const Network& network, const VectorView& theta, const MatrixView& x, const VectorView& label,
                   double relative) {
  return hessian_top(network, theta, x, Comparison{.label = label, .offset = Vector()}, relative);
}

}  // namespace fieldscan::network
