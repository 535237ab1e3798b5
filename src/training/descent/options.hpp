#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "../replica.hpp"
#include "descent.hpp"

/// What descents with the same options share: schedule, warm-up, clipping, early stopping, rates per tensor.
namespace fieldscan::training {

/// What makes a descent other than the plain one that theories in time describe; empty where it is plain.
template <class T>
std::string departure_of(const T& descent) {
  if (descent.loss != LossFunction::square) return "with the cross-entropy loss";
  if (descent.schedule != RateSchedule::constant || descent.warmup > 0) return "with a schedule";
  if (descent.clip) return "with clipped gradients";
  if (descent.patience) return "with early stopping";
  if (descent.rates != RateFactors{}) return "with rates per tensor";
  return "";
}

/// Why labels have no classes, of which a cross-entropy would be; nullopt where they have.
std::optional<std::string> class_problem(const data::Spec& data);

/// Lists of factors that do not fit the network, early stopping without a validation set, a warm-up that is longer than
/// the training, which has so many steps; a cross-entropy of what is no class.
template <class T>
std::optional<std::string> option_problem(const T& descent, const Setting& setting, double steps) {
  for (const auto& factors : {descent.rates.weights, descent.rates.biases})
    if (!factors.is_one() && factors.values.size() != static_cast<std::size_t>(setting.network.depth))
      return "the rates are one number or one per hidden layer";
  if (descent.patience && setting.data.validation_size == 0)
    return "early stopping needs a validation set, set `data.validation_size`";
  if (descent.patience && is_online(setting.data)) return "`train_size: online` has no epochs, leave out `patience`";
  if (descent.warmup > 0 && static_cast<double>(descent.warmup) > steps)
    return fmt::format("the warm-up of {} steps is longer than the training, which has {}", descent.warmup, steps);
  if (descent.loss == LossFunction::square) return std::nullopt;
  if (descent.stop.error_train)
    return "`stop: {error_train: …}` is of the square loss; with `loss: cross_entropy` give `stop_loss`, the sum of "
           "−log p over the training set";
  return class_problem(setting.data);
}

template <class T>
std::vector<const char*> early_ends(const T& descent) {
  std::vector<const char*> fields;
  if (descent.stop_loss) fields.push_back("training.stop_loss");
  if (descent.stop.error_train) fields.push_back("training.stop");
  if (descent.patience) fields.push_back("training.patience");
  return fields;
}

/// When a descent on so many points ends before its time: ½ P error_train is the loss at which `stop` does.
template <class T>
Limits limits_of(const T& descent, Index points) {
  if (!descent.stop.error_train) return {descent.stop_loss, descent.diverged_above};
  const auto count = static_cast<double>(points);
  return {0.5 * count * *descent.stop.error_train, descent.diverged_above, count};
}

/// Steps by whichever length was given, and at most `max_steps` of them.
template <class T>
double steps_of(const T& descent, double per_epoch, double per_time = 0) {
  const auto most = static_cast<double>(descent.max_steps.value_or(std::numeric_limits<std::int64_t>::max()));
  if (descent.steps) return std::min(static_cast<double>(*descent.steps), most);
  if (descent.epochs) return std::min(static_cast<double>(*descent.epochs) * per_epoch, most);
  if constexpr (requires { descent.time; })
    if (descent.time) return std::min(*descent.time * per_time, most);
  return descent.max_steps ? most : 0;
}

/// The learning rate above which gradient descent in batches of B diverges, estimated from Θ at initialisation. With h
/// = η/χ a mode that every step moves, of rate λ = λ_max(Θ) + κ r, is stable for
///
///     h λ < 2 (1 + β).
///
/// In batches a point is moved at one step of an epoch's n alone, there P/B times as far (B the smallest batch): its
/// own share Θ(x, x) − level of Θ is stable for
///
///     h (P/B) (Θ(x, x) − level) < 2 (1 + βⁿ)(1 − β)/(1 − βⁿ),
///
/// the heavy ball that is pushed at every n-th step; n = 1 is the line above. Online a batch is all there is. Of the
/// cross-entropy Θ is multiplied by the largest curvature of the loss, which falls as points are learned.
double largest_stable_rate(const Setting& setting, const Sizes& sizes, const network::KernelScale& scale, double batch,
                           double momentum, LossFunction loss = LossFunction::square);

/// A rate beyond the largest stable one by more than the estimate may be off, a fifth; nothing where η is not a number.
template <class T>
std::vector<Trap> rate_traps(const T& descent, const Setting& setting, const Sizes& sizes) {
  const network::Network network =
      make_network(setting.network, std::max(1, static_cast<int>(sizes.dimension)), descent.rates);
  const auto rate = descent.step_size(setting, sizes, network::kernel_scale(network, descent.rate_factors(network)));
  if (!rate || rate->size <= 1.2 * rate->largest) return {};
  return {
      {"FS0624", "training.learning_rate",
       fmt::format("the rate {:.3g} lies beyond the largest stable one, some {:.2g} at initialisation: such networks "
                   "diverge, or are thrown to where the loss is flatter",
                   rate->size, rate->largest),
       "a smaller rate; where it is meant, `diverged` and `hessian_top` say what becomes of them"}};
}

}  // namespace fieldscan::training
