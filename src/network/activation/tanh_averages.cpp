#include <algorithm>
#include <array>
#include <vector>

#include "fieldscan/network/activation/tanh.hpp"
#include "pairs.hpp"
#include "vector_math.hpp"

namespace fieldscan::network {
namespace {

// In one dimension the poles are of twice the order, and nodes cost little.
constexpr double digits_two = 44, digits_one = 70;

/// Nodes z and weights of the trapezoid rule for a standard normal, for arguments of size up to √variance · z, with an error of
/// the order exp(−digits).
struct Rule {
  std::vector<double> nodes;
  std::vector<double> weights;  ///< of sum 1
};

Rule trapezoid(double variance, double digits) {
  constexpr double pole = vector_math::pi / 2, reach = 8.6;
  const double step = std::min(0.5, 2 * vector_math::pi * pole / (digits * std::sqrt(variance)));
  const int n = static_cast<int>(std::ceil(reach / step));
  Rule rule;
  double sum = 0;
  for (int k = -n; k <= n; ++k) {
    rule.nodes.push_back(step * k);
    rule.weights.push_back(std::exp(-0.5 * step * k * step * k));
    sum += rule.weights.back();
  }
  for (double& weight : rule.weights) weight /= sum;
  return rule;
}

/// The double sum; nodes come in pairs ±z, whose terms are equal, so that half of the outer sum is enough.
GaussianAverage double_sum(const Rule& rule, double a, double b, double correlation) {
  const double even = std::sqrt((1 + correlation) / 2), odd = std::sqrt((1 - correlation) / 2);
  const double root_a = std::sqrt(a), root_b = std::sqrt(b);
  const std::size_t n = rule.nodes.size();
  GaussianAverage total;
  for (std::size_t i = n / 2; i < n; ++i) {
    const double common = even * rule.nodes[i];
    double value = 0, derivative = 0;
#pragma omp simd reduction(+ : value, derivative)
    for (std::size_t j = 0; j < n; ++j) {
      const double difference = odd * rule.nodes[j];
      const auto u = vector_math::tanh(root_a * (common + difference));
      const auto v = vector_math::tanh(root_b * (common - difference));
      value += rule.weights[j] * u.value * v.value;
      derivative += rule.weights[j] * u.derivative * v.derivative;
    }
    const double weight = rule.weights[i] * (i == n / 2 ? 1 : 2);
    total.value += weight * value;
    total.derivative += weight * derivative;
  }
  return total;
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

/// Doubles the nodes, keeping what is known at the old ones, until the coefficients have converged.
Interpolant interpolate(double a, std::size_t most_nodes) {
  const Rule rule = trapezoid(a, digits_two);
  Interpolant result;
  std::vector<double> value, derivative;
  for (std::size_t m = 16; m + 1 <= most_nodes && !result.good; m *= 2) {
    std::vector<double> finer_value(m + 1), finer_derivative(m + 1);
    for (std::size_t j = 0; j <= m; ++j) {
      const bool known = !value.empty() && j % 2 == 0;
      const double x = std::cos(vector_math::pi * static_cast<double>(j) / static_cast<double>(m));
      const GaussianAverage at = known ? GaussianAverage{value[j / 2], derivative[j / 2]} : double_sum(rule, a, a, x);
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

GaussianAverage Tanh::average(double a, double b, double c) const {
  return double_sum(trapezoid(std::max(a, b), digits_two), a, b, correlation_of(a, b, c));
}

GaussianAverage Tanh::average_equal(double a) const {
  const Rule rule = trapezoid(a, digits_one);
  const double root = std::sqrt(a);
  GaussianAverage total;
  for (std::size_t j = 0; j < rule.nodes.size(); ++j) {
    const auto at = vector_math::tanh(root * rule.nodes[j]);
    total.value += rule.weights[j] * at.value * at.value;
    total.derivative += rule.weights[j] * at.derivative * at.derivative;
  }
  return total;
}

void Tanh::averages(std::span<const double> a, std::span<const double> b, std::span<const double> c,
                    std::span<double> out, std::span<double> derivative) const {
  assert(b.size() == a.size() && c.size() == a.size() && out.size() == a.size() && derivative.size() == a.size() &&
         "one length");
  if (a.size() > 32 && all_one(a, b)) {
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
