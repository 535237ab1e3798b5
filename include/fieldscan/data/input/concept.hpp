#pragma once
#include <concepts>
#include <cstdint>
#include <span>

#include "fieldscan/core/field.hpp"
#include "fieldscan/core/matrix.hpp"
#include "fieldscan/core/random.hpp"

namespace fieldscan::data {

/// What an input must offer: its word, its fields, and the dimension d of its vectors.
template <class I>
concept Input = Kind<I> && requires(const I& input) {
  { input.dimension() } -> std::same_as<int>;
};

/// An input that is a probability distribution. `draw(stream, first, count)` gives examples first … first + count − 1
/// of the stream as rows [count × d]; example k is a function of the stream's key and k alone, so that sets of all
/// sizes are nested.
template <class I>
concept Distribution = Input<I> && requires(const I& input, const Stream& stream) {
  { input.draw(stream, std::uint64_t{}, Index{}) } -> std::same_as<Matrix>;
};

/// A distribution that is uniform over a finite set, whose members have numbers from 0 to its size.
template <class I>
concept Enumerable = Distribution<I> && requires(const I& input, std::span<const Index> numbers) {
  { input.set_size() } -> std::same_as<double>;
  { input.members(numbers) } -> std::same_as<Matrix>;
};

}  // namespace fieldscan::data
