#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "fieldscan/core/matrix.hpp"

/// Counter-based random numbers: every number is a pure function of what it is for, never of who computes it or when.
namespace fieldscan {

/// What a stream is for. The order is part of the identity of every stored number: append only.
enum class Purpose : std::uint32_t {
  train_inputs,
  test_inputs,
  validation_inputs,
  target_function,
  label_noise,
  label_shuffle,
  file_permutation,
  initial_weights,
  batches,
  langevin_noise,
  momentum,
  acceptance,
  step_jitter,
  chain_start,
  bootstrap,
  test,
  theory,  ///< random numbers of predictions that are sampled
};

/// A stream of random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011)
/// with a 64-bit key made of (seed, purpose, text, r, i) by XXH3, and a 128-bit counter (index, a, b).
///
/// Number k of a stream is a pure function of (key, a, b, k). `text` holds the canonical text of the fields that the
/// purpose depends on, and nothing else; r and i are the data draw and the initialisation (0 where they do not apply).
/// Uniforms have 53 bits and lie in (0, 1). Normals are Box–Muller with logarithm, sine and cosine of our own, made of
/// IEEE basic operations, square root and fused multiply-add only: the same bits on every machine.
class Stream {
 public:
  Stream(std::uint64_t seed, Purpose purpose, std::string_view text, std::uint64_t r, std::uint64_t i);

  /// The sub-stream (a, b) with the same key: for weights a = layer, b = row, so that a narrower matrix is a corner of
  /// a wider one.
  Stream at(std::uint32_t a, std::uint32_t b) const;

  double uniform(std::uint64_t k) const;
  double normal(std::uint64_t k) const;
  /// Normals first, first + 1, … into out: the same numbers as normal(k), faster.
  void normals(std::span<double> out, std::uint64_t first = 0) const;
  /// Normals of single precision, four of a counter where those of double are two: other numbers than these, within
  /// ±6.7 and on a grid of 2⁻²⁴ turns. Number k is the same whatever `first`.
  void normals(std::span<float> out, std::uint64_t first = 0) const;
  /// Uniform integer in [0, n), without bias beyond 2⁻⁶⁴·n.
  std::uint64_t below(std::uint64_t n, std::uint64_t k) const;
  /// A random permutation of 0 … n − 1 (Fisher–Yates with numbers first … first + n − 1).
  std::vector<Index> permutation(Index n, std::uint64_t first = 0) const;

  std::uint64_t key() const { return key_; }

 private:
  std::array<std::uint32_t, 4> block(std::uint64_t index) const;
  std::uint64_t key_;
  std::uint32_t a_ = 0;
  std::uint32_t b_ = 0;
};

}  // namespace fieldscan
