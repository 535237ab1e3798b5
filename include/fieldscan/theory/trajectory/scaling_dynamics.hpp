#pragma once
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/average/modes.hpp"
#include "fieldscan/theory/average/pool_average.hpp"
#include "fieldscan/theory/card.hpp"

namespace fieldscan::theory {

/// Scaling laws in time, width and data: descent of the readout of linear networks with a frozen hidden layer, averaged
/// over data and features, see `average_descent`. The networks are `activation: linear`, `depth: 1`, `train: readout`,
/// `centred: true` on normal inputs, whose covariance and target may be power laws: then they are the random-feature
/// model to the letter, N the width, P the training points.
///
/// Rate, momentum and ridge are those of the trainer `gradient_descent`, the times those that it records; without
/// training the first two are given here, and the times are the nearest multiples of a step. With `train_size: online`
/// it is one pass of `sgd`, B fresh examples at every step, without a ridge.
///
/// Of a file the modes are those of the second moments of its rows, all of them; what of the labels is not linear in
/// the inputs is never learned, and acts as noise. Flagged where there is less than ten rows for every mode.
///
/// `error_test` and
/// `error_train` are means of *one* network over data and features; flagged as outside validity below 20 points or
/// units. A rate beyond stability has the outcome `diverged`.
struct ScalingDynamics {
  std::optional<double> learning_rate = std::nullopt;
  std::optional<double> momentum = std::nullopt;
  std::optional<int> batch = std::nullopt;

  static constexpr std::string_view kind = "scaling_dynamics";
  static constexpr int revision = 1;
  static constexpr std::string_view summary =
      "Scaling laws in time, width and data: descent over random features, averaged over both.";
  static const Card card;
  static constexpr Given given = Given::nothing;
  static constexpr std::array observables = {Observable::error_test, Observable::error_train, Observable::eigenvalue,
                                             listed("solver_residual")};
  static auto fields() {
    return std::tuple{
        field("learning_rate", &ScalingDynamics::learning_rate, "η, for `training: none`; left out: the trainer's",
              positive()),
        field("momentum", &ScalingDynamics::momentum, "β, for `training: none`; left out: the trainer's",
              Range{.low = 0, .high = 1, .high_open = true}),
        field("batch", &ScalingDynamics::batch,
              "fresh examples B per step, for `training: none` with `train_size: online`; left out: 1", at_least(1))};
  }
  bool operator==(const ScalingDynamics&) const = default;

  using Modes = std::variant<SphereLevels, NormalModes, PoolModes>;

  struct Inputs {
    KernelSpec kernel;
    int width = 1;
    int train_size = 1;
    double ridge = 0;
    double noise = 0;
    double step = 1;
    double momentum = 0;
    Modes modes = SphereLevels{};
    std::vector<double> times;
    int batch = 0;
    double time_per_step = 0;
    static auto fields() {
      return std::tuple{
          field("kernel", &Inputs::kernel, "what the features depend on"),
          field("width", &Inputs::width, "features N", at_least(1)),
          field("train_size", &Inputs::train_size, "P", at_least(1)),
          field("ridge", &Inputs::ridge, "κ", non_negative()),
          field("noise", &Inputs::noise, "standard deviation σ of the label noise", non_negative()),
          field("step", &Inputs::step, "h = η/χ", positive()),
          field("momentum", &Inputs::momentum, "β", non_negative()),
          field("modes", &Inputs::modes, "spectrum and target"),
          field("times", &Inputs::times, "t = h·steps/(1 − β)", non_negative()),
          field("batch", &Inputs::batch, "fresh examples of a step; 0: P points at every step", non_negative()),
          field("time_per_step", &Inputs::time_per_step, "of fresh examples: 1/d", non_negative())};
    }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  Result predict(const Inputs& inputs) const;
};

}  // namespace fieldscan::theory
