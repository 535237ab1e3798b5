#pragma once
#include <fmt/format.h>

#include <cmath>

#include "schedule.hpp"

/// What descents with the same options share: schedule, warm-up, clipping, early stopping, rates per tensor.
namespace fieldscan::training {

/// What makes a descent other than the plain one that theories in time describe; empty where it is plain.
template <class T>
std::string departure_of(const T& descent) {
  if (descent.schedule != RateSchedule::constant || descent.warmup > 0) return "with a schedule";
  if (descent.clip) return "with clipped gradients";
  if (descent.patience) return "with early stopping";
  if (descent.rates != RateFactors{}) return "with rates per tensor";
  return "";
}

/// Lists of factors that do not fit the network, early stopping without a validation set, a warm-up that is longer than
/// the training, which has so many steps.
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
  return std::nullopt;
}

template <class T>
std::vector<const char*> early_ends(const T& descent) {
  std::vector<const char*> fields;
  if (descent.stop_loss) fields.push_back("training.stop_loss");
  if (descent.patience) fields.push_back("training.patience");
  return fields;
}

/// Steps by whichever length was given, 0 where by none.
inline double steps_of(std::optional<std::int64_t> steps, std::optional<std::int64_t> epochs, double per_epoch) {
  return steps ? static_cast<double>(*steps) : epochs ? static_cast<double>(*epochs) * per_epoch : 0;
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
/// the heavy ball that is pushed at every n-th step; n = 1 is the line above. Online a batch is all there is.
double largest_stable_rate(const Setting& setting, const Sizes& sizes, const network::KernelScale& scale, double batch,
                           double momentum);

}  // namespace fieldscan::training
