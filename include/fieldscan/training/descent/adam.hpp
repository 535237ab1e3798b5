#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "fieldscan/training/concept.hpp"

namespace fieldscan::training {

/// Whose rate the decoupled decay has: the schedule's own for all tensors, or each tensor's.
enum class DecayRate { common, tensor };
constexpr auto words(DecayRate) { return std::array<std::string_view, 2>{"common", "tensor"}; }

/// Adam on the loss ½ Σ (f − y)², without the ridge: its decay is `weight_decay` alone.
///
///     m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²,   θ ← θ − η_s r m̂/(√v̂ + ε) − η_s λ θ
///
/// with m̂ = m/(1 − β₁ˢ), v̂ = v/(1 − β₂ˢ) at step s = 1, 2, …, the rate factor r of each tensor, and the decoupled decay
/// λ, which has the one rate η_s for all tensors that are trained, as AdamW and the optimiser of μP have it: along
/// widths it stays what it is. `decay_rate: tensor` gives it the factor too; with `decoupled: false` λ θ is added to g
/// instead. Batches as for `sgd`. Time is t = η·steps/χ with the highest rate η. No stability limit is known
/// beforehand: a step moves a parameter by some η r whatever Θ is, and in full batches the curvature divided by √v̂
/// settles near 2(1 + β₁)/((1 − β₁) η) by itself. Sources: Kingma and Ba, "Adam", ICLR (2015); Loshchilov and Hutter,
/// "Decoupled weight decay regularization", ICLR (2019); Yang et al., "Tensor programs V" (2022); Cohen et al.,
/// "Adaptive gradient methods at the edge of stability" (2022).
struct Adam {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;
  bool decoupled = true;
  DecayRate decay_rate = DecayRate::common;
  RateSchedule schedule = RateSchedule::constant;
  std::int64_t warmup = 0;
  std::optional<double> clip = std::nullopt;
  OrWord<int, BatchWord> batch = BatchWord::full;
  std::optional<std::int64_t> steps = std::nullopt;
  std::optional<std::int64_t> epochs = std::nullopt;
  std::optional<double> stop_loss = std::nullopt;
  Stop stop = {};
  std::optional<std::int64_t> max_steps = std::nullopt;
  double diverged_above = 1e4;
  std::optional<std::int64_t> patience = std::nullopt;
  RateFactors rates = {};
  LossFunction loss = LossFunction::square;

  static constexpr std::string_view kind = "adam";
  static constexpr int revision = 3;
  static constexpr std::string_view summary =
      "Adam, with decoupled weight decay (AdamW) unless told otherwise; the ridge plays no part.";
  static constexpr Yield yields = Yield::network;
  static constexpr bool keeps_state = true;
  static constexpr Need offers = of_networks | Need::initial | Need::descent;
  static constexpr std::string_view needs_double = "";
  static auto fields() {
    using T = Adam;
    constexpr Range fraction{.low = 0, .high = 1, .high_open = true};
    return std::tuple{
        field("learning_rate", &T::learning_rate,
              "η, the highest rate of the schedule; no stability limit of it is known beforehand", positive()),
        field("beta1", &T::beta1, "β₁, memory of the mean gradient", fraction),
        field("beta2", &T::beta2, "β₂, memory of the squared gradient", fraction),
        field("epsilon", &T::epsilon, "ε beside the root of the squared gradient", positive()),
        field("weight_decay", &T::weight_decay, "λ, decay of the parameters towards zero", non_negative()),
        field("decoupled", &T::decoupled, "decay the parameters themselves (AdamW); false: add λ θ to the gradient"),
        field("decay_rate", &T::decay_rate,
              "rate of the decoupled decay: η λ for all tensors (`common`), or times each tensor's factor (`tensor`)"),
        field("schedule", &T::schedule, "the rate after the warm-up: constant, or falling to zero at the end"),
        field("warmup", &T::warmup, "steps in which the rate rises linearly, from η/warmup to η", non_negative()),
        field("clip", &T::clip, "longest gradient; a longer one is shortened to this norm", positive()),
        field("batch", &T::batch, "examples per step, or `full`", at_least(1)),
        field("steps", &T::steps, "length of the training in steps", at_least(1)),
        field("epochs", &T::epochs, "length of the training in passes through the training set", at_least(1)),
        field("stop_loss", &T::stop_loss, "stop at the end of an epoch once the loss ½ Σ (f − y)² is below this",
              positive()),
        field("stop", &T::stop,
              "stop as by `stop_loss`, by a rule per point: {error_train: 1e-5}; a theory in time is held against "
              "networks until then"),
        field("max_steps", &T::max_steps,
              "at most so many steps, whatever length and rate say; a training that they end before its length or its "
              "stop is `not converged`",
              at_least(1)),
        field("diverged_above", &T::diverged_above, "a loss above this multiple of the first one counts as diverged",
              Range{.low = 1, .low_open = true}),
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
  std::vector<Trap> traps(const Setting& setting, const Sizes& sizes) const;
  Result train(const Problem& problem, const ObservePlan& plan) const;
  bool operator==(const Adam&) const = default;
};
static_assert(Trainer<Adam>);

}  // namespace fieldscan::training
