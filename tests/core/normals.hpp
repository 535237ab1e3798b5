#pragma once
#include "fieldscan/core/matrix.hpp"
#include "fieldscan/core/random.hpp"

namespace fieldscan::testing {

/// A matrix of standard normals, another one for every number.
template <class Scalar>
MatrixOf<Scalar> normals(Index rows, Index columns, std::uint32_t number) {
  Matrix m(rows, columns);
  Stream(3, Purpose::test, "core", 0, 0).at(number, 0).normals({m.data(), static_cast<std::size_t>(m.size())});
  return m.cast<Scalar>();
}

}  // namespace fieldscan::testing
