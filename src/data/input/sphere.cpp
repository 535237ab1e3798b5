#include "fieldscan/data/input/sphere.hpp"

#include <cassert>
#include <cmath>

#include "rows.hpp"

namespace fieldscan::data {

Matrix Sphere::draw(const Stream& stream, std::uint64_t first, Index count) const {
  assert(dim >= 1 && "a sphere has at least one dimension");
  return fill_rows(stream, first, count, dim, [this](const Stream& row, std::span<double> x) {
    row.normals(x);
    double norm2 = 0;
    for (const double v : x) norm2 += v * v;
    const double length = std::sqrt(norm2 / dim);
    for (double& v : x) v /= length;
  });
}

}  // namespace fieldscan::data
