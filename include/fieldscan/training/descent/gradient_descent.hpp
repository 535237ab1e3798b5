#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "fieldscan/training/concept.hpp"

namespace fieldscan::training {

/// Full-batch gradient descent on
///
///     ℒ(θ) = ½ Σ_μ (f_μ − y_μ)² + (κ/2χ) |θ − θ₀|²,      u ← β u − η ∇ℒ,   θ ← θ + u
///
/// with the rate of each tensor times its factor. Time is t = η·steps/(χ(1 − β)), so that in the `ntk` parameterisation
/// and at infinite width df/dt = −Θ (f − y) − κ (f − f₀), whatever χ. `anchor: zero` is weight decay towards zero
/// instead. The ridge is a part of ℒ: its pull has the factor of each tensor's rate, as the gradient has, so that where
/// the descent ends does not depend on the rates; how fast a tensor decays, η κ/χ a step times its factor, does, and
/// with it in `standard` and `mup` what a short training shows along widths.
///
/// `learning_rate: auto` follows the gradient flow: steps Δt = min(2·fraction/(λ + κ), 0.02·(t + 1/(λ + κ))), λ the
/// largest eigenvalue of the replica's own Θ, found again each time that t has doubled; the last step before a recorded
/// time is shortened to meet it. So the first steps are short enough to resolve the fastest modes, and late ones as
/// long as stability allows.
///
/// It ends before its length where `stop_loss` or `stop` says so: the times that are left then show the network as it
/// is there. And after `max_steps` steps, `not converged`: the end shows the network as it is there, times that were
/// not reached have no numbers. With a stop and a rate that is a number `max_steps` alone may be the length.
///
/// The rate may follow a schedule (η is then its highest rate, also in t), gradients may be clipped, tensors may have
/// rates of their own, and `patience` stops early on a validation set: theories in time then do not apply.
struct GradientDescent {
  OrWord<double, RateWord> learning_rate = RateWord::automatic;
  double stability_fraction = 0.5;
  double momentum = 0;
  std::optional<std::int64_t> steps = std::nullopt;
  std::optional<std::int64_t> epochs = std::nullopt;
  std::optional<double> time = std::nullopt;
  std::optional<double> stop_loss = std::nullopt;
  Stop stop = {};
  std::optional<std::int64_t> max_steps = std::nullopt;
  Anchor anchor = Anchor::initial;
  double diverged_above = 1e4;
  RateSchedule schedule = RateSchedule::constant;
  std::int64_t warmup = 0;
  std::optional<double> clip = std::nullopt;
  std::optional<std::int64_t> patience = std::nullopt;
  RateFactors rates = {};
  LossFunction loss = LossFunction::square;

  static constexpr std::string_view kind = "gradient_descent";
  static constexpr int revision = 2;
  static constexpr std::string_view summary = "Full-batch gradient descent from a random initialisation.";
  static constexpr Yield yields = Yield::network;
  static constexpr bool keeps_state = true;
  static constexpr Need offers = of_networks | Need::initial | Need::descent;
  static constexpr std::string_view needs_double = "";
  static auto fields() {
    using T = GradientDescent;
    return std::tuple{
        field("learning_rate", &T::learning_rate,
              "η, multiplies the gradient of the summed loss; `auto` follows the gradient flow", positive()),
        field("stability_fraction", &T::stability_fraction,
              "longest step of `auto`, as a fraction of the stability limit 2/(λ_max(Θ) + κ) in t",
              Range{.low = 0, .high = 1, .low_open = true}),
        field("momentum", &T::momentum, "β of the heavy ball", Range{.low = 0, .high = 1, .high_open = true}),
        field("steps", &T::steps, "length of the training in steps", at_least(1)),
        field("epochs", &T::epochs, "length of the training in epochs (here: steps)", at_least(1)),
        field("time", &T::time, "length of the training in time t = η·steps/(χ(1 − β))", positive()),
        field("stop_loss", &T::stop_loss,
              "stop once the loss ½ Σ (f − y)² is below this; not reaching it is the outcome `not converged`",
              positive()),
        field("stop", &T::stop,
              "stop as by `stop_loss`, by a rule per point: {error_train: 1e-5}; a theory in time is held against "
              "networks until then"),
        field("max_steps", &T::max_steps,
              "at most so many steps, whatever length and rate say; a training that they end before its length or its "
              "stop is `not converged`",
              at_least(1)),
        field("anchor", &T::anchor, "where the ridge pulls the parameters to"),
        field("diverged_above", &T::diverged_above, "a loss above this multiple of the first one counts as diverged",
              Range{.low = 1, .low_open = true}),
        field("schedule", &T::schedule, "the rate after the warm-up: constant, or falling to zero at the end"),
        field("warmup", &T::warmup, "steps in which the rate rises linearly, from η/warmup to η", non_negative()),
        field("clip", &T::clip, "longest gradient of the loss; a longer one is shortened to this norm", positive()),
        field(
            "patience", &T::patience,
            "early stopping: epochs without a smaller validation error after which the training stops; the network of "
            "the smallest one is kept",
            at_least(1)),
        field("rates", &T::rates, "factors of the learning rate per tensor"),
        field(
            "loss", &T::loss,
            "`square`: ½ Σ (f − y)²; `cross_entropy`: Σ −log p of the class of the label, p the softmax of the outputs "
            "(of one output 1/(1 + exp(∓f)) of its two signs)"),
    };
  }
  std::optional<std::string> problem() const;
  std::optional<std::string> problem(const Setting& setting) const;
  Dynamics dynamics(const Setting& setting) const;
  std::vector<double> record_times(const Setting& setting, const TimeGrid& grid) const;
  Cost cost(const Setting& setting, const Sizes& sizes) const;
  std::vector<const char*> ends_sooner() const;
  ChainLength chain() const { return {}; }
  std::vector<double> rate_factors(const network::Network& network) const;
  std::optional<StepSize> step_size(const Setting& setting, const Sizes& sizes,
                                    const network::KernelScale& scale) const;
  std::vector<Trap> traps(const Setting& setting, const Sizes& sizes) const;
  Result train(const Problem& problem, const ObservePlan& plan) const;
  bool operator==(const GradientDescent&) const = default;
};
static_assert(Trainer<GradientDescent>);

}  // namespace fieldscan::training
