#pragma once
#include <array>
#include <optional>
#include <string_view>

#include "fieldscan/training/list.hpp"

/// What a recorded time is in other units.
namespace fieldscan::training {

/// Units of the length of a training, beside its time t.
enum class ClockUnit {
  steps,
  epochs,   ///< passes through the training set
  compute,  ///< floating-point operations of the steps: 4 N₁ d B + Σ_{l>1} 6 N_l N_{l−1} B + 6 N_L B each, B points
};
constexpr auto words(ClockUnit) { return std::array<std::string_view, 3>{"steps", "epochs", "compute"}; }

/// A training of which every step advances the time by as much.
struct Clock {
  double time_per_step = 0;
  double steps_per_epoch = 0;  ///< 0: fresh examples have no epochs
  double flops_per_step = 0;

  /// A recorded time in a unit; nullopt where there is none.
  std::optional<double> reading(ClockUnit unit, double time) const;
};

/// Nullopt for samplers of the posterior, what is solved, and `learning_rate: auto`, which chooses its steps itself.
std::optional<Clock> clock_of(const TrainerChoice& trainer, const Setting& setting);

}  // namespace fieldscan::training
