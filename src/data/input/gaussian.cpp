#include "fieldscan/data/input/gaussian.hpp"

#include <cassert>

#include "rows.hpp"

namespace fieldscan::data {

Matrix Gaussian::draw(const Stream& stream, std::uint64_t first, Index count) const {
  assert(dim >= 1 && "a normal vector has at least one dimension");
  Matrix x = fill_rows(stream, first, count, dim, [](const Stream& row, std::span<double> z) { row.normals(z); });
  if (!isotropic()) {
    const Vector deviation = variances().cwiseSqrt();
    for (int i = 0; i < dim; ++i) x.col(i) *= deviation(i);
  }
  return x;
}

}  // namespace fieldscan::data
