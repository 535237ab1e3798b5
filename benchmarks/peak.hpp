#pragma once
#include "timing.hpp"

/// The rate of this core in fused multiply-adds alone, without memory: what percentages are of.
namespace benchmark {

/// GFLOP/s in a scalar type: independent chains of multiply-adds over whole registers, the fastest of several runs.
template <class Scalar>
double peak(int runs) {
#ifdef __AVX512F__
  constexpr int bytes = 64;
#else
  constexpr int bytes = 32;  // longer ones would take two registers each, more than there are
#endif
  using Register [[gnu::vector_size(bytes)]] = Scalar;
  constexpr int chains = 12, count = 200000;
  Scalar keep = 0;
  const double seconds = shortest(runs, [&] {
    Register sums[chains] = {};
    for (int c = 0; c < chains; ++c) sums[c] += Scalar(c);  // else the compiler sees that the chains are one
    Register factor{}, term{};
    factor += Scalar(0.999);
    term += Scalar(0.001) + keep * Scalar(0);
#pragma GCC unroll 1
    for (int k = 0; k < count; ++k)
#pragma GCC unroll 12
      for (int c = 0; c < chains; ++c) sums[c] = sums[c] * factor + term;
    for (int c = 0; c < chains; ++c) keep += sums[c][0];
  });
  const double flops = 2.0 * chains * count * (bytes / sizeof(Scalar));
  return keep > 0 ? 1e-9 * flops / seconds : 0;
}

}  // namespace benchmark
