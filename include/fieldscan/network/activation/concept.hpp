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

/// Whether the pairs of many averages have one variance or different ones: what gives no closed averages has a table of
/// them then.
enum class Norms { equal, different };

/// Gaussian averages of its own: closed forms, or a rule that is better than the general one. All three or none; valid
/// for a, b ≥ 0 and c² ≤ ab (a violation by rounding is clamped). `average_equal(a)` is the case u = v, exact on the
/// diagonal; `averages` is that of many pairs.
template <class A>
concept GivesAverages = requires(const A& activation, std::span<const double> a, std::span<double> out) {
  { activation.average(1.0, 1.0, 0.5) } -> std::same_as<GaussianAverage>;
  { activation.average_equal(1.0) } -> std::same_as<GaussianAverage>;
  activation.averages(a, a, a, out, out);
};
template <class A>
concept GivesNoAverages = !requires(const A& activation) {
  activation.average(1.0, 1.0, 0.5);
}
&&!requires(const A& activation) { activation.average_equal(1.0); };

/// What an activation must offer: its word, its fields, φ and φ′ over whole arrays (together also in single precision).
/// Gaussian averages it may give; of one that does not they are integrated, a thousand times as slowly
/// (src/network/activation/quadrature.hpp). Optional besides:
///
///     values(a, b, c, out)                   ⟨φφ⟩ alone, where that saves time
///     seconds_per_average(variance, norms)   what a pair costs, where that is not some nanoseconds
///     rectifier = true                       φ(λz) = λ φ(z) for λ > 0, other than z itself: its spectrum falls as a
///                                            power of the level, and without bias it sees no odd levels above one
template <class A>
concept Activation = Kind<A> && requires(const A& activation, std::span<const double> z, std::span<double> out,
                                         std::span<const float> single, std::span<float> single_out) {
  activation.value(z, out);
  activation.value_and_derivative(z, out, out);
  activation.value_and_derivative(single, single_out, single_out);
} &&(GivesAverages<A> || GivesNoAverages<A>);

}  // namespace fieldscan::network
