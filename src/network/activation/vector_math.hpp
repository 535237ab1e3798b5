#pragma once
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

/// Elementary functions without branches and calls, so that loops over them vectorise (`#pragma omp simd`), in double
/// and in single precision (float), good to 5 units in the last place of each; Eigen 3.4 and the standard library
/// compute them one number at a time. A NaN stays a NaN.
///
/// The polynomials are Chebyshev interpolants computed with 60 digits (that of erfc: Remez, weighted); the stated
/// errors are absolute, of the interpolated function unless it says otherwise.
namespace fieldscan::network::vector_math {

/// Coefficients and constants of a precision.
template <class T>
struct Terms;

template <>
struct Terms<double> {
  /// (a + 3) exp(a²) erfc(a) in powers of t = (a − 3)/(a + 3), a ≥ 0.7; error of erfc 3.7e-17.
  static constexpr std::array<double, 12> erfc = {
      1.0740069070893827,     -0.8833944531817811,     0.5902283554419031,     -0.31046729787508875,
      0.11952737614036218,    -0.026829712891957923,   -0.0012227444186543677, 0.0030054473653251105,
      -0.0006004611360262651, -0.00033526110971871957, 7.644545141852545e-05,  3.7189169344301087e-05,
  };
  /// erf(a)/a in powers of a², a ≤ 0.7; error 1.8e-17.
  static constexpr std::array<double, 10> erf = {
      1.1283791670955126,    -0.37612638903183,       0.1128379167090445,    -0.026866170631867414,
      0.0052239774489421026, -0.0008548313512283057,  0.0001205470182217529, -1.4907327674129658e-05,
      1.613807835065832e-06, -1.3129738669415532e-07,
  };
  /// (exp(r) − 1 − r)/r² in powers of r, |r| ≤ ½ log 2; error 1.1e-16.
  static constexpr std::array<double, 10> exp = {
      0.5000000000000001,     0.16666666666666669,    0.041666666666623824,   0.008333333333330039,
      0.0013888888917367081,  0.00019841269863171557, 2.4801521057868204e-05, 2.7557268276905696e-06,
      2.7620201591031547e-07, 2.5100472505694996e-08,
  };
  /// (sin(r)/r − 1)/r² in powers of r², |r| ≤ π/4; error 1.2e-20.
  static constexpr std::array<double, 7> sin = {
      -0.16666666666666666,    0.008333333333333331,   -0.00019841269841265017, 2.755731921930192e-06,
      -2.5052106219521895e-08, 1.6058529572267877e-10, -7.586576588171073e-13,
  };
  /// (cos(r) − 1 + r²/2)/r⁴ in powers of r², |r| ≤ π/4; error 6.5e-22.
  static constexpr std::array<double, 7> cos = {
      0.041666666666666664,  -0.0013888888888888887,  2.4801587301584618e-05, -2.7557319221382114e-07,
      2.087675578389404e-09, -1.1470459749675607e-11, 4.745804889760674e-14,
  };
  static constexpr double log2_high = 0.6931471805599453, log2_low = 2.3190468138462996e-17;
  static constexpr double half_pi_high = 1.5707963267948966, half_pi_low = 6.123233995736766e-17;
  static constexpr double sine_limit = 1e5;    ///< largest argument of sine_cosine
  static constexpr double largest_erf = 26.6;  ///< beyond, exp(−x²) would leave the normal numbers
  static constexpr double largest_tanh = 350;  ///< beyond, exp(2x) would overflow
  static constexpr double round_to_integer =
      0x1.8p52;  ///< x + this − this is x rounded; the low bits of the sum are the integer
  using Bits = std::uint64_t;
  static constexpr int mantissa_bits = 52, bias = 1023;
};

template <>
struct Terms<float> {
  static constexpr std::array<float, 8> erfc = {
      1.07400692f,  -0.883394718f,  0.590225875f,    -0.310459495f,
      0.119572707f, -0.0268726014f, -0.00148476264f, 0.00304095913f,
  };  ///< up to a = 9.3; error of erfc 7e-9
  static constexpr std::array<float, 6> erf = {
      1.12837923f, -0.376126289f, 0.112835526f, -0.0268451404f, 0.00513974065f, -0.000696232601f,
  };  ///< error 7e-10
  static constexpr std::array<float, 5> exp = {0.5f, 0.166665763f, 0.0416665561f, 0.008363178f,
                                               0.00139261817f};                                   ///< error 6e-8
  static constexpr std::array<float, 3> sin = {-0.166666642f, 0.00833274797f, -0.000195878703f};  ///< error 2e-8
  static constexpr std::array<float, 3> cos = {0.0416666642f, -0.00138883025f, 2.45479223e-05f};  ///< error 2e-9
  static constexpr float log2_high = 0.693147182f, log2_low = -1.90465421e-09f;
  static constexpr float half_pi_high = 1.57079637f, half_pi_low = -4.37113883e-08f;
  static constexpr float sine_limit = 1e3f, largest_erf = 9.3f, largest_tanh = 43;
  static constexpr float round_to_integer = 0x1.8p23f;
  using Bits = std::uint32_t;
  static constexpr int mantissa_bits = 23, bias = 127;
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

/// Σ_k terms[first + k·stride] tᵏ by Horner's scheme.
template <std::size_t stride, std::size_t first, class T, std::size_t n>
[[gnu::always_inline]] inline T horner(const std::array<T, n>& terms, T t) {
  if constexpr (first + stride >= n)
    return terms[first];
  else
    return std::fma(horner<stride, first + stride>(terms, t), t, terms[first]);
}

/// Σ_k terms[k] tᵏ: even and odd powers apart, so that two chains of dependent operations run side by side.
template <class T, std::size_t n>
[[gnu::always_inline]] inline T polynomial(const std::array<T, n>& terms, T t) {
  const T square = t * t;
  return std::fma(horner<2, 1>(terms, square), t, horner<2, 0>(terms, square));
}

/// x = k log 2 + r with integer k and |r| ≤ ½ log 2; |x| ≤ 708 (float: 87).
template <class T>
struct Reduced {
  T r;
  T power;  ///< 2ᵏ
};
template <class T>
[[gnu::always_inline]] inline Reduced<T> reduce_exponent(T x) {
  using C = Terms<T>;
  const T shifted = std::fma(x, T(1.4426950408889634), C::round_to_integer);
  const T k = shifted - C::round_to_integer;
  const T r = std::fma(-k, C::log2_low, std::fma(-k, C::log2_high, x));
  const auto exponent = (std::bit_cast<typename C::Bits>(shifted) + C::bias) << C::mantissa_bits;
  return {r, std::bit_cast<T>(exponent)};
}

/// exp(x) for |x| ≤ 708 (float: 87).
template <class T>
[[gnu::always_inline]] inline T exp(T x) {
  const auto [r, power] = reduce_exponent(x);
  return std::fma(power, std::fma(r * r, polynomial(Terms<T>::exp, r), r), power);
}

/// erf(x), and exp(−x²) beside it; where that is below 1e-307 (float: 1e-37) it stays there.
template <class T>
struct ErrorFunction {
  T value;
  T gauss;
};
template <class T>
[[gnu::always_inline]] inline ErrorFunction<T> error_function(T x) {
  using C = Terms<T>;
  const T a = std::fabs(x) > C::largest_erf ? C::largest_erf : std::fabs(x);
  const T square = a * a;
  const T lost = std::fma(a, a, -square);  // a² = square + lost
  const T exponential = exp(-square);
  const T gauss = std::fma(-lost, exponential, exponential);
  const T inverse = 1 / (a + 3);
  const T tail = 1 - gauss * inverse * polynomial(C::erfc, (a - 3) * inverse);
  const T value = a < T(0.7) ? a * polynomial(C::erf, square) : tail;
  return {std::copysign(value, x), gauss};
}

/// tanh(x) and its derivative 1 − tanh², from z = exp(2|x|) − 1: z/(z + 2) and 4(z + 1)/(z + 2)².
template <class T>
struct HyperbolicTangent {
  T value;
  T derivative;
};
template <class T>
[[gnu::always_inline]] inline HyperbolicTangent<T> tanh(T x) {
  using C = Terms<T>;
  const T a = std::fabs(x) > C::largest_tanh ? C::largest_tanh : std::fabs(x);
  const auto [r, power] = reduce_exponent(2 * a);
  const T z = std::fma(power, std::fma(r * r, polynomial(C::exp, r), r), power - 1);
  const T inverse = 1 / (z + 2);
  return {std::copysign(z > T(1e17) ? 1 : z * inverse, x), 4 * (z + 1) * inverse * inverse};
}

/// sin(x) and cos(x) for |x| ≤ sine_limit.
template <class T>
struct SineCosine {
  T sin;
  T cos;
};
template <class T>
[[gnu::always_inline]] inline SineCosine<T> sine_cosine(T x) {
  using C = Terms<T>;
  const T shifted = std::fma(x, T(0.6366197723675814), C::round_to_integer);
  const T k = shifted - C::round_to_integer;
  const T r = std::fma(-k, C::half_pi_low, std::fma(-k, C::half_pi_high, x));
  const T square = r * r;
  const T s = std::fma(r * square, polynomial(C::sin, square), r);
  const T c = std::fma(square * square, polynomial(C::cos, square), std::fma(T(-0.5), square, T(1)));
  const auto quadrant = std::bit_cast<typename C::Bits>(shifted) & 3;
  const bool odd = quadrant & 1;
  const T sine = odd ? c : s;
  const T cosine = odd ? s : c;
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
