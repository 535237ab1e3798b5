#pragma once
#include <cmath>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/core/random.hpp"

namespace fieldscan::data {

/// A uniform direction w, |w| = 1 [d].
inline Vector random_direction(const Stream& stream, int dimension) {
  Vector w(dimension);
  stream.normals({w.data(), static_cast<std::size_t>(dimension)});
  return w / w.norm();
}

/// x·w for every row [points], summed over the coordinates in their order: the bits of a row do not depend on the
/// others, so that nested sets agree exactly.
inline Vector project(const Matrix& x, const Vector& w) {
  Vector u = Vector::Zero(x.rows());
  for (Index j = 0; j < x.cols(); ++j)
    for (Index k = 0; k < x.rows(); ++k) u(k) = std::fma(w(j), x(k, j), u(k));
  return u;
}

}  // namespace fieldscan::data
