#pragma once
#include "fieldscan/core/product.hpp"
#include "layout.hpp"

/// The steps of the passes through convolutional layers: of a block of positions at a time, what its filters see of P
/// inputs lies as a matrix of patches [P · positions × channels · Q], column b Q + β, in the second-level cache.
namespace fieldscan::network {

/// What P inputs are at the positions below a layer: number (channel, position) of input 0 lies at
/// data + channel · by_channel + position · by_position, the other inputs behind it.
template <class Scalar>
struct Below {
  const Scalar* data;
  Index by_channel, by_position;
};
template <class Scalar>
Below<Scalar> below_of(const Network& network, const MatrixIn<Scalar>& x, const PassBuffers<Scalar>& work, int layer);

/// h [P S × N] of a layer, or of what goes backward from it.
template <class Scalar>
Eigen::Map<MatrixOf<Scalar>> by_channel(MatrixOf<Scalar>& layer, Index points, Index channels) {
  return {layer.data(), points * (layer.cols() / channels), channels};
}

/// Numbers of the matrix of patches for a workspace of so many points, and points that a pass takes well together.
Index patch_numbers(const Network& network, Index points, std::size_t scalar_bytes);
Index convolution_points(const Network& network, std::size_t scalar_bytes);

/// out = scale · (patches of what is below) Wᵀ, or added; W lies in theta.
template <class Scalar>
void convolve(const Network& network, const VectorIn<Scalar>& theta, int layer, const Below<Scalar>& below,
              Index points, PassBuffers<Scalar>& work, MatrixOf<Scalar>& out, Put put);
/// The weights' gradient of a layer from δ of it.
template <class Scalar>
void convolution_gradient(const Network& network, int layer, const Below<Scalar>& below, Index points,
                          PassBuffers<Scalar>& work, VectorOut<Scalar> gradient, Put put);
/// δ of layer l − 1 from δ of layer l ≥ 1, but for φ′.
template <class Scalar>
void convolve_back(const Network& network, const VectorIn<Scalar>& theta, int layer, Index points,
                   PassBuffers<Scalar>& work);

/// What the readout sees of numbers of the last layer [P × features]: they themselves, or their means over positions,
/// which are put into `means`.
template <class Scalar>
Network::Features<Scalar> read_features(const Network& network, const MatrixOf<Scalar>& layer, Index points,
                                        MatrixOf<Scalar>& means);
/// ∂/∂φ(h^L) into work.backward, from that of the features [P × features].
template <class Scalar>
void unpool(const Network& network, const MatrixIn<Scalar>& of_features, PassBuffers<Scalar>& work);

}  // namespace fieldscan::network
