#pragma once
#include <array>
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldscan/core/field.hpp"

/// Where descents start, other than at a draw of the prior.
namespace fieldscan::network {

enum class ReadoutLaw { normal, rademacher, ones, power_law, values };
constexpr auto words(ReadoutLaw) {
  return std::array<std::string_view, 5>{"normal", "rademacher", "ones", "power_law", "values"};
}

/// The readout at the start, a_i = scale · z_i,
///
///     normal       z_i ~ N(0, 1), the prior
///     rademacher   z_i = ±1, the signs of these
///     ones         z_i = 1
///     power_law    z_i ∝ i^−exponent with mean square 1
///     values       z_i as listed
struct InitialReadout {
  ReadoutLaw law = ReadoutLaw::normal;
  double scale = 1;
  double exponent = 0.5;
  std::vector<double> values = {};

  static constexpr bool in_one_value = true;  ///< `readout: ones`, `readout: 0.1`
  static auto fields() {
    using T = InitialReadout;
    return std::tuple{
        field("law", &T::law, "`normal`: the prior; `rademacher`: ±1; `ones`; `power_law`: falling with the unit"),
        field("scale", &T::scale, "multiplies them: 0 starts at the output 0", non_negative()),
        field("exponent", &T::exponent, "of `power_law`: a_i ∝ i^−exponent with mean square 1", non_negative()),
        field("values", &T::values, "of `values`: one number per unit of the last hidden layer"),
    };
  }
  bool operator==(const InitialReadout&) const = default;
};

/// The mean square of the a_i.
double mean_square(const InitialReadout& readout);

enum class HiddenLaw { normal, balanced };
constexpr auto words(HiddenLaw) { return std::array<std::string_view, 2>{"normal", "balanced"}; }

/// Where a balanced start looks: anywhere, or along Σ_μ y_μ x_μ of the training set.
enum class StartDirection { random, labels };
constexpr auto words(StartDirection) { return std::array<std::string_view, 2>{"random", "labels"}; }

/// The hidden weights at the start: θ = scale · N(0, 1) in every layer, biases as ever; or, of linear units, balanced,
///
///     W¹ = p v₁ vᵀ,  Wˡ⁺¹ = p v_{l+1} v_lᵀ,  a = p v_L   with |v| = |v_l| = 1:   W^{l+1}ᵀ W^{l+1} = Wˡ Wˡᵀ,
///     f(x) = strength · v·x
///
/// with p > 0 the same in all layers, the v_l random and v random or along the labels. The readout is part of it.
/// Source: Saxe, McClelland, Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural
/// networks", ICLR (2014).
struct InitialHidden {
  HiddenLaw law = HiddenLaw::normal;
  double scale = 1;
  double strength = 1;
  StartDirection direction = StartDirection::random;

  static constexpr bool in_one_value = true;  ///< `hidden: 0.5`
  static auto fields() {
    using T = InitialHidden;
    return std::tuple{
        field("law", &T::law, "`normal`: independent; `balanced`: of linear units, rank one and equal in all layers"),
        field("scale", &T::scale, "of `normal`: standard deviation of the hidden weights, 1 is the prior",
              non_negative()),
        field("strength", &T::strength, "of `balanced`: s of the first output f(x) = s v·x, |v| = 1", positive()),
        field("direction", &T::direction, "of `balanced`: v random, or along Σ y x of the training set"),
    };
  }
  bool operator==(const InitialHidden&) const = default;
};

/// The parameters at the start. The default is a draw of the prior.
struct Initial {
  InitialReadout readout = {};
  InitialHidden hidden = {};

  static auto fields() {
    return std::tuple{field("readout", &Initial::readout, "the readout a"),
                      field("hidden", &Initial::hidden, "the weights of the hidden layers")};
  }
  bool operator==(const Initial&) const = default;
};

}  // namespace fieldscan::network
