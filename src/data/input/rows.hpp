#pragma once
#include <span>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/core/random.hpp"

namespace fieldscan::data {

/// The sub-stream of example k.
inline Stream stream_of_row(const Stream& stream, std::uint64_t k) {
  return stream.at(static_cast<std::uint32_t>(k >> 32), static_cast<std::uint32_t>(k));
}

/// Examples first … first + count − 1 as rows [count × d]: fill(sub-stream of the example, span of d numbers).
template <class Fill>
Matrix fill_rows(const Stream& stream, std::uint64_t first, Index count, int dimension, Fill&& fill) {
  Matrix x(count, dimension);
  Vector row(dimension);
  for (Index k = 0; k < count; ++k) {
    fill(stream_of_row(stream, first + static_cast<std::uint64_t>(k)), std::span<double>(row.data(), row.size()));
    x.row(k) = row.transpose();
  }
  return x;
}

}  // namespace fieldscan::data
