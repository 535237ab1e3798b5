#pragma once
#include "fieldscan/core/product.hpp"
#include "layout.hpp"

/// The steps of the passes through convolutional layers. Along a run of positions what a filter sees are columns of the
/// layer below as they lie there, one for each channel and position of the filter: products of scattered columns.
namespace fieldscan::network {

/// Whether the readout sees means over positions.
inline bool is_pooled(const Network& network) { return network.spec().architecture.head == ImageReadout::pooling; }

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

/// Points that a pass takes well together: as many as let the widest layer take a quarter of a common second-level
/// cache (1 MB), from as many as fill a block of the products up to 256.
Index convolution_points(const Network& network, std::size_t scalar_bytes);

/// out = scale · (what filters see of what is below) Wᵀ, or added; W lies in theta.
template <class Scalar>
void convolve(const Network& network, const VectorIn<Scalar>& theta, int layer, const Below<Scalar>& below,
              Index points, MatrixOf<Scalar>& out, Put put);
/// The weights' gradient of a layer from δ of it.
template <class Scalar>
void convolution_gradient(const Network& network, int layer, const Below<Scalar>& below, Index points,
                          PassBuffers<Scalar>& work, VectorOut<Scalar> gradient, Put put);
/// δ of layer l − 1 from δ of layer l ≥ 1.
template <class Scalar>
void convolve_back(const Network& network, const VectorIn<Scalar>& theta, int layer, Index points,
                   PassBuffers<Scalar>& work);

/// What the readout sees of numbers of the last layer [P × features]: they themselves, or their means over positions,
/// which are put into `means`.
template <class Scalar>
Network::Features<Scalar> read_features(const Network& network, const MatrixOf<Scalar>& layer, Index points,
                                        MatrixOf<Scalar>& means);
/// δ^L from ∂/∂ of those means [P × N_L].
template <class Scalar>
void unpool(const MatrixIn<Scalar>& of_means, PassBuffers<Scalar>& work);

}  // namespace fieldscan::network
