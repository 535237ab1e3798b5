#pragma once
#include <span>
#include <vector>

#include "fieldscan/theory/kernel/convolutional_kernels.hpp"

/// A tile of pairs of images, run through all layers.
namespace fieldscan::theory {

using network::Convolution;

/// What single images contribute in every layer, exact: K_ss(x, x), Θ_ss(x, x), and the averages ⟨φ²⟩, ⟨φ′²⟩.
struct ImageTable {
  std::vector<Matrix> variance, tangent, value, derivative;  ///< per layer [P × positions]
};
ImageTable image_table(const ConvolutionalSpec& spec, const std::vector<Convolution>& layers, const MatrixView& x);

/// A pair of images: row i of one set, row j of the other.
struct ImagePair {
  Index i, j;
};

/// The two sets of images. `same`: they are one set, so that pairs i = j are a point with itself.
struct ImageSets {
  const MatrixView& x;
  const MatrixView& other;
  const ImageTable& table;
  const ImageTable& other_table;
  bool same = false;
};

/// The numbers of a tile are ordered by pair of positions first ((s, s) for flattening, all (s, t) for pooling), then
/// by pair of images.
class ConvolutionTile {
 public:
  ConvolutionTile(const ConvolutionalSpec& spec, const std::vector<Convolution>& layers, KernelKind kind)
      : spec_(spec), layers_(layers), kind_(kind) {}

  /// out[p] = K or Θ of pair p.
  void run(const ImageSets& sets, std::span<const ImagePair> pairs, std::span<double> out);

 private:
  bool tangent() const { return kind_ == KernelKind::tangent; }
  bool pooled() const { return spec_.readout == ImageReadout::pooling; }
  Index position_pairs(Index positions) const { return pooled() ? positions * positions : positions; }
  void multiply_images(const ImageSets& sets, std::span<const ImagePair> pairs);
  void convolve(std::vector<double>& numbers, const Convolution& layer, Index pairs, double factor);
  void average(int layer, const ImageSets& sets, std::span<const ImagePair> pairs);
  void set_diagonal(int layer, const ImageSets& sets, std::span<const ImagePair> pairs);
  void read_out(Index positions, std::span<double> out) const;

  const ConvolutionalSpec& spec_;
  const std::vector<Convolution>& layers_;
  KernelKind kind_;
  std::vector<double> nngp_, tangent_, next_;       ///< K, then ⟨φφ⟩; Θ, then ⟨φ′φ′⟩ Θ
  std::vector<double> a_, b_, value_, derivative_;  ///< one block of averages
  std::vector<double> left_, right_;                ///< the images of the pairs, number by number
  std::vector<Index> seen_;                         ///< pairs of positions that the first layer looks at, for pooling
};

}  // namespace fieldscan::theory
