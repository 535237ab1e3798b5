#include "fieldscan/core/random.hpp"

#include <fmt/format.h>

#include <numeric>

#include "fieldscan/core/hash.hpp"
#include "normal_transform.hpp"
#include "philox.hpp"

namespace fieldscan {

namespace {

constexpr int counters_together = 64;  ///< counters that are worked on together; a multiple of 16

/// The radius of the upper half, the angle of the lower one.
[[gnu::always_inline]] inline normal_transform::Pair<float> single_pair(std::uint64_t bits) {
  return normal_transform::normal_pair(static_cast<std::uint32_t>(bits >> 32), static_cast<std::uint32_t>(bits));
}

}  // namespace

Stream::Stream(std::uint64_t seed, Purpose purpose, std::string_view text, std::uint64_t r, std::uint64_t i)
    : key_(hash64(fmt::format("{}|{}|{}|{}|{}", seed, static_cast<std::uint32_t>(purpose), r, i, text))) {}

Stream Stream::at(std::uint32_t a, std::uint32_t b) const {
  Stream copy = *this;
  copy.a_ = a;
  copy.b_ = b;
  return copy;
}

std::array<std::uint32_t, 4> Stream::block(std::uint64_t index) const {
  const philox::Words words = philox::words(index, {a_, b_, key_});
  return {static_cast<std::uint32_t>(words.first >> 32), static_cast<std::uint32_t>(words.first),
          static_cast<std::uint32_t>(words.second >> 32), static_cast<std::uint32_t>(words.second)};
}

double Stream::uniform(std::uint64_t k) const {
  const philox::Words words = philox::words(k / 2, {a_, b_, key_});
  return normal_transform::open_unit(k % 2 == 0 ? words.first : words.second);
}

double Stream::normal(std::uint64_t k) const {
  const philox::Words words = philox::words(k / 2, {a_, b_, key_});
  const auto pair = normal_transform::normal_pair(words.first, words.second);
  return k % 2 == 0 ? pair.first : pair.second;
}

void Stream::normals(std::span<double> out, std::uint64_t first) const {
  std::size_t done = 0;
  if (first % 2 == 1 && !out.empty()) out[done++] = normal(first);
  alignas(64) std::uint64_t left[counters_together];
  alignas(64) std::uint64_t right[counters_together];
  while (out.size() - done >= 2) {
    const std::uint64_t base = (first + done) / 2;
    const int count = static_cast<int>(std::min<std::size_t>(counters_together, (out.size() - done) / 2));
    philox::fill(base, {a_, b_, key_}, count, left, right);
    double* __restrict to = out.data() + done;
#pragma omp simd
    for (int i = 0; i < count; ++i) {
      const auto pair = normal_transform::normal_pair(left[i], right[i]);
      to[2 * i] = pair.first;
      to[2 * i + 1] = pair.second;
    }
    done += 2 * static_cast<std::size_t>(count);
  }
  if (done < out.size()) out[done] = normal(first + done);
}

void Stream::normals(std::span<float> out, std::uint64_t first) const {
  const auto block_from = [&](std::uint64_t number,
                              std::size_t done) {  // the rest of the four, as far as there is room
    const philox::Words words = philox::words(number / 4, {a_, b_, key_});
    const std::array halves{single_pair(words.first), single_pair(words.second)};
    for (; done < out.size() && number / 4 == (first + done) / 4; ++done) {
      const auto& half = halves[(first + done) % 4 / 2];
      out[done] = (first + done) % 2 == 0 ? half.first : half.second;
    }
    return done;
  };
  std::size_t done = first % 4 == 0 ? 0 : block_from(first, 0);
  alignas(64) std::uint64_t left[counters_together];
  alignas(64) std::uint64_t right[counters_together];
  alignas(64) std::uint64_t both[2 * counters_together];
  while (out.size() - done >= 4) {
    const int count = static_cast<int>(std::min<std::size_t>(counters_together, (out.size() - done) / 4));
    philox::fill((first + done) / 4, {a_, b_, key_}, count, left, right);
#pragma omp simd
    for (int i = 0; i < count; ++i) {
      both[2 * i] = left[i];
      both[2 * i + 1] = right[i];
    }
    float* __restrict to = out.data() + done;
#pragma omp simd
    for (int i = 0; i < 2 * count; ++i) {
      const auto pair = single_pair(both[i]);
      to[2 * i] = pair.first;
      to[2 * i + 1] = pair.second;
    }
    done += 4 * static_cast<std::size_t>(count);
  }
  if (done < out.size()) block_from(first + done, done);
}

std::uint64_t Stream::below(std::uint64_t n, std::uint64_t k) const {
  const philox::Words words = philox::words(k / 2, {a_, b_, key_});
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((Wide{k % 2 == 0 ? words.first : words.second} * n) >> 64);
}

std::vector<Index> Stream::permutation(Index n, std::uint64_t first) const {
  std::vector<Index> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), Index{0});
  for (std::size_t i = 0; i + 1 < order.size(); ++i) std::swap(order[i], order[i + below(order.size() - i, first + i)]);
  return order;
}

}  // namespace fieldscan
