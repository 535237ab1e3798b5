#pragma once
#include <array>
#include <string_view>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/average/modes.hpp"
#include "fieldscan/theory/card.hpp"
#include "fieldscan/theory/kernel_choice.hpp"

namespace fieldscan::theory {

/// Which law the error follows at a point: the numbers of `scaling_regime`.
enum class ScalingRegime {
  ridgeless = 1,    ///< the ridge of the unlearned modes exceeds κ: P^−min(β, 2(1+α))
  ridge = 2,        ///< κ_eff ≈ κ: P^−min(β/(1+α), 2)
  noise = 3,        ///< the noise dominates without a ridge: a plateau
  noise_ridge = 4,  ///< the noise dominates with κ_eff ≈ κ: P^−α/(1+α)
  width = 5,        ///< N < P random features: N^−min(β, 1+α)
};

/// Asymptotic exponents of linear networks on normal inputs whose covariance falls as i^−(1+α), with a linear target
/// whose power per mode falls as i^−(1+β).
///
/// `exponent_data` x means error ∝ P^−x in the regime that the settings are in, as far as data limit the error; the
/// sentence beside the result names it, `scaling_regime` numbers it. With a frozen hidden layer `exponent_width` is
/// that of N where the width limits. `exponent_optimal_ridge` (with noise) is that of the error at the best ridge for
/// every P. The regime: ridge where κ > κ_eff/2, noise where it adds more than the unlearned target, width where N < P.
/// `validity` is the larger of κ_eff/(P λ_1) and P/d: laws are asymptotic where the target's lowest mode is learned and
/// the spectrum does not end. Numbers are flagged above 0.1.
struct ScalingExponents {
  KernelChoice kernel = KernelChoice::automatic;  ///< the inputs say which: no part of the identity

  static constexpr std::string_view kind = "scaling_exponents";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "Asymptotic exponents of learning curves for power-law spectra.";
  static const Card card;
  static constexpr Given given = Given::nothing;
  static constexpr std::array observables = {
      Observable::exponent_data,  Observable::exponent_width, Observable::exponent_optimal_ridge,
      Observable::scaling_regime, Observable::validity,       listed("solver_residual")};
  static auto fields() {
    return std::tuple{field("kernel", &ScalingExponents::kernel, kernel_sentence).outside_identity()};
  }
  bool operator==(const ScalingExponents&) const = default;

  struct Inputs {
    KernelSpec kernel;
    KernelKind regression = KernelKind::nngp;
    network::Trained train = network::Trained::all;
    int frozen_width = 0;
    double ridge = 0;
    int train_size = 1;
    double noise = 0;
    NormalModes modes;
    static auto fields() {
      return std::tuple{
          field("kernel", &Inputs::kernel, "what the kernels depend on"),
          field("regression", &Inputs::regression, "with K (samplers) or Θ (gradient descent)"),
          field("train", &Inputs::train, "which parameters move"),
          field("frozen_width", &Inputs::frozen_width, "random features N; 0: infinitely many", non_negative()),
          field("ridge", &Inputs::ridge, "κ", non_negative()),
          field("train_size", &Inputs::train_size, "P", at_least(1)),
          field("noise", &Inputs::noise, "standard deviation σ of the label noise", non_negative()),
          field("modes", &Inputs::modes, "spectrum and target")};
    }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  Result predict(const Inputs& inputs) const;
};

}  // namespace fieldscan::theory
