#pragma once
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>

#include "fieldscan/data/input/concept.hpp"

namespace fieldscan::data {

/// Uniform on the corners of the cube, x_i = ±1: |x|² = d. A finite set of 2^d inputs, of which `train_size: whole`
/// takes every one and `test_size: rest` what the training set leaves (d ≤ 20 for these).
struct Hypercube {
  int dim = 0;  ///< d

  static constexpr std::string_view kind = "hypercube";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "Uniform on the 2^dim corners x_i = ±1.";
  static auto fields() {
    return std::tuple{field("dim", &Hypercube::dim, "dimension d of the inputs", at_least(1)).required()};
  }

  int dimension() const { return dim; }
  double set_size() const { return std::ldexp(1.0, dim); }
  Matrix draw(const Stream& stream, std::uint64_t first, Index count) const;
  /// The corners of the given numbers, as rows: coordinate i of corner c is +1 where bit i of c is set.
  Matrix members(std::span<const Index> numbers) const;
  bool operator==(const Hypercube&) const = default;
};

}  // namespace fieldscan::data
