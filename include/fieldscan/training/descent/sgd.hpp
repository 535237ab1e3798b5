#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "fieldscan/training/concept.hpp"

namespace fieldscan::training {

/// Stochastic gradient descent: as `gradient_descent`, with the sum over all P points replaced by (P/B) times the sum
/// over a batch of B. An epoch is one pass through a random permutation; a last, smaller batch is scaled by its own
/// size. `sampling: with_replacement` draws each of the B points of a step by itself, from all P; an epoch is then as
/// many steps.
///
/// With `train_size: online` every step takes B fresh examples and descends their summed loss: no factor P/B, no ridge;
/// time is steps/d.
///
/// The rate may follow a schedule (η is then its highest rate, also in t), gradients may be clipped, tensors may have
/// rates of their own, and `patience` stops early on a validation set: theories in time then do not apply.
struct Sgd {
  double learning_rate = 0.1;
  int batch = 32;
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
  Sampling sampling = Sampling::permutation;
  LossFunction loss = LossFunction::square;

  static constexpr std::string_view kind = "sgd";
  static constexpr int revision = 2;
  static constexpr std::string_view summary =
      "Stochastic gradient descent in batches, or on fresh examples with `train_size: online`.";
  static constexpr Yield yields = Yield::network;
  static constexpr bool keeps_state = true;
  static constexpr Need offers = of_networks | Need::initial | Need::descent;
  static constexpr std::string_view needs_double = "";
  static auto fields() {
    using T = Sgd;
    return std::tuple{
        field("learning_rate", &T::learning_rate, "η, multiplies the gradient of the summed loss", positive()),
        field("batch", &T::batch, "examples B per step; at most the training set", at_least(1)),
        field("momentum", &T::momentum, "β of the heavy ball", Range{.low = 0, .high = 1, .high_open = true}),
        field("steps", &T::steps, "length of the training in steps", at_least(1)),
        field("epochs", &T::epochs, "length of the training in passes through the training set", at_least(1)),
        field("time", &T::time, "length of the training in time: η·steps/(χ(1 − β)), online steps/d", positive()),
        field("stop_loss", &T::stop_loss, "stop at the end of an epoch once the loss ½ Σ (f − y)² is below this",
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
        field("sampling", &T::sampling,
              "`permutation`: every point once an epoch; `with_replacement`: every point of a batch drawn anew"),
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
  bool operator==(const Sgd&) const = default;
};
static_assert(Trainer<Sgd>);

}  // namespace fieldscan::training
