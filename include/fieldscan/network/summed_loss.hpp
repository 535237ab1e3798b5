#pragma once
#include "fieldscan/network/loss_function.hpp"
#include "fieldscan/network/network.hpp"

/// A loss over some points with its derivatives by θ, whichever it is.
namespace fieldscan::network {

/// What outputs f − offset are compared with, and how. Views of what lives elsewhere.
struct Comparison {
  LossFunction loss = LossFunction::square;
  VectorView label;   ///< y [P·C]; of the cross-entropy the classes, see `cross_entropy`
  VectorView offset;  ///< [P·C], or empty: 0
};

/// The loss of f − offset; slope = ∂loss/∂f [P·C], gradient = ∂loss/∂θ. Of the square the same bits as `half_square`
/// where there is no offset.
double summed_loss(const Network& network, const VectorView& theta, const MatrixView& x, const Comparison& with,
                   Network::Workspace& work, Eigen::Ref<Vector> slope, Eigen::Ref<Vector> gradient);
/// The same with both passes in single precision; what is compared, slopes and their sum are double.
double summed_loss(const Network& network, const SingleVectorView& theta, const SingleMatrixView& x,
                   const Comparison& with, Network::SingleWorkspace& work, Eigen::Ref<Vector> slope,
                   Eigen::Ref<Eigen::VectorXf> gradient);
/// The loss of outputs that are there, and ∂loss/∂f.
double summed_loss(const Comparison& with, const VectorView& outputs, Index count, Eigen::Ref<Vector> slope);

/// Largest eigenvalue of √R H √R with H the Hessian of the loss: see `hessian_top` of network.hpp, which is that of the
/// square without an offset.
double hessian_top(const Network& network, const VectorView& theta, const MatrixView& x, const Comparison& with,
                   double relative = 1e-3);

}  // namespace fieldscan::network
