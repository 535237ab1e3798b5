#pragma once
#include "fieldscan/network/network.hpp"

/// The gradient of a sum of squares, in blocks of points whose layers stay in the second-level cache.
namespace fieldscan::network {

/// Points of one block, which is what the buffers of `half_square` need: as many as let the values of one layer take an
/// eighth of a common second-level cache (1 MB); at least 128 and a quarter of the widest layer, so that adding
/// gradients stays cheap beside forming them; at most 1024. Of convolutions as many as let the widest layer take a
/// quarter of it, at least as many as fill 128 bytes and at most 256. It depends on the widths and the scalar type
/// alone.
Index block_points(const Network& network, std::size_t scalar_bytes);

/// E = ½ Σ_μc (f_μc − reference_μc)²; gradient = factor · ∂E/∂θ, residual = f − reference [P·C]. The sums over blocks
/// run in their order.
double half_square(const Network& network, const VectorView& theta, const MatrixView& x, const VectorView& reference,
                   double factor, Network::Workspace& work, Eigen::Ref<Vector> residual, Eigen::Ref<Vector> gradient);

/// The same with both passes in single precision; references, residuals and their sum are double.
double half_square(const Network& network, const SingleVectorView& theta, const SingleMatrixView& x,
                   const VectorView& reference, double factor, Network::SingleWorkspace& work,
                   Eigen::Ref<Vector> residual, Eigen::Ref<Eigen::VectorXf> gradient);

}  // namespace fieldscan::network
