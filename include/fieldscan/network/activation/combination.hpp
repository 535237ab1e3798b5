#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "fieldscan/network/activation/cos.hpp"
#include "fieldscan/network/activation/erf.hpp"
#include "fieldscan/network/activation/gelu.hpp"
#include "fieldscan/network/activation/leaky_relu.hpp"
#include "fieldscan/network/activation/linear.hpp"
#include "fieldscan/network/activation/polynomial.hpp"
#include "fieldscan/network/activation/quadratic.hpp"
#include "fieldscan/network/activation/relu.hpp"
#include "fieldscan/network/activation/relu_squared.hpp"
#include "fieldscan/network/activation/sin.hpp"
#include "fieldscan/network/activation/swish.hpp"
#include "fieldscan/network/activation/tanh.hpp"

namespace fieldscan::network {

/// What a combination may be made of.
struct PartList {
  using Variant =
      std::variant<Linear, Erf, Relu, LeakyRelu, Tanh, Gelu, Sin, Quadratic, Cos, ReluSquared, Polynomial, Swish>;
};
using PartChoice = OneOf<PartList>;

/// A weighted sum of activations of rescaled arguments, φ(z) = Σ_k w_k φ_k(s_k z): `{kind: combination, of: [tanh,
/// linear], weights: [1, -0.7295], scales: [2, 1]}` is tanh(2z) − 0.7295 z.
///
/// Averages of two different activations have no closed forms, so all are integrated (src/network/activation/
/// quadrature.hpp), in the argument Z = S z with S the largest |s_k| or 1, on whose scale φ is smooth: variances are S²
/// times those of z, and ⟨φ′φ′⟩ has a factor S². Where parts cancel the error stays that of the largest one.
struct Combination {
  std::vector<PartChoice> of = {Tanh{}, Linear{}};
  std::vector<double> weights = {1, -0.5};
  std::vector<double> scales = {};  ///< empty: 1 each

  static constexpr std::string_view kind = "combination";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "φ(z) = Σ_k w_k φ_k(s_k z): a sum of others.";
  static auto fields() {
    return std::tuple{
        field("of", &Combination::of, "the activations φ_k, [tanh, {kind: erf, scale: 2}, …]").required(),
        field("weights", &Combination::weights, "their weights w_k, one number each").required(),
        field("scales", &Combination::scales, "factors s_k of their arguments, one number each; left out: 1"),
    };
  }
  std::optional<std::string> problem() const;  ///< no parts, or lists of different lengths

  double scale(std::size_t k) const { return scales.empty() ? 1 : scales[k]; }
  void value(std::span<const double> z, std::span<double> out) const;
  void value_and_derivative(std::span<const double> z, std::span<double> out, std::span<double> derivative) const;
  void value_and_derivative(std::span<const float> z, std::span<float> out, std::span<float> derivative) const;
  GaussianAverage average(double a, double b, double c) const;
  GaussianAverage average_equal(double a) const;
  void averages(std::span<const double> a, std::span<const double> b, std::span<const double> c, std::span<double> out,
                std::span<double> derivative) const;
  double seconds_per_average(double variance, Norms norms) const;
  bool operator==(const Combination&) const = default;
};

}  // namespace fieldscan::network

extern template struct fieldscan::OneOf<fieldscan::network::PartList>;
