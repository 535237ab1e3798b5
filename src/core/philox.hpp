#pragma once
#include <cstdint>
#ifdef __AVX512F__
#include <immintrin.h>
#endif

/// Philox4x32-10 of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC (2011); bit-identical to
/// Random123's, which the tests compare with.
namespace fieldscan::philox {

inline constexpr std::uint32_t factor0 = 0xD2511F53u, factor1 = 0xCD9E8D57u;  ///< multipliers of a round
inline constexpr std::uint32_t weyl0 = 0x9E3779B9u, weyl1 = 0xBB67AE85u;      ///< what the key grows by in a round

struct Words {
  std::uint64_t first, second;
};

/// What stays the same along a stream: the upper half (a, b) of the counter, and the key.
struct Place {
  std::uint32_t a, b;
  std::uint64_t key;
};

[[gnu::always_inline]] inline Words words(std::uint64_t index, const Place& place) {
  std::uint32_t x0 = static_cast<std::uint32_t>(index), x1 = static_cast<std::uint32_t>(index >> 32);
  std::uint32_t x2 = place.a, x3 = place.b;
  std::uint32_t k0 = static_cast<std::uint32_t>(place.key), k1 = static_cast<std::uint32_t>(place.key >> 32);
#pragma GCC unroll 10
  for (int round = 0; round < 10; ++round, k0 += weyl0, k1 += weyl1) {
    const std::uint64_t p0 = std::uint64_t{factor0} * x0;
    const std::uint64_t p1 = std::uint64_t{factor1} * x2;
    x0 = static_cast<std::uint32_t>(p1 >> 32) ^ x1 ^ k0;
    x2 = static_cast<std::uint32_t>(p0 >> 32) ^ x3 ^ k1;
    x1 = static_cast<std::uint32_t>(p1);
    x3 = static_cast<std::uint32_t>(p0);
  }
  return {(std::uint64_t{x0} << 32) | x1, (std::uint64_t{x2} << 32) | x3};
}

#ifdef __AVX512F__
/// Two independent groups of eight counters, index … index + 15, in 64-bit lanes. The multiplication reads the lower
/// halves alone, so the upper ones may hold anything until the end.
[[gnu::always_inline]] inline void sixteen(std::uint64_t index, const Place& place, std::uint64_t* first,
                                           std::uint64_t* second) {
  const auto all = [](std::uint64_t x) { return _mm512_set1_epi64(static_cast<long long>(x)); };
  const __m512i m0 = all(factor0), m1 = all(factor1);
  __m512i x0[2], x1[2], x2[2], x3[2];
  for (int g = 0; g < 2; ++g) {
    x0[g] = _mm512_add_epi64(all(index + 8 * static_cast<std::uint64_t>(g)), _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7));
    x1[g] = _mm512_srli_epi64(x0[g], 32);
    x2[g] = all(place.a);
    x3[g] = all(place.b);
  }
  std::uint32_t k0 = static_cast<std::uint32_t>(place.key), k1 = static_cast<std::uint32_t>(place.key >> 32);
#pragma GCC unroll 10
  for (int round = 0; round < 10; ++round, k0 += weyl0, k1 += weyl1)
    for (int g = 0; g < 2; ++g) {
      const __m512i p0 = _mm512_mul_epu32(x0[g], m0), p1 = _mm512_mul_epu32(x2[g], m1);
      x0[g] = _mm512_xor_si512(_mm512_xor_si512(_mm512_srli_epi64(p1, 32), x1[g]), all(k0));
      x2[g] = _mm512_xor_si512(_mm512_xor_si512(_mm512_srli_epi64(p0, 32), x3[g]), all(k1));
      x1[g] = p1;
      x3[g] = p0;
    }
  const __m512i low = all(0xFFFFFFFFu);
  for (int g = 0; g < 2; ++g) {
    _mm512_storeu_si512(first + 8 * g, _mm512_or_si512(_mm512_slli_epi64(x0[g], 32), _mm512_and_si512(x1[g], low)));
    _mm512_storeu_si512(second + 8 * g, _mm512_or_si512(_mm512_slli_epi64(x2[g], 32), _mm512_and_si512(x3[g], low)));
  }
}
#endif

/// first[i], second[i] = words(index + i) for i < count; count ≤ capacity, which is a multiple of 16: the rest is
/// overwritten.
[[gnu::always_inline]] inline void fill(std::uint64_t index, const Place& place, int count, std::uint64_t* first,
                                        std::uint64_t* second) {
#ifdef __AVX512F__
  for (int i = 0; i < count; i += 16) sixteen(index + static_cast<std::uint64_t>(i), place, first + i, second + i);
#else
#pragma omp simd
  for (int i = 0; i < count; ++i) {
    const Words both = words(index + static_cast<std::uint64_t>(i), place);
    first[i] = both.first;
    second[i] = both.second;
  }
#endif
}

}  // namespace fieldscan::philox
