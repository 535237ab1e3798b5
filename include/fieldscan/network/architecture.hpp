#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "fieldscan/core/field.hpp"

/// What the layers of a network are made of: all units below, or the patches of an image.
namespace fieldscan::network {

enum class Layers { fully_connected, convolution };
constexpr auto words(Layers) { return std::array<std::string_view, 2>{"fully_connected", "convolution"}; }

/// What filters see beyond the edge: the image as a torus; nothing, so that they stay inside; or zeros.
enum class Padding { circular, valid, zero };
constexpr auto words(Padding) { return std::array<std::string_view, 3>{"circular", "valid", "zero"}; }

enum class ImageReadout { flatten, pooling };
constexpr auto words(ImageReadout) { return std::array<std::string_view, 2>{"flatten", "pooling"}; }

/// The shape of a network. Convolutional layers see an image of rows × columns positions with so many channels, number
/// (row · columns + column) · channels + channel of the vector x; their units are channels. One row is one-dimensional:
/// filters of q positions instead of q × q. The filter at position s of a layer begins at position s · stride of the
/// layer below; with `padding: zero` it begins (q − 1)/2 before it, rounded down, so that it is centred.
struct Architecture {
  Layers layers = Layers::fully_connected;
  int rows = 1;      ///< of the image; 1: one-dimensional; 0: as many as columns
  int columns = 0;   ///< 0: what the dimension of the inputs leaves, d/(rows · channels)
  int channels = 1;  ///< C of the input
  int filter = 3;    ///< q
  int stride = 1;    ///< of the first layer; the others have 1
  Padding padding = Padding::circular;
  ImageReadout head = ImageReadout::flatten;

  static constexpr bool in_one_value = true;  ///< `architecture: convolution`
  static auto fields() {
    using A = Architecture;
    return std::tuple{
        field("layers", &A::layers, "`fully_connected`, or `convolution`, whose units are channels"),
        field("rows", &A::rows, "rows of the image; 1: one-dimensional; 0: as many as columns", at_least(0)),
        field("columns", &A::columns, "columns of the image; 0: what the dimension of the inputs leaves", at_least(0)),
        field("channels", &A::channels, "channels of the image", at_least(1)),
        field("filter", &A::filter, "extent q of the filters", at_least(1)),
        field("stride", &A::stride, "stride of the first layer", at_least(1)),
        field("padding", &A::padding,
              "`circular`: the image is a torus; `valid`: filters stay inside; `zero`: zeros around it"),
        field("head", &A::head,
              "the readout: `flatten`: a weight per position and channel; `pooling`: mean over positions"),
    };
  }
  /// Sizes that no image has, and what is said of an image where the network is fully connected.
  std::optional<std::string> problem() const;
  bool operator==(const Architecture&) const = default;
};

inline bool is_convolutional(const Architecture& architecture) { return architecture.layers == Layers::convolution; }

}  // namespace fieldscan::network
