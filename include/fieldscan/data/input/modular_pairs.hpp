#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>

#include "fieldscan/data/input/concept.hpp"

namespace fieldscan::data {

/// Pairs (a, b) of numbers modulo p, two-hot: x = √p (e_a, e_b), d = 2p and |x|² = d. Uniform over the p² pairs,
/// a finite set, of which `train_size: whole` takes every one and `test_size: rest` what the training set leaves.
/// ⟨x_i²⟩ = 1, but the mean is 1/√p and the covariance is not 1.
struct ModularPairs {
  int modulus = 0;  ///< p

  static constexpr std::string_view kind = "modular_pairs";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "Pairs of numbers modulo p, two-hot: dim = 2p.";
  static auto fields() {
    return std::tuple{
        field("modulus", &ModularPairs::modulus, "p, a prime in the literature: p² pairs in 2p dimensions", at_least(2))
            .required()};
  }

  int dimension() const { return 2 * modulus; }
  Matrix draw(const Stream& stream, std::uint64_t first, Index count) const;
  double set_size() const { return static_cast<double>(modulus) * modulus; }
  /// The pairs of the given numbers a + p b, as rows.
  Matrix members(std::span<const Index> numbers) const;
  bool operator==(const ModularPairs&) const = default;
};

/// a and b of an input.
struct Pair {
  int a = 0, b = 0;
};
Pair pair_of(const ModularPairs& of, const VectorView& x);

}  // namespace fieldscan::data
