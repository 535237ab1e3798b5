#pragma once
#include <tuple>

#include "fieldscan/training/concept.hpp"

namespace fieldscan::training {

enum class PointsWord { all };
constexpr auto words(PointsWord) { return std::array<std::string_view, 1>{"all"}; }

/// Features that a few steps learn, or a giant one, and then the readout solved over them:
///
///     θ ← θ − η ∇ ½ Σ_μ (f_μ − y_μ)²   k times, the hidden weights and biases alone, at their tensors' rates
///     f(x) = K_N(x, X) (K_N + κ I)⁻¹ y   with their features, as `exact_readout`
///
/// The readout keeps its start (`network.initial.readout`) during the steps, and plays no part after them. The ridge is
/// the readout's alone. `points: all`: both see the whole training set; `points: n₀`: the steps see its first n₀
/// points, and the readout is solved on the others, which are fresh.
///
/// Source: Ba et al., "High-dimensional asymptotics of feature learning: how one gradient step improves the
/// representation", NeurIPS (2022).
struct StepsThenReadout {
  double learning_rate = 1;
  int steps = 1;
  OrWord<int, PointsWord> points = PointsWord::all;

  static constexpr std::string_view kind = "steps_then_readout";
  static constexpr int revision = 2;
  static constexpr std::string_view summary =
      "Some steps of gradient descent of the hidden layers, then the readout solved over them exactly.";
  static constexpr Yield yields = Yield::network;
  static constexpr bool keeps_state = true;
  static constexpr Need offers = of_networks | Need::initial | Need::solver;
  static constexpr std::string_view needs_double = "steps_then_readout solves equations that need double precision";
  static auto fields() {
    using T = StepsThenReadout;
    return std::tuple{
        field("learning_rate", &T::learning_rate, "η, multiplies the gradient of the summed loss", positive()),
        field("steps", &T::steps, "steps k of the hidden layers; 1 with a large rate is one giant step", at_least(1)),
        field("points", &T::points,
              "training points n₀ that the steps see, the readout being solved on the others; `all`: both see all",
              at_least(1)),
    };
  }
  std::optional<std::string> problem(const Setting& setting) const;
  Dynamics dynamics(const Setting&) const {
    return dynamics::StepsThenSolved{
        .rate = learning_rate, .steps = steps, .points = points.is_word() ? 0 : points.number()};
  }
  std::vector<double> record_times(const Setting&, const TimeGrid&) const { return {equilibrium}; }
  Cost cost(const Setting& setting, const Sizes& sizes) const;
  std::vector<const char*> ends_sooner() const { return {}; }
  ChainLength chain() const { return {}; }
  Result train(const Problem& problem, const ObservePlan& plan) const;
  bool operator==(const StepsThenReadout&) const = default;
};
static_assert(Trainer<StepsThenReadout>);

}  // namespace fieldscan::training
