#pragma once
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

/// Elementary functions without branches and calls, so that loops over them vectorise (`#pragma omp simd`), good to 5 units in the
/// last place; Eigen 3.4 and the standard library compute them one number at a time. A NaN stays a NaN.
///
/// The polynomials are Chebyshev interpolants computed with 60 digits (that of erfc: Remez, weighted); the stated errors are absolute,
/// of the interpolated function unless it says otherwise.
namespace fieldscan::network::vector_math {

/// (a + 3) exp(a²) erfc(a) in powers of t = (a − 3)/(a + 3), a ≥ 0.7; error of erfc 3.7e-17.
inline constexpr std::array<double, 12> erfc_terms = {
    1.0740069070893827,     -0.8833944531817811,     0.5902283554419031,     -0.31046729787508875,
    0.11952737614036218,    -0.026829712891957923,   -0.0012227444186543677, 0.0030054473653251105,
    -0.0006004611360262651, -0.00033526110971871957, 7.644545141852545e-05,  3.7189169344301087e-05,
};
/// erf(a)/a in powers of a², a ≤ 0.7; error 1.8e-17.
inline constexpr std::array<double, 10> erf_terms = {
    1.1283791670955126,    -0.37612638903183,       0.1128379167090445,    -0.026866170631867414,
    0.0052239774489421026, -0.0008548313512283057,  0.0001205470182217529, -1.4907327674129658e-05,
    1.613807835065832e-06, -1.3129738669415532e-07,
};
/// (exp(r) − 1 − r)/r² in powers of r, |r| ≤ ½ log 2; error 1.1e-16.
inline constexpr std::array<double, 10> exp_terms = {
    0.5000000000000001,     0.16666666666666669,    0.041666666666623824,   0.008333333333330039,
    0.0013888888917367081,  0.00019841269863171557, 2.4801521057868204e-05, 2.7557268276905696e-06,
    2.7620201591031547e-07, 2.5100472505694996e-08,
};
/// (sin(r)/r − 1)/r² in powers of r², |r| ≤ π/4; error 1.2e-20.
inline constexpr std::array<double, 7> sin_terms = {
    -0.16666666666666666,    0.008333333333333331,   -0.00019841269841265017, 2.755731921930192e-06,
    -2.5052106219521895e-08, 1.6058529572267877e-10, -7.586576588171073e-13,
};
/// (cos(r) − 1 + r²/2)/r⁴ in powers of r², |r| ≤ π/4; error 6.5e-22.
inline constexpr std::array<double, 7> cos_terms = {
    0.041666666666666664,  -0.0013888888888888887,  2.4801587301584618e-05, -2.7557319221382114e-07,
    2.087675578389404e-09, -1.1470459749675607e-11, 4.745804889760674e-14,
};
/// (atan(t)/t − 1)/t² in powers of t², |t| ≤ tan(π/8); error 3.2e-17.
inline constexpr std::array<double, 11> atan_terms = {
    -0.3333333333333333,  0.19999999999995513, -0.1428571428466482,  0.11111111015117626,
    -0.09090904572487347, 0.07692183059894114, -0.06664509603255386, 0.05858132894427922,
    -0.05085365922344248, 0.03922923713835943, -0.01917392228554793,
};

/// (asin(s)/s − 1)/s² in powers of s², |s| ≤ ½; error of asin(s)/s 5.8e-17.
inline constexpr std::array<double, 12> asin_terms = {
    0.1666666666666665,    0.07500000000020764,  0.044642857103423646,  0.03038194736709848,
    0.02237204763174451,   0.017355259955786323, 0.013929652902326633,  0.011875494382636922,
    0.0078029494773533175, 0.01603551434914882,  -0.010749050339697808, 0.028169218060881414,
};

inline constexpr double pi = 3.14159265358979323846;
inline constexpr double round_to_integer =
    0x1.8p52;  // x + this − this is x rounded; the low bits of the sum are the integer

/// Σ_k terms[first + k·stride] tᵏ by Horner's scheme.
template <std::size_t stride, std::size_t first, std::size_t n>
[[gnu::always_inline]] inline double horner(const std::array<double, n>& terms, double t) {
  if constexpr (first + stride >= n)
    return terms[first];
  else
    return std::fma(horner<stride, first + stride>(terms, t), t, terms[first]);
}

/// Σ_k terms[k] tᵏ: even and odd powers apart, so that two chains of dependent operations run side by side.
template <std::size_t n>
[[gnu::always_inline]] inline double polynomial(const std::array<double, n>& terms, double t) {
  const double square = t * t;
  return std::fma(horner<2, 1>(terms, square), t, horner<2, 0>(terms, square));
}

/// x = k log 2 + r with integer k and |r| ≤ ½ log 2; |x| ≤ 708.
struct Reduced {
  double r;
  double power;  ///< 2ᵏ
};
[[gnu::always_inline]] inline Reduced reduce_exponent(double x) {
  const double shifted = std::fma(x, 1.4426950408889634, round_to_integer);
  const double k = shifted - round_to_integer;
  const double r = std::fma(-k, 2.3190468138462996e-17, std::fma(-k, 0.6931471805599453, x));
  const auto exponent = (std::bit_cast<std::uint64_t>(shifted) + 1023) << 52;
  return {r, std::bit_cast<double>(exponent)};
}

/// exp(x) for |x| ≤ 708.
[[gnu::always_inline]] inline double exp(double x) {
  const auto [r, power] = reduce_exponent(x);
  return std::fma(power, std::fma(r * r, polynomial(exp_terms, r), r), power);
}

/// erf(x), and exp(−x²) beside it; where that is below 1e-307 it stays there.
struct ErrorFunction {
  double value;
  double gauss;
};
[[gnu::always_inline]] inline ErrorFunction error_function(double x) {
  const double a = std::fabs(x) > 26.6 ? 26.6 : std::fabs(x);
  const double square = a * a;
  const double lost = std::fma(a, a, -square);  // a² = square + lost
  const double exponential = exp(-square);
  const double gauss = std::fma(-lost, exponential, exponential);
  const double inverse = 1 / (a + 3);
  const double tail = 1 - gauss * inverse * polynomial(erfc_terms, (a - 3) * inverse);
  const double value = a < 0.7 ? a * polynomial(erf_terms, square) : tail;
  return {std::copysign(value, x), gauss};
}

/// tanh(x) and its derivative 1 − tanh², from z = exp(2|x|) − 1: z/(z + 2) and 4(z + 1)/(z + 2)².
struct HyperbolicTangent {
  double value;
  double derivative;
};
[[gnu::always_inline]] inline HyperbolicTangent tanh(double x) {
  const double a = std::fabs(x) > 350 ? 350 : std::fabs(x);
  const auto [r, power] = reduce_exponent(2 * a);
  const double z = std::fma(power, std::fma(r * r, polynomial(exp_terms, r), r), power - 1);
  const double inverse = 1 / (z + 2);
  return {std::copysign(z > 1e17 ? 1 : z * inverse, x), 4 * (z + 1) * inverse * inverse};
}

/// sin(x) and cos(x) for |x| ≤ 1e5.
struct SineCosine {
  double sin;
  double cos;
};
inline constexpr double sine_limit = 1e5;
[[gnu::always_inline]] inline SineCosine sine_cosine(double x) {
  const double shifted = std::fma(x, 0.6366197723675814, round_to_integer);
  const double k = shifted - round_to_integer;
  const double r = std::fma(-k, 6.123233995736766e-17, std::fma(-k, 1.5707963267948966, x));
  const double square = r * r;
  const double s = std::fma(r * square, polynomial(sin_terms, square), r);
  const double c = std::fma(square * square, polynomial(cos_terms, square), std::fma(-0.5, square, 1));
  const auto quadrant = std::bit_cast<std::uint64_t>(shifted) & 3;
  const bool odd = quadrant & 1;
  const double sine = odd ? c : s;
  const double cosine = odd ? s : c;
  return {(quadrant & 2) != 0 ? -sine : sine, ((quadrant + 1) & 2) != 0 ? -cosine : cosine};
}

/// The angle of the point (x, y) with y ≥ 0, in [0, π]: atan2(y, x). At the origin 0.
[[gnu::always_inline]] inline double angle(double y, double x) {
  const double a = std::fabs(x);
  const double low = y < a ? y : a;
  const double high = y < a ? a : y;
  const bool far =
      low > 0.41421356237309503 * high;  // beyond π/8: atan(low/high) = π/4 + atan((low − high)/(low + high))
  const double top = far ? low - high : low;
  const double bottom = far ? low + high : high;
  const double t = top / (bottom > 1e-300 ? bottom : 1e-300);
  const double near = (far ? pi / 4 : 0) + std::fma(t * t * t, polynomial(atan_terms, t * t), t);
  const double quarter = y > a ? pi / 2 - near : near;
  return x < 0 ? pi - quarter : quarter;
}

/// asin(s) for |s| ≤ ½.
[[gnu::always_inline]] inline double small_arcsine(double s) {
  const double square = s * s;
  return std::fma(s * square, polynomial(asin_terms, square), s);
}

/// max(ab − c², 0), without cancellation.
[[gnu::always_inline]] inline double determinant(double a, double b, double c) {
  const double product = a * b;
  const double value = std::fma(-c, c, product) + std::fma(a, b, -product);
  return value < 0 ? 0 : value;
}

}  // namespace fieldscan::network::vector_math
