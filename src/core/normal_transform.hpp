#pragma once
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

/// Box–Muller in IEEE basic operations, square root and fused multiply-add alone, in double and in single precision:
/// the same bits on every machine, and for one number as for many. The file that includes this is compiled without
/// contraction of a·b + c.
namespace fieldscan::normal_transform {

/// How a precision keeps its bits, and the coefficients that it needs.
template <class T>
struct Terms;

template <>
struct Terms<double> {
  using Bits = std::uint64_t;
  using Integer = std::int64_t;
  static constexpr int mantissa = 52, bias = 1023;
  static constexpr double root_two = 1.4142135623730951, log_two = 0.6931471805599453;
  /// (ln m − 2s)/s in powers of s², s = (m − 1)/(m + 1): Taylor's 2/(2k + 1).
  static constexpr std::array<double, 11> log = {2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9,  2.0 / 11, 2.0 / 13,
                                                 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21, 2.0 / 23};
  /// Taylor's (−1)^k (π/2)^(2k+1)/(2k+1)! and (−1)^k (π/2)^(2k)/(2k)!.
  static constexpr std::array<double, 9> sine = {
      1.5707963267948966,    -0.6459640975062463,    0.07969262624616705,
      -0.004681754135318688, 0.00016044118478735983, -3.598843235212085e-06,
      5.692172921967927e-08, -6.688035109811468e-10, 6.0669357311061955e-12,
  };
  static constexpr std::array<double, 10> cosine = {
      1.0,
      -1.2337005501361697,
      0.25366950790104803,
      -0.02086348076335296,
      0.0009192602748394266,
      -2.5202042373060607e-05,
      4.710874778818172e-07,
      -6.386603083791852e-09,
      6.565963114979473e-11,
      -5.294400200734623e-13,
  };
};

/// The same series, as far as single precision sees them: cut off below 3·10⁻⁸.
template <>
struct Terms<float> {
  using Bits = std::uint32_t;
  using Integer = std::int32_t;
  static constexpr int mantissa = 23, bias = 127;
  static constexpr float root_two = 1.41421356f, log_two = 0.693147181f;
  static constexpr std::array<float, 4> log = {2.0f / 3, 2.0f / 5, 2.0f / 7, 2.0f / 9};
  static constexpr std::array<float, 5> sine = {1.57079633f, -0.645964098f, 0.0796926262f, -0.00468175414f,
                                                0.000160441185f};
  static constexpr std::array<float, 5> cosine = {1.0f, -1.23370055f, 0.253669508f, -0.0208634808f, 0.000919260275f};
};

/// Σ_k terms[k] tᵏ by Horner's scheme.
template <std::size_t first = 0, class T, std::size_t n>
[[gnu::always_inline]] inline T horner(const std::array<T, n>& terms, T t) {
  if constexpr (first + 1 == n)
    return terms[first];
  else
    return std::fma(horner<first + 1>(terms, t), t, terms[first]);
}

/// ln u for u in (0, 1]: u = 2^e m with m in [√½, √2), ln m = 2 artanh(s) with s = (m − 1)/(m + 1).
template <class T>
[[gnu::always_inline]] inline T log_unit(T u) {
  using C = Terms<T>;
  using Bits = typename C::Bits;
  using Integer = typename C::Integer;
  constexpr Bits fraction = (Bits{1} << C::mantissa) - 1, one = Bits{C::bias} << C::mantissa;
  const Bits bits = std::bit_cast<Bits>(u);
  const Integer exponent = static_cast<Integer>(bits >> C::mantissa) - C::bias;
  T m = std::bit_cast<T>((bits & fraction) | one);
  const bool upper = m > C::root_two;
  m = upper ? T(0.5) * m : m;
  const T e = static_cast<T>(upper ? exponent + 1 : exponent);
  const T f = m - T(1);
  const T s = f / (T(2) + f);
  const T z = s * s;
  return std::fma(e, C::log_two, std::fma(s * z, horner(C::log, z), T(2) * s));
}

template <class T>
struct SineCosine {
  T sine, cosine;
};
/// sin 2πv and cos 2πv for v in [0, 1): the nearest quarter turn, then the series in the rest r of |r| ≤ ½ quarter
/// turns.
template <class T>
[[gnu::always_inline]] inline SineCosine<T> sine_cosine_of_turn(T v) {
  using C = Terms<T>;
  const T quarters = T(4) * v;
  const T whole = std::nearbyint(quarters);
  const T r = quarters - whole;
  const T z = r * r;
  const auto quadrant = static_cast<typename C::Integer>(whole);
  const T s = horner(C::sine, z) * r;
  const T c = horner(C::cosine, z);
  const bool swap = (quadrant & 1) != 0;
  const T a = swap ? c : s;
  const T b = swap ? s : c;
  return {(quadrant & 2) != 0 ? -a : a, ((quadrant + 1) & 2) != 0 ? -b : b};
}

/// 53 bits in the middle of their cell: in (0, 1), never an end.
[[gnu::always_inline]] inline double open_unit(std::uint64_t bits) {
  return (static_cast<double>(static_cast<std::int64_t>(bits >> 11)) + 0.5) * 0x1p-53;
}
/// 31 bits, rounded to 24: in (0, 1], so that normals reach 6.7.
[[gnu::always_inline]] inline float open_unit(std::uint32_t bits) {
  return (static_cast<float>(static_cast<std::int32_t>(bits >> 1)) + 0.5f) * 0x1p-31f;
}
/// 53 bits, and 24: in [0, 1).
[[gnu::always_inline]] inline double unit(std::uint64_t bits) {
  return static_cast<double>(static_cast<std::int64_t>(bits >> 11)) * 0x1p-53;
}
[[gnu::always_inline]] inline float unit(std::uint32_t bits) {
  return static_cast<float>(static_cast<std::int32_t>(bits >> 8)) * 0x1p-24f;
}

template <class T>
struct Pair {
  T first, second;
};
/// Two independent standard normals of random bits: double of 2 × 64, float of 2 × 32.
template <class Bits>
[[gnu::always_inline]] inline auto normal_pair(Bits a, Bits b) {
  const auto radius = std::sqrt(-2 * log_unit(open_unit(a)));
  const auto turn = sine_cosine_of_turn(unit(b));
  return Pair<decltype(unit(b))>{radius * turn.cosine, radius * turn.sine};
}

}  // namespace fieldscan::normal_transform
