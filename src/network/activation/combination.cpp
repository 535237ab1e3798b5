#include "fieldscan/network/activation/combination.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "quadrature.hpp"

namespace fieldscan::network {
namespace {

constexpr std::size_t together = 64;  ///< numbers at a time, which stay in the first-level cache

template <class T>
void add_parts(const Combination& sum, std::span<const T> z, std::span<T> out, std::span<T> derivative) {
  std::array<T, together> at, value, slope, total, total_slope;
  for (std::size_t first = 0; first < z.size(); first += together) {
    const std::size_t count = std::min(together, z.size() - first);
    std::fill_n(total.begin(), count, T{0});
    std::fill_n(total_slope.begin(), count, T{0});
    for (std::size_t k = 0; k < sum.of.size(); ++k) {
      const T weight = static_cast<T>(sum.weights[k]), scale = static_cast<T>(sum.scale(k));
      for (std::size_t i = 0; i < count; ++i) at[i] = scale * z[first + i];
      std::visit(
          [&](const auto& part) {
            part.value_and_derivative(std::span<const T>(at.data(), count), std::span<T>(value.data(), count),
                                      std::span<T>(slope.data(), count));
          },
          sum.of[k]);
      for (std::size_t i = 0; i < count; ++i) {
        total[i] = std::fma(weight, value[i], total[i]);
        total_slope[i] = std::fma(weight * scale, slope[i], total_slope[i]);
      }
    }
    std::copy_n(total.begin(), count, out.begin() + static_cast<std::ptrdiff_t>(first));
    std::copy_n(total_slope.begin(), count, derivative.begin() + static_cast<std::ptrdiff_t>(first));
  }
}

/// S, in whose units of the argument φ is smooth.
double sharpest(const Combination& sum) {
  double most = 1;
  for (const double scale : sum.scales) most = std::max(most, std::abs(scale));
  return most;
}

/// φ(Z/S) and its derivative by Z.
ValueAndDerivative rescaled(const Combination& sum, double scale) {
  return [&sum, scale](std::span<const double> z, std::span<double> out, std::span<double> derivative) {
    for (std::size_t k = 0; k < z.size(); ++k) derivative[k] = z[k] / scale;
    sum.value_and_derivative(derivative, out, derivative);
    for (double& slope : derivative) slope /= scale;
  };
}

/// Whether φ is the same at all of some points, to rounding of the parts.
bool is_constant(const Combination& sum) {
  constexpr std::array<double, 6> points{-1.7, -0.9, -0.3, 0.4, 1.1, 2.3};
  std::array<double, 6> values, slopes;
  double size = 0;
  for (std::size_t k = 0; k < sum.of.size(); ++k) {
    const Combination part{.of = {sum.of[k]}, .weights = {sum.weights[k]}, .scales = {sum.scale(k)}};
    add_parts<double>(part, points, values, slopes);
    for (const double value : values) size = std::max(size, std::abs(value));
  }
  add_parts<double>(sum, points, values, slopes);
  const auto [low, high] = std::ranges::minmax(values);
  return high - low <= 1e-14 * size;
}

std::vector<double> times(std::span<const double> values, double factor) {
  std::vector<double> out(values.begin(), values.end());
  for (double& value : out) value *= factor;
  return out;
}

}  // namespace

std::optional<std::string> Combination::problem() const {
  if (of.empty()) return "`of` lists no activations";
  if (weights.size() != of.size())
    return fmt::format("`of` lists {} activations, and `weights` {} numbers: one each", of.size(), weights.size());
  if (!scales.empty() && scales.size() != of.size())
    return fmt::format("`of` lists {} activations, and `scales` {} numbers: one each, or none", of.size(),
                       scales.size());
  constexpr double largest = 1e6;
  for (const double scale : scales)
    if (!(std::abs(scale) <= largest) || scale == 0)
      return fmt::format("`scales` has {}: between −10⁶ and 10⁶, and not 0, which makes a part a constant", scale);
  for (const double weight : weights)
    if (!(std::abs(weight) <= largest)) return fmt::format("`weights` has {}: between −10⁶ and 10⁶", weight);
  if (std::ranges::all_of(weights, [](double weight) { return weight == 0; }))
    return "all `weights` are 0: φ(z) is 0 everywhere; one of them has to be another number";
  if (is_constant(*this)) return "its parts cancel: φ(z) is the same number everywhere";
  return std::nullopt;
}

void Combination::value(std::span<const double> z, std::span<double> out) const {
  std::array<double, together> slope;
  for (std::size_t first = 0; first < z.size(); first += together) {
    const std::size_t count = std::min(together, z.size() - first);
    add_parts<double>(*this, z.subspan(first, count), out.subspan(first, count), {slope.data(), count});
  }
}

void Combination::value_and_derivative(std::span<const double> z, std::span<double> out,
                                       std::span<double> derivative) const {
  add_parts<double>(*this, z, out, derivative);
}

void Combination::value_and_derivative(std::span<const float> z, std::span<float> out,
                                       std::span<float> derivative) const {
  add_parts<float>(*this, z, out, derivative);
}

GaussianAverage Combination::average(double a, double b, double c) const {
  const double scale = sharpest(*this), square = scale * scale;
  GaussianAverage out = quadrature_average(rescaled(*this, scale), square * a, square * b, square * c);
  out.derivative *= square;
  return out;
}

GaussianAverage Combination::average_equal(double a) const { return average(a, a, a); }

void Combination::averages(std::span<const double> a, std::span<const double> b, std::span<const double> c,
                           std::span<double> out, std::span<double> derivative) const {
  const double scale = sharpest(*this), square = scale * scale;
  quadrature_averages(rescaled(*this, scale), times(a, square), times(b, square), times(c, square), out, derivative);
  for (double& slope : derivative) slope *= square;
}

double Combination::seconds_per_average(double variance, Norms norms) const {
  const double scale = sharpest(*this);
  return static_cast<double>(of.size()) * quadrature_seconds(scale * scale * variance, norms);
}

}  // namespace fieldscan::network
