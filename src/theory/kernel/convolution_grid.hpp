#pragma once
#include <vector>

#include "fieldscan/theory/kernel/convolutional_kernels.hpp"

/// Positions of the layers of a convolutional network, and who sees whom.
namespace fieldscan::theory {

struct Grid {
  Index height = 1, width = 1;
  Index positions() const { return height * width; }
};

/// One convolution: output position s sees inputs source[s·Q] … source[s·Q + Q − 1].
struct Convolution {
  Index inputs = 0, outputs = 0, size = 0;  ///< positions before and after, Q
  std::vector<Index> source;
  Index at(Index output, Index beta) const { return source[static_cast<std::size_t>(output * size + beta)]; }
};

/// The grid after layer l = 0 … of the image's grid; of no position where the filter does not fit.
Grid grid_after(const ConvolutionalSpec& spec, const Grid& before, int layer);
Convolution convolution(const ConvolutionalSpec& spec, const Grid& before, int layer);
/// All layers, from the image upwards [L].
std::vector<Convolution> convolutions(const ConvolutionalSpec& spec);

}  // namespace fieldscan::theory
