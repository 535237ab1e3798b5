#pragma once
#include <cmath>
#include <string_view>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/core/random.hpp"

/// Random inputs of tests: fixed seeds.
namespace fieldscan::testing {

inline Stream stream(std::string_view what, std::uint64_t r = 0) { return Stream(20261123, Purpose::test, what, r, 0); }

inline Matrix normals(const Stream& stream, Index rows, Index columns, std::uint64_t first = 0) {
  Matrix out(rows, columns);
  stream.normals({out.data(), static_cast<std::size_t>(out.size())}, first);
  return out;
}
inline Vector normal_vector(const Stream& stream, Index size, std::uint64_t first = 0) {
  return normals(stream, size, 1, first);
}
/// Uniform on the sphere |x|² = d.
inline Matrix sphere(const Stream& stream, Index points, Index dimension) {
  Matrix x = normals(stream, points, dimension);
  x.rowwise().normalize();
  return x * std::sqrt(static_cast<double>(dimension));
}

}  // namespace fieldscan::testing
