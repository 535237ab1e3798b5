#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "fieldscan/network/activation/tanh.hpp"
#include "pairs.hpp"
#include "vector_math.hpp"

namespace fieldscan::network {
namespace {

/// tanh(z) is the mean of erf(z/(√2 κ)) over the distribution of Kolmogorov, whose density is
///
///     8 κ Σ_n (−1)^{n+1} n² exp(−2n²κ²) = (√(2π)/κ) Σ_n (2q_n/κ³ − 1/κ) exp(−q_n/κ²),   q_n = (2n − 1)² π²/8
///
double kolmogorov_density(double kappa) {
  double sum = 0;
  for (int n = 1; n <= 12; ++n) {
    if (kappa > 1) {
      sum += (n % 2 == 1 ? 8 : -8) * kappa * n * n * std::exp(-2 * n * n * kappa * kappa);
    } else {
      const double q = (2 * n - 1) * (2 * n - 1) * vector_math::pi * vector_math::pi / 8;
      sum += std::sqrt(2 * vector_math::pi) / kappa * (2 * q / (kappa * kappa * kappa) - 1 / kappa) *
             std::exp(-q / (kappa * kappa));
    }
  }
  return sum;
}

/// Nodes κ² and weights of sum 1 for means over that distribution: the trapezoid rule in log κ.
struct Mixture {
  static constexpr int count = 32, first = -17;
  static constexpr double step = 0.11;
  std::array<double, count> square, weight;
};

Mixture kolmogorov_mixture() {
  Mixture out{};
  double sum = 0;
  for (int k = 0; k < Mixture::count; ++k) {
    const double kappa = std::exp(Mixture::step * (Mixture::first + k));
    out.square[static_cast<std::size_t>(k)] = kappa * kappa;
    sum += out.weight[static_cast<std::size_t>(k)] = kappa * kolmogorov_density(kappa);
  }
  for (double& weight : out.weight) weight /= sum;
  return out;
}

const Mixture mixture = kolmogorov_mixture();

/// The mean over κ₁, κ₂ of the averages of erf: with a + κ₁² and b + κ₂² in the place of a and b.
GaussianAverage mean_over_mixture(double a, double b, double c) {
  // Beyond 1e150 products of variances overflow: there all are measured in units of the larger.
  const double largest = std::max(a, b), unit = largest > 1e150 ? 1 / largest : 1;
  const double u = unit * a, v = unit * b, size = std::fabs(unit * c);
  const double determinant = vector_math::determinant(u, v, size);
  GaussianAverage total;
  for (std::size_t i = 0; i < Mixture::count; ++i) {
    const double own = unit * mixture.square[i], common = determinant + v * own, factor = u + own;
    double angle = 0, inverse = 0;
#pragma omp simd reduction(+ : angle, inverse)
    for (std::size_t j = 0; j < Mixture::count; ++j) {
      const double r = std::sqrt(common + factor * (unit * mixture.square[j]));
      angle += mixture.weight[j] * vector_math::angle(size, r);
      inverse += mixture.weight[j] / r;
    }
    total.value += mixture.weight[i] * angle;
    total.derivative += mixture.weight[i] * inverse;
  }
  const double norm = 2 / vector_math::pi;
  return {std::copysign(norm * total.value, c), norm * unit * total.derivative};
}

double correlation_of(double a, double b, double c) {
  const double norm = std::sqrt(a) * std::sqrt(b);
  return norm > 0 ? std::clamp(c / norm, -1.0, 1.0) : 0;
}

/// out[k] = Σ_n terms[n] cos(nθ) with cos θ = x[k], by Clenshaw's recursion, a block of numbers at a time.
void cosine_sums(const std::vector<double>& terms, std::span<const double> x, std::span<double> out) {
  constexpr std::size_t block = 64;
  for (std::size_t first = 0; first < x.size(); first += block) {
    const std::size_t count = std::min(block, x.size() - first);
    std::array<double, block> upper{}, lower{};
    const double* const at = x.data() + first;
    for (std::size_t n = terms.size() - 1; n > 0; --n) {
#pragma omp simd
      for (std::size_t k = 0; k < count; ++k) {
        const double next = std::fma(2 * at[k], lower[k], terms[n] - upper[k]);
        upper[k] = lower[k];
        lower[k] = next;
      }
    }
    for (std::size_t k = 0; k < count; ++k) out[first + k] = std::fma(at[k], lower[k], terms[0] - upper[k]);
  }
}

/// Coefficients of the even function of θ that has the given values at θ_j = πj/m, j = 0 … m.
std::vector<double> cosine_terms(const std::vector<double>& values) {
  const std::size_t m = values.size() - 1;
  std::vector<double> terms(m + 1);
  for (std::size_t k = 0; k <= m; ++k) {
    double sum = (values[0] + (k % 2 == 0 ? 1 : -1) * values[m]) / 2;
    for (std::size_t j = 1; j < m; ++j)
      sum += values[j] * std::cos(vector_math::pi * static_cast<double>((k * j) % (2 * m)) / static_cast<double>(m));
    terms[k] = sum * (k == 0 || k == m ? 1 : 2) / static_cast<double>(m);
  }
  return terms;
}

/// Whether the last two coefficients (one of each parity) are at the level of rounding.
bool converged(const std::vector<double>& terms) {
  double largest = 0;
  for (const double term : terms) largest = std::max(largest, std::abs(term));
  return std::max(std::abs(terms.back()), std::abs(terms[terms.size() - 2])) <= 1e-14 * largest;
}

/// The averages at variances a = b as functions of the correlation.
struct Interpolant {
  std::vector<double> value, derivative;
  bool good = false;
};

/// The functions change over angles of 1/√a: some 70 √a coefficients reach the level of rounding, beyond this variance
/// too many.
constexpr double largest_interpolated = 200;

/// Doubles the nodes, keeping what is known at the old ones, until the coefficients have converged.
Interpolant interpolate(double a, std::size_t most_nodes) {
  Interpolant result;
  std::vector<double> value, derivative;
  for (std::size_t m = 16; m + 1 <= most_nodes && !result.good; m *= 2) {
    std::vector<double> finer_value(m + 1), finer_derivative(m + 1);
    for (std::size_t j = 0; j <= m; ++j) {
      const bool known = !value.empty() && j % 2 == 0;
      const double x = std::cos(vector_math::pi * static_cast<double>(j) / static_cast<double>(m));
      const GaussianAverage at =
          known ? GaussianAverage{value[j / 2], derivative[j / 2]} : mean_over_mixture(a, a, x * a);
      finer_value[j] = at.value;
      finer_derivative[j] = at.derivative;
    }
    value = std::move(finer_value);
    derivative = std::move(finer_derivative);
    result = {cosine_terms(value), cosine_terms(derivative)};
    result.good = converged(result.value) && converged(result.derivative);
  }
  return result;
}

/// Whether all numbers of both arrays are one number, to rounding.
bool all_one(std::span<const double> a, std::span<const double> b) {
  const auto [low_a, high_a] = std::minmax_element(a.begin(), a.end());
  const auto [low_b, high_b] = std::minmax_element(b.begin(), b.end());
  const double low = std::min(*low_a, *low_b), high = std::max(*high_a, *high_b);
  return low > 0 && high - low <= 1e-14 * high;
}

}  // namespace

GaussianAverage Tanh::average(double a, double b, double c) const { return mean_over_mixture(a, b, c); }

GaussianAverage Tanh::average_equal(double a) const { return mean_over_mixture(a, a, a); }

void Tanh::averages(std::span<const double> a, std::span<const double> b, std::span<const double> c,
                    std::span<double> out, std::span<double> derivative) const {
  assert(b.size() == a.size() && c.size() == a.size() && out.size() == a.size() && derivative.size() == a.size() &&
         "one length");
  if (a.size() > 32 && a[0] <= largest_interpolated && all_one(a, b)) {
    const std::size_t most_nodes = std::min<std::size_t>(a.size(), 2049);
    if (const Interpolant at = interpolate(a[0], most_nodes); at.good) {
      std::vector<double> correlation(a.size());
      for (std::size_t k = 0; k < a.size(); ++k) correlation[k] = correlation_of(a[k], b[k], c[k]);
      cosine_sums(at.value, correlation, out);
      cosine_sums(at.derivative, correlation, derivative);
      return;
    }
  }
  for (std::size_t k = 0; k < a.size(); ++k) {
    const GaussianAverage at = average(a[k], b[k], c[k]);
    out[k] = at.value;
    derivative[k] = at.derivative;
  }
}

}  // namespace fieldscan::network
