#pragma once
#include <concepts>
#include <span>

#include "fieldscan/core/field.hpp"

namespace fieldscan::network {

/// Gaussian averages of an activation: for zero-mean (u, v) with ⟨u²⟩ = a, ⟨v²⟩ = b, ⟨uv⟩ = c.
struct GaussianAverage {
  double value = 0;       ///< ⟨φ(u) φ(v)⟩
  double derivative = 0;  ///< ⟨φ′(u) φ′(v)⟩ = ∂/∂c of the first (Price's theorem)
};

/// What an activation must offer: its word, its fields, φ and φ′ over whole arrays (together also in single precision),
/// and its Gaussian averages, valid for a, b ≥ 0 and c² ≤ ab (a violation by rounding is clamped). `average_equal(a)`
/// is the case u = v, exact on the diagonal.
template <class A>
concept Activation = Kind<A> && requires(const A& activation, std::span<const double> z, std::span<double> out,
                                         std::span<const float> single, std::span<float> single_out) {
  activation.value(z, out);
  activation.value_and_derivative(z, out, out);
  activation.value_and_derivative(single, single_out, single_out);
  { activation.average(1.0, 1.0, 0.5) } -> std::same_as<GaussianAverage>;
  { activation.average_equal(1.0) } -> std::same_as<GaussianAverage>;
};

}  // namespace fieldscan::network
