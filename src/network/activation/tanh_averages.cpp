#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "fieldscan/network/activation/tanh.hpp"
#include "pair_table.hpp"
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

}  // namespace

/// A double sum; a table of it, of the more terms the steeper the function, where that is cheaper.
double Tanh::seconds_per_average(double variance, Norms norms) {
  const double sum = 2.5e-6;
  return norms == Norms::equal && variance <= 200 ? std::min(4e-8 * std::pow(variance, 0.75), sum) : sum;
}

GaussianAverage Tanh::average(double a, double b, double c) const { return mean_over_mixture(a, b, c); }

GaussianAverage Tanh::average_equal(double a) const { return mean_over_mixture(a, a, a); }

void Tanh::averages(std::span<const double> a, std::span<const double> b, std::span<const double> c,
                    std::span<double> out, std::span<double> derivative) const {
  assert(b.size() == a.size() && c.size() == a.size() && out.size() == a.size() && derivative.size() == a.size() &&
         "one length");
  const PairTable table{.at = [variance = a.empty() ? 0 : a[0]](double product) {
    return mean_over_mixture(variance, variance, product);
  }};
  if (fill_from_table(table, a, b, c, out, derivative)) return;
  for (std::size_t k = 0; k < a.size(); ++k) {
    const GaussianAverage at = average(a[k], b[k], c[k]);
    out[k] = at.value;
    derivative[k] = at.derivative;
  }
}

}  // namespace fieldscan::network
