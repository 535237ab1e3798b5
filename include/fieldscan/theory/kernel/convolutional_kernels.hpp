#pragma once
#include <optional>
#include <string>

#include "fieldscan/network/convolution_grid.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

/// The kernels of convolutional networks with infinitely many channels.
namespace fieldscan::theory {

using network::ImageReadout;
using network::Padding;

/// A convolutional network, but for its number of channels. An input is an image of height × width positions with C
/// channels, number (row · width + column) · C + channel of the vector x. Height 1 is one-dimensional: filters of q
/// positions instead of q × q.
struct ConvolutionalSpec {
  int height = 1;    ///< 0: as many rows as columns
  int width = 0;     ///< 0: what the dimension of the inputs leaves, d/(height · channels)
  int channels = 1;  ///< C of the input
  int filter = 3;    ///< q
  int stride = 1;    ///< of the first layer; the others have 1
  int depth = 1;     ///< convolutional layers L
  Padding padding = Padding::circular;
  ImageReadout readout = ImageReadout::flatten;
  network::ActivationChoice activation = network::Relu{};
  double weight_variance = 2;   ///< σ_w²
  double bias_variance = 0;     ///< σ_b²
  double readout_variance = 1;  ///< σ_a²

  static auto fields() {
    using S = ConvolutionalSpec;
    return std::tuple{
        field("height", &S::height, "rows of the image; 1: one-dimensional; 0: as many as columns", at_least(0)),
        field("width", &S::width, "columns of the image; 0: what the dimension of the inputs leaves", at_least(0)),
        field("channels", &S::channels, "channels of the image", at_least(1)),
        field("filter", &S::filter, "extent q of the filters", at_least(1)),
        field("stride", &S::stride, "stride of the first layer", at_least(1)),
        field("depth", &S::depth, "convolutional layers L", at_least(1)),
        field("padding", &S::padding,
              "`circular`: the image is a torus; `valid`: filters stay inside; `zero`: zeros around it"),
        field("readout", &S::readout, "`flatten`: a weight per position and channel; `pooling`: mean over positions"),
        field("activation", &S::activation, "nonlinearity φ"),
        field("weight_variance", &S::weight_variance, "σ_w², after division by fan-in", positive()),
        field("bias_variance", &S::bias_variance, "σ_b²", non_negative()),
        field("readout_variance", &S::readout_variance, "σ_a²", positive()),
    };
  }
  std::optional<std::string> problem() const;  ///< sizes that no image has
  bool operator==(const ConvolutionalSpec&) const = default;
};

/// The shape of such a network, and the spec of a finite one: a sentence where its layers differ in more than their
/// number of channels.
network::Architecture architecture_of(const ConvolutionalSpec& spec);
ConvolutionalSpec convolutional_spec(const network::Spec& network);
std::optional<std::string> layers_problem(const network::Spec& network);

/// The spec with its height and width filled in for inputs of dimension d; a sentence where that is not possible, or
/// where a filter does not fit into a layer.
ConvolutionalSpec resolved(ConvolutionalSpec spec, int dimension);
std::optional<std::string> shape_problem(const ConvolutionalSpec& spec, int dimension);

/// K and Θ, without 1/χ. With s, t positions, β over the q (or q²) positions of a filter, Q their number, st the
/// stride,
///
///     K¹_st   = σ_w²/(QC) Σ_{β,c} x_{s·st+β,c} x′_{t·st+β,c} + σ_b²,              Θ¹ = K¹
///     Kˡ⁺¹_st = σ_w²/Q Σ_β ⟨φφ⟩(Kˡ)_{s+β,t+β} + σ_b²,   Θˡ⁺¹_st = Kˡ⁺¹_st + σ_w²/Q Σ_β (⟨φ′φ′⟩(Kˡ) Θˡ)_{s+β,t+β}
///     flatten: K = σ_a²/S Σ_s ⟨φφ⟩_ss,   pooling: K = σ_a²/S² Σ_st ⟨φφ⟩_st;   Θ = K + the same sum of ⟨φ′φ′⟩ Θ^L
///
/// for f = √(σ_a²/(N S χ)) Σ a_is φ(h_is) and f = √(σ_a²/(N χ)) Σ a_i (1/S) Σ_s φ(h_is). Flattening needs s = t alone,
/// P² S averages per layer; pooling P² S² of them. Neither is held: a tile of pairs runs through all layers at a time,
/// and where a point meets itself the averages are the exact ones. x [P × d]; spec resolved. Throws EnvironmentError
/// where the P × P matrix does not fit into memory. An activation without closed averages (tanh) takes some 2 μs per
/// average and is practical for small images only. Sources: R. Novak et al., ICLR (2019); A. Garriga-Alonso, L.
/// Aitchison, C. Rasmussen, ICLR (2019); S. Arora et al., NeurIPS (2019).
Matrix convolutional_kernel(const ConvolutionalSpec& spec, KernelKind kind, const MatrixView& x);
Matrix convolutional_kernel(const ConvolutionalSpec& spec, KernelKind kind, const MatrixView& x,
                            const MatrixView& other);
/// K(x, x) or Θ(x, x) [P].
Vector convolutional_diagonal(const ConvolutionalSpec& spec, KernelKind kind, const MatrixView& x);

/// Gaussian averages per pair of inputs, over all layers: what a kernel costs.
double averages_per_pair(const ConvolutionalSpec& spec);
/// Seconds of one core per pair of inputs: averages, and sums over filters, whose terms are read from memory. Of Θ with
/// the K of its variance, which gradient descent forms too.
double seconds_per_image_pair(const ConvolutionalSpec& spec, KernelKind kind);
/// Bytes that are held beside the matrix, for this number of points.
double convolutional_bytes(const ConvolutionalSpec& spec, double points);

}  // namespace fieldscan::theory
