#pragma once
#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/card.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

namespace fieldscan::theory {

/// Gradient descent of infinitely wide networks in its own steps, with momentum: see `Descent`. What `ntk_flow` is for
/// steps of zero length.
///
/// Rate and momentum are those of the trainer `gradient_descent`, the times those that it records; without training
/// they are given here, and the times are the nearest multiples of a step. Above the stability limit h (λ_max(Θ) + κ) <
/// 2 (1 + β), h = η/χ, modes grow: the numbers are then flagged as outside validity (finite networks leave the linear
/// regime). From the first time on at which the training error is above 10⁴ times that of the start, as with networks
/// that have diverged, or is no longer finite, times are left out, with the outcome `diverged`.
///
/// `averaged: true` is the average over data sets in closed form (`average_descent`), with the rows and flags of
/// `ntk_flow` averaged. It is diverged, without rows, where the averaged spectrum reaches beyond the stability limit.
struct NtkDescent {
  std::optional<double> learning_rate = std::nullopt;
  std::optional<double> momentum = std::nullopt;
  bool averaged = false;

  static constexpr std::string_view kind = "ntk_descent";
  static constexpr int revision = 4;
  static constexpr KernelKind describes = KernelKind::tangent;
  static constexpr std::string_view summary =
      "Gradient descent of infinitely wide networks in steps, with momentum: mean and variance in time.";
  static const Card card;
  static constexpr Given given = Given::draw;
  static constexpr bool several_outputs = true;
  static constexpr std::array observables = {
      Observable::predictor,   Observable::error_test,   Observable::error_mean_predictor,
      Observable::error_train, Observable::learnability, Observable::eigenvalue,
      Observable::ntk_top,     listed("solver_residual")};
  static auto fields() {
    return std::tuple{field("learning_rate", &NtkDescent::learning_rate,
                            "η, for `training: none`; left out: the trainer's", positive()),
                      field("momentum", &NtkDescent::momentum, "β, for `training: none`; left out: the trainer's",
                            Range{.low = 0, .high = 1, .high_open = true}),
                      field("averaged", &NtkDescent::averaged,
                            "average over data draws in closed form, by the spectrum on the sphere")};
  }
  /// Of one draw there is no equation to solve.
  bool gives(Observable observable) const { return averaged || observable != listed("solver_residual"); }
  /// Averaged it is given nothing.
  constexpr Given given_to() const { return averaged ? Given::nothing : Given::draw; }
  bool operator==(const NtkDescent&) const = default;

  struct Inputs {
    KernelSpec kernel;
    double ridge = 0;
    double chi = 1;
    network::Trained train = network::Trained::all;
    bool centred = false;
    double step = 1;
    double momentum = 0;
    std::vector<double> times;
    // Of the average alone; of the rest a draw tells.
    int dim = 0;
    int train_size = 0;
    double noise = 0;
    std::map<int, double> power;
    static auto fields() {
      return std::tuple{field("kernel", &Inputs::kernel, "what the kernels depend on"),
                        field("ridge", &Inputs::ridge, "κ", non_negative()),
                        field("chi", &Inputs::chi, "χ", positive()),
                        field("train", &Inputs::train, "which parameters move"),
                        field("centred", &Inputs::centred, "the output at initialisation is subtracted"),
                        field("step", &Inputs::step, "h = η/χ", positive()),
                        field("momentum", &Inputs::momentum, "β", non_negative()),
                        field("times", &Inputs::times, "t = h·steps/(1 − β)", non_negative()),
                        field("dim", &Inputs::dim, "dimension d of the inputs, for the average"),
                        field("train_size", &Inputs::train_size, "P, for the average"),
                        field("noise", &Inputs::noise, "σ, for the average"),
                        field("power", &Inputs::power, "power of the target per level, for the average")};
    }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  Result predict(const Inputs& inputs, const data::Draw& draw) const;
  Result predict(const Inputs& inputs) const;  ///< averaged over data
};

}  // namespace fieldscan::theory
