#pragma once
#include <vector>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/network/architecture.hpp"

/// Positions of the layers of a convolutional network, and who sees whom.
namespace fieldscan::network {

struct Grid {
  Index height = 1, width = 1;
  Index positions() const { return height * width; }
};

/// One convolution: output position s sees inputs source[s·Q] … source[s·Q + Q − 1], Q the positions of a filter;
/// `outside` is a zero around the image.
struct Convolution {
  static constexpr Index outside = -1;
  Index inputs = 0, outputs = 0, size = 0;  ///< positions before and after, Q
  std::vector<Index> source;
  Index at(Index output, Index beta) const { return source[static_cast<std::size_t>(output * size + beta)]; }
};

/// The architecture with rows and columns filled in for inputs of dimension d; a sentence where that is not possible,
/// or where a filter does not fit into one of the layers.
Architecture resolved(Architecture architecture, int dimension);
std::optional<std::string> shape_problem(const Architecture& architecture, int depth, int dimension);

/// The grid after layer l = 0 … of the grid before it; of no position where the filter does not fit.
Grid grid_after(const Architecture& architecture, const Grid& before, int layer);
/// All layers of a resolved architecture, from the image upwards [L].
std::vector<Convolution> convolutions(const Architecture& architecture, int depth);

}  // namespace fieldscan::network
