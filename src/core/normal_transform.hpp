#pragma once
#include <bit>
#include <cmath>
#include <cstdint>

/// Box–Muller in IEEE basic operations, square root and fused multiply-add alone: the same bits on every machine, and for one number
/// as for many. The file that includes this is compiled without contraction of a·b + c.
namespace fieldscan::normal_transform {

/// ln u for u in (0, 1]: u = 2^e m with m in [√½, √2), ln m = 2 artanh(s) with s = (m − 1)/(m + 1), by its Taylor series.
[[gnu::always_inline]] inline double log_unit(double u) {
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(u);
  const std::int64_t exponent = static_cast<std::int64_t>(bits >> 52) - 1023;
  double m = std::bit_cast<double>((bits & 0xFFFFFFFFFFFFFull) | 0x3FF0000000000000ull);
  const bool upper = m > 1.4142135623730951;
  m = upper ? 0.5 * m : m;
  const double e = static_cast<double>(upper ? exponent + 1 : exponent);
  const double f = m - 1.0;
  const double s = f / (2.0 + f);
  const double z = s * s;
  double p = 2.0 / 23;
  p = std::fma(p, z, 2.0 / 21);
  p = std::fma(p, z, 2.0 / 19);
  p = std::fma(p, z, 2.0 / 17);
  p = std::fma(p, z, 2.0 / 15);
  p = std::fma(p, z, 2.0 / 13);
  p = std::fma(p, z, 2.0 / 11);
  p = std::fma(p, z, 2.0 / 9);
  p = std::fma(p, z, 2.0 / 7);
  p = std::fma(p, z, 2.0 / 5);
  p = std::fma(p, z, 2.0 / 3);
  return std::fma(e, 0.6931471805599453, std::fma(s * z, p, 2.0 * s));
}

struct SineCosine {
  double sine, cosine;
};
/// sin 2πv and cos 2πv for v in [0, 1): the nearest quarter turn, then Taylor series in the rest r of |r| ≤ ½ quarter turns.
[[gnu::always_inline]] inline SineCosine sine_cosine_of_turn(double v) {
  const double quarters = 4.0 * v;
  const double whole = std::nearbyint(quarters);
  const double r = quarters - whole;
  const double z = r * r;
  const std::int64_t quadrant = static_cast<std::int64_t>(whole);
  double s = 6.0669357311061955e-12;  // (−1)^k (π/2)^(2k+1)/(2k+1)!
  s = std::fma(s, z, -6.688035109811468e-10);
  s = std::fma(s, z, 5.692172921967927e-08);
  s = std::fma(s, z, -3.598843235212085e-06);
  s = std::fma(s, z, 0.00016044118478735983);
  s = std::fma(s, z, -0.004681754135318688);
  s = std::fma(s, z, 0.07969262624616705);
  s = std::fma(s, z, -0.6459640975062463);
  s = std::fma(s, z, 1.5707963267948966);
  s *= r;
  double c = -5.294400200734623e-13;  // (−1)^k (π/2)^(2k)/(2k)!
  c = std::fma(c, z, 6.565963114979473e-11);
  c = std::fma(c, z, -6.386603083791852e-09);
  c = std::fma(c, z, 4.710874778818172e-07);
  c = std::fma(c, z, -2.5202042373060607e-05);
  c = std::fma(c, z, 0.0009192602748394266);
  c = std::fma(c, z, -0.02086348076335296);
  c = std::fma(c, z, 0.25366950790104803);
  c = std::fma(c, z, -1.2337005501361697);
  c = std::fma(c, z, 1.0);
  const bool swap = (quadrant & 1) != 0;
  const double a = swap ? c : s;
  const double b = swap ? s : c;
  return {(quadrant & 2) != 0 ? -a : a, ((quadrant + 1) & 2) != 0 ? -b : b};
}

/// 53 bits in the middle of their cell: in (0, 1), never an end.
[[gnu::always_inline]] inline double open_unit(std::uint64_t bits) {
  return (static_cast<double>(static_cast<std::int64_t>(bits >> 11)) + 0.5) * 0x1p-53;
}

struct Pair {
  double first, second;
};
/// Two independent standard normals of 128 random bits.
[[gnu::always_inline]] inline Pair normal_pair(std::uint64_t a, std::uint64_t b) {
  const double radius = std::sqrt(-2.0 * log_unit(open_unit(a)));
  const SineCosine turn = sine_cosine_of_turn(static_cast<double>(static_cast<std::int64_t>(b >> 11)) * 0x1p-53);
  return {radius * turn.cosine, radius * turn.sine};
}

}  // namespace fieldscan::normal_transform
