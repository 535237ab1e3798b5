#pragma once
#include <array>
#include <string_view>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/card.hpp"

namespace fieldscan::theory {

/// Order and chaos: what infinitely many layers of infinite width make of an input and of the distance of two, at
/// initialisation.
///
/// q* is `fixed_point_variance`, c* `fixed_point_correlation`, χ_1 = σ_w²⟨φ′²⟩ `slope_at_equal`: below 1 inputs become
/// alike, above 1 they part, 1 is critical. The lengths in layers say how far a network can be trained through; they
/// are censored at 10⁶ layers (at a critical point they are infinite). Where the variance dies out, only q* = 0, χ_1
/// and the length of the variance are given. It does not depend on width, depth or data; inputs are taken to have |x|²
/// = d.
struct SignalPropagation {
  static constexpr std::string_view kind = "signal_propagation";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "Order and chaos at initialisation: fixed points and depth scales.";
  static const Card card;
  static constexpr Given given = Given::nothing;
  static constexpr bool several_outputs = true;
  static constexpr bool any_output = true;
  static constexpr std::array observables = {Observable::fixed_point_variance, Observable::fixed_point_correlation,
                                             Observable::slope_at_equal,       Observable::variance_slope,
                                             Observable::variance_length,      Observable::correlation_length,
                                             listed("solver_residual")};
  static auto fields() { return std::tuple{}; }
  bool operator==(const SignalPropagation&) const = default;

  struct Inputs {
    network::ActivationChoice activation = network::Erf{};
    double weight_variance = 1;
    double bias_variance = 0;
    static auto fields() {
      return std::tuple{field("activation", &Inputs::activation, "φ"),
                        field("weight_variance", &Inputs::weight_variance, "σ_w²", positive()),
                        field("bias_variance", &Inputs::bias_variance, "σ_b²", non_negative())};
    }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  Result predict(const Inputs& inputs) const;
};

}  // namespace fieldscan::theory
