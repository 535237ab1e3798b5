#include "pair_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "vector_math.hpp"

namespace fieldscan::network {
namespace {

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

/// Whether the last two coefficients (one of each parity) are at the tolerance.
bool converged(const std::vector<double>& terms, double tolerance) {
  double largest = 0;
  for (const double term : terms) largest = std::max(largest, std::abs(term));
  return std::max(std::abs(terms.back()), std::abs(terms[terms.size() - 2])) <= tolerance * largest;
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
Interpolant interpolate(const PairTable& table, double a, std::size_t most_nodes) {
  Interpolant result;
  std::vector<double> value, derivative;
  for (std::size_t m = 16; m + 1 <= most_nodes && !result.good; m *= 2) {
    std::vector<double> finer_value(m + 1), finer_derivative(m + 1);
    for (std::size_t j = 0; j <= m; ++j) {
      const bool known = !value.empty() && j % 2 == 0;
      const double x = std::cos(vector_math::pi * static_cast<double>(j) / static_cast<double>(m));
      const GaussianAverage at = known ? GaussianAverage{value[j / 2], derivative[j / 2]} : table.at(x * a);
      finer_value[j] = at.value;
      finer_derivative[j] = at.derivative;
    }
    value = std::move(finer_value);
    derivative = std::move(finer_derivative);
    result = {cosine_terms(value), cosine_terms(derivative)};
    result.good = converged(result.value, table.tolerance) && converged(result.derivative, table.tolerance);
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

bool fill_from_table(const PairTable& table, std::span<const double> a, std::span<const double> b,
                     std::span<const double> c, std::span<double> out, std::span<double> derivative) {
  if (a.size() <= 32 || !(a[0] <= largest_interpolated) || !all_one(a, b)) return false;
  const Interpolant at = interpolate(table, a[0], std::min<std::size_t>(a.size(), 2049));
  if (!at.good) return false;
  std::vector<double> correlation(a.size());
  for (std::size_t k = 0; k < a.size(); ++k) correlation[k] = correlation_of(a[k], b[k], c[k]);
  cosine_sums(at.value, correlation, out);
  cosine_sums(at.derivative, correlation, derivative);
  return true;
}

}  // namespace fieldscan::network
