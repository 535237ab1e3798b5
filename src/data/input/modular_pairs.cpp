#include "fieldscan/data/input/modular_pairs.hpp"

#include <algorithm>
#include <cmath>

#include "rows.hpp"

namespace fieldscan::data {

namespace pairs {
namespace {

/// The row of pair a + p b.
void fill(int modulus, Index number, std::span<double> x) {
  std::ranges::fill(x, 0.0);
  const double size = std::sqrt(static_cast<double>(modulus));
  x[static_cast<std::size_t>(number % modulus)] = size;
  x[static_cast<std::size_t>(modulus + number / modulus)] = size;
}

int place_of_largest(const VectorView& values) {
  Index place = 0;
  values.maxCoeff(&place);
  return static_cast<int>(place);
}

}  // namespace
}  // namespace pairs

Matrix ModularPairs::draw(const Stream& stream, std::uint64_t first, Index count) const {
  const auto all = static_cast<std::uint64_t>(modulus) * static_cast<std::uint64_t>(modulus);
  return fill_rows(stream, first, count, dimension(), [&](const Stream& row, std::span<double> x) {
    pairs::fill(modulus, static_cast<Index>(row.below(all, 0)), x);
  });
}

Matrix ModularPairs::members(std::span<const Index> numbers) const {
  Matrix x(static_cast<Index>(numbers.size()), dimension());
  Vector row(dimension());
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    pairs::fill(modulus, numbers[k], {row.data(), static_cast<std::size_t>(row.size())});
    x.row(static_cast<Index>(k)) = row.transpose();
  }
  return x;
}

Pair pair_of(const ModularPairs& of, const VectorView& x) {
  return {pairs::place_of_largest(x.head(of.modulus)), pairs::place_of_largest(x.tail(of.modulus))};
}

}  // namespace fieldscan::data
