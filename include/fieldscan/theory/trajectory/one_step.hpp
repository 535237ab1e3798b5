#pragma once
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/card.hpp"

namespace fieldscan::theory {

/// One giant step of gradient descent of the hidden layer, then ridge regression of the readout on fresh data, as the
/// trainer `steps_then_readout` with `steps: 1` and its own `points` does: see `average_after_step`. As d → ∞ with the
/// numbers of units and points ∝ d, averaged over data and initial weights.
///
/// In its convention the rows w/√d have unit norm, and the rate on the summed loss is η √(N χ) d/(n₀ |a| σ_a), where
/// the readout starts at ±|a|. `validity` is what the initial output counts beside the labels, (a²σ_a²/χ)⟨φ²⟩/(⟨g²⟩ +
/// σ²), which the step neglects: numbers are flagged above .05, as for d < 50. Without training (`training: none`) rate
/// and points are given here.
struct OneStep {
  std::optional<double> learning_rate = std::nullopt;
  std::optional<int> points = std::nullopt;

  static constexpr std::string_view kind = "one_step";
  static constexpr int revision = 1;
  static constexpr std::string_view summary =
      "One giant step of the hidden layer, then the readout solved on fresh points: errors as d → ∞.";
  static const Card card;
  static constexpr Given given = Given::nothing;
  static constexpr bool starts_anywhere = true;  // it looks by itself
  static constexpr std::array observables = {Observable::error_test, Observable::validity, listed("solver_residual")};
  static auto fields() {
    return std::tuple{
        field("learning_rate", &OneStep::learning_rate, "η of the step, for `training: none`; left out: the trainer's",
              positive()),
        field("points", &OneStep::points,
              "training points n₀ of the step, for `training: none`; left out: the trainer's", at_least(1))};
  }
  bool operator==(const OneStep&) const = default;

  struct Inputs {
    network::ActivationChoice activation;
    int width = 1, dim = 1, points = 1, step_points = 1;
    double step = 0;
    double ridge = 0;
    double noise = 0;
    double initial_output = 0;
    std::vector<double> coefficients = {};
    static auto fields() {
      return std::tuple{field("activation", &Inputs::activation, "φ"),
                        field("width", &Inputs::width, "N", at_least(1)),
                        field("dim", &Inputs::dim, "d", at_least(1)),
                        field("points", &Inputs::points, "fresh points of the readout", at_least(1)),
                        field("step_points", &Inputs::step_points, "points of the step", at_least(1)),
                        field("step", &Inputs::step, "η of rows of unit norm", positive()),
                        field("ridge", &Inputs::ridge, "κ/σ_a²", positive()),
                        field("noise", &Inputs::noise, "σ", non_negative()),
                        field("initial_output", &Inputs::initial_output, "a²σ_a²/χ", non_negative()),
                        field("coefficients", &Inputs::coefficients, "c_0, c_1, … of the target")};
    }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  Result predict(const Inputs& inputs) const;
};

}  // namespace fieldscan::theory
