#pragma once
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/card.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

namespace fieldscan::theory {

/// Langevin dynamics of infinitely wide networks from their prior (`start: prior`): see `Relaxation` for the formula.
///
/// Step and ridge are those of the trainer `langevin`, the times those that it records; without training the step is
/// given here, and times are the nearest multiples of ε/κ. `error_test`, `error_train` and `output_size` are those of
/// *one* network at that time, with the variance over chains and initialisations; `predictor` and
/// `error_mean_predictor` those of the mean. From the waiting time on (the trainer's, without training its own) also
/// `two_time_correlation`, `displacement` and `response`. The end of all times is the theory `nngp`, and has no rows
/// here. A step beyond stability, ε (1 + λ_max(Θ)/κ) ≥ 2, has the outcome `diverged`.
struct LangevinDynamics {
  std::optional<double> step = std::nullopt;
  double waiting = 0;

  static constexpr std::string_view kind = "langevin_dynamics";
  static constexpr int revision = 2;
  static constexpr std::string_view summary =
      "Langevin dynamics of infinitely wide networks in time: from the NTK's flow to the posterior.";
  static const Card card;
  static constexpr Given given = Given::draw;
  static constexpr bool several_outputs = true;
  static constexpr std::array observables = {
      Observable::predictor,    Observable::error_test,   Observable::error_mean_predictor,
      Observable::error_train,  Observable::learnability, listed("output_size"),
      listed("response"),       listed("displacement"),   listed("two_time_correlation"),
      listed("solver_residual")};
  static auto fields() {
    return std::tuple{field("step", &LangevinDynamics::step, "ε, for `training: none`; left out: the trainer's",
                            Range{.low = 0, .high = 2, .low_open = true, .high_open = true}),
                      field("waiting", &LangevinDynamics::waiting,
                            "t_w, for `training: none`; the trainer's is its own", non_negative())};
  }
  bool operator==(const LangevinDynamics&) const = default;

  struct Inputs {
    KernelSpec kernel;
    double ridge = 0;
    double chi = 1;
    network::Trained train = network::Trained::all;
    double step = 0;
    double waiting = 0;
    std::vector<double> times;
    static auto fields() {
      return std::tuple{field("kernel", &Inputs::kernel, "what the kernels depend on"),
                        field("ridge", &Inputs::ridge, "κ", positive()),
                        field("chi", &Inputs::chi, "χ", positive()),
                        field("train", &Inputs::train, "which parameters move"),
                        field("step", &Inputs::step, "ε", positive()),
                        field("waiting", &Inputs::waiting, "t_w", non_negative()),
                        field("times", &Inputs::times, "t = ε·steps/κ", non_negative())};
    }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  Result predict(const Inputs& inputs, const data::Draw& draw) const;
};

}  // namespace fieldscan::theory
