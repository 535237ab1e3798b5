#pragma once
#include <algorithm>
#include <span>
#include <variant>
#include <vector>

#include "fieldscan/network/activation/combination.hpp"
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

/// A step has no place among them: its derivative is zero almost everywhere, so that no network could be trained with
/// it. Its NNGP kernel is the second average of `relu`.
struct ActivationList {
  using Variant = std::variant<Linear, Erf, Relu, LeakyRelu, Tanh, Gelu, Sin, Quadratic, Cos, ReluSquared, Polynomial,
                               Swish, Combination>;
};
using ActivationChoice = OneOf<ActivationList>;

/// φ(z) elementwise; out may be z itself. One dispatch per array.
void value(const ActivationChoice& activation, std::span<const double> z, std::span<double> out);
/// φ(z) and φ′(z) elementwise; one of the two outputs may be z itself.
void value_and_derivative(const ActivationChoice& activation, std::span<const double> z, std::span<double> out,
                          std::span<double> derivative);
void value_and_derivative(const ActivationChoice& activation, std::span<const float> z, std::span<float> out,
                          std::span<float> derivative);

/// The Gaussian averages of one pair, and of u = v.
GaussianAverage average(const ActivationChoice& activation, double a, double b, double c);
GaussianAverage average_equal(const ActivationChoice& activation, double a);

/// The Gaussian averages of many pairs: out[k] = ⟨φ(u) φ(v)⟩ and derivative[k] = ⟨φ′(u) φ′(v)⟩ at (a[k], b[k], c[k]).
/// All spans have one length; none may overlap. One dispatch per array. Agrees with `average` to rounding (tanh: 1e-12
/// and 1e-11), but not bit by bit; at a[k] = b[k] = c[k] it is `average_equal` to rounding, so exact diagonals should
/// be set by that function.
void averages(const ActivationChoice& activation, std::span<const double> a, std::span<const double> b,
              std::span<const double> c, std::span<double> out, std::span<double> derivative);

/// The same without the derivatives, where an activation saves time that way; `scratch` has the length of the others.
void averages_value(const ActivationChoice& activation, std::span<const double> a, std::span<const double> b,
                    std::span<const double> c, std::span<double> out, std::span<double> scratch);

/// Seconds per Gaussian average of a pair with its derivative, at variances of the arguments up to `variance`.
double seconds_per_average(const ActivationChoice& activation, double variance, Norms norms);

/// Whether φ(λz) = λ φ(z) for λ > 0 and no other λ (concept.hpp).
bool is_rectifier(const ActivationChoice& activation);

/// The activations that it is made of: those of a combination, else itself.
std::vector<ActivationChoice> parts_of(const ActivationChoice& activation);
/// Whether all parts are of these kinds, or any part is.
template <class... Kinds>
bool all_parts_are(const ActivationChoice& activation) {
  return std::ranges::all_of(parts_of(activation),
                             [](const auto& one) { return (std::holds_alternative<Kinds>(one) || ...); });
}
template <class... Kinds>
bool any_part_is(const ActivationChoice& activation) {
  return std::ranges::any_of(parts_of(activation),
                             [](const auto& one) { return (std::holds_alternative<Kinds>(one) || ...); });
}

}  // namespace fieldscan::network

extern template struct fieldscan::OneOf<fieldscan::network::ActivationList>;
