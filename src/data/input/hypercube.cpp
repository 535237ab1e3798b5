#include "fieldscan/data/input/hypercube.hpp"

#include <cassert>

#include "rows.hpp"

namespace fieldscan::data {

Matrix Hypercube::draw(const Stream& stream, std::uint64_t first, Index count) const {
  assert(dim >= 1 && "a hypercube has at least one dimension");
  return fill_rows(stream, first, count, dim, [](const Stream& row, std::span<double> x) {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = row.uniform(i) < 0.5 ? -1 : 1;
  });
}

Matrix Hypercube::members(std::span<const Index> numbers) const {
  Matrix x(static_cast<Index>(numbers.size()), dim);
  for (int i = 0; i < dim; ++i)
    for (std::size_t k = 0; k < numbers.size(); ++k) x(static_cast<Index>(k), i) = (numbers[k] >> i) & 1 ? 1 : -1;
  return x;
}

}  // namespace fieldscan::data
