#include "fieldscan/network/activation/polynomial.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

namespace fieldscan::network {
namespace {

constexpr std::size_t block = 64;  ///< numbers at a time, whose sums stay in the first-level cache
using Numbers = std::array<double, block>;

/// Factors (k + 2m)!/(2ᵐ m!) c_{k+2m} of aᵐ in m_k(a).
std::vector<double> moment_terms(const std::vector<double>& coefficients, std::size_t k) {
  std::vector<double> terms;
  for (std::size_t m = 0; k + 2 * m < coefficients.size(); ++m)
    terms.push_back(coefficients[k + 2 * m] * std::exp2(-static_cast<double>(m)) *
                    std::tgamma(static_cast<double>(k + 2 * m) + 1) / std::tgamma(static_cast<double>(m) + 1));
  return terms;
}

/// out = Σ_m terms[m] xᵐ.
template <class T>
void horner(std::span<const double> terms, std::span<const T> x, T* out) {
  std::fill_n(out, x.size(), static_cast<T>(terms.back()));
  for (std::size_t m = terms.size() - 1; m > 0; --m) {
    const T term = static_cast<T>(terms[m - 1]);
#pragma omp simd
    for (std::size_t i = 0; i < x.size(); ++i) out[i] = std::fma(out[i], x[i], term);
  }
}

template <class T>
void both(const std::vector<double>& coefficients, std::span<const T> z, std::span<T> out, std::span<T> derivative) {
  std::array<double, Polynomial::most_coefficients> slopes{};
  for (std::size_t n = 1; n < coefficients.size(); ++n) slopes[n - 1] = static_cast<double>(n) * coefficients[n];
  const std::size_t terms = std::max<std::size_t>(coefficients.size(), 2) - 1;
  for (std::size_t first = 0; first < z.size(); first += block) {
    const std::size_t count = std::min(block, z.size() - first);
    std::array<T, block> copy;  // one of the outputs may be z
    std::copy_n(z.data() + first, count, copy.data());
    const std::span<const T> x(copy.data(), count);
    horner<T>(coefficients, x, out.data() + first);
    horner<T>({slopes.data(), terms}, x, derivative.data() + first);
  }
}

}  // namespace

std::optional<std::string> Polynomial::problem() const {
  if (coefficients.size() > most_coefficients) return "polynomial: at most 17 coefficients (degree 16)";
  if (std::all_of(coefficients.begin() + std::min<std::ptrdiff_t>(1, std::ssize(coefficients)), coefficients.end(),
                  [](double c) { return c == 0; }))
    return "polynomial: a constant has no derivative; give a coefficient of z or of a higher power";
  return std::nullopt;
}

void Polynomial::value(std::span<const double> z, std::span<double> out) const {
  for (std::size_t first = 0; first < z.size(); first += block) {
    const std::size_t count = std::min(block, z.size() - first);
    Numbers x;  // out may be z
    std::copy_n(z.data() + first, count, x.data());
    horner<double>(coefficients, {x.data(), count}, out.data() + first);
  }
}

void Polynomial::value_and_derivative(std::span<const double> z, std::span<double> out,
                                      std::span<double> derivative) const {
  both(coefficients, z, out, derivative);
}

void Polynomial::value_and_derivative(std::span<const float> z, std::span<float> out,
                                      std::span<float> derivative) const {
  both(coefficients, z, out, derivative);
}

GaussianAverage Polynomial::average(double a, double b, double c) const {
  GaussianAverage out;
  averages({&a, 1}, {&b, 1}, {&c, 1}, {&out.value, 1}, {&out.derivative, 1});
  return out;
}

GaussianAverage Polynomial::average_equal(double a) const { return average(a, a, a); }

void Polynomial::averages(std::span<const double> a, std::span<const double> b, std::span<const double> c,
                          std::span<double> out, std::span<double> derivative) const {
  std::vector<std::vector<double>> terms;
  for (std::size_t k = 0; k < coefficients.size(); ++k) terms.push_back(moment_terms(coefficients, k));
  for (std::size_t first = 0; first < a.size(); first += block) {
    const std::size_t count = std::min(block, a.size() - first);
    const double* const at = c.data() + first;
    Numbers moment_a, moment_b, value{}, slope{};
    // Horner in c, from the highest k: value ← value·c/(k + 1) + m_k m_k counts cᵏ/k!; the slope begins at k = 1.
    for (std::size_t k = terms.size(); k-- > 0;) {
      horner<double>(terms[k], a.subspan(first, count), moment_a.data());
      horner<double>(terms[k], b.subspan(first, count), moment_b.data());
      const double for_value = 1 / static_cast<double>(k + 1), for_slope = k > 0 ? 1 / static_cast<double>(k) : 0;
#pragma omp simd
      for (std::size_t i = 0; i < count; ++i) {
        const double product = moment_a[i] * moment_b[i];
        value[i] = std::fma(value[i] * at[i], for_value, product);
        if (k > 0) slope[i] = std::fma(slope[i] * at[i], for_slope, product);
      }
    }
    std::copy_n(value.data(), count, out.data() + first);
    std::copy_n(slope.data(), count, derivative.data() + first);
  }
}

double Polynomial::seconds_per_average(double, Norms) const {
  return 1e-9 * static_cast<double>(coefficients.size() * coefficients.size());
}

}  // namespace fieldscan::network
