#pragma once
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "fieldscan/theory/card.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

namespace fieldscan::theory {

/// Stochastic gradient descent of infinitely wide networks in batches drawn with replacement: mean and variance over
/// initialisations and batches, see `BatchMoments`. The mean is that of the whole training set, which `ntk_descent`
/// has; the errors are those of one network, and contain what its batches add.
///
/// Rate and batch are those of the trainer `sgd` with `sampling: with_replacement`; without training they are given
/// here, and the times are the nearest multiples of a step. Where the training error is above 10⁴ times that of the
/// start the times are left out, with the outcome `diverged`: second moments grow before the mean does.
struct SgdFluctuations {
  std::optional<double> learning_rate = std::nullopt;
  std::optional<int> batch = std::nullopt;

  static constexpr std::string_view kind = "sgd_fluctuations";
  static constexpr int revision = 2;
  static constexpr KernelKind describes = KernelKind::tangent;
  static constexpr std::string_view summary =
      "SGD of infinitely wide networks in batches drawn with replacement: mean, and variance over batches, in time.";
  static const Card card;
  static constexpr Given given = Given::draw;
  static constexpr std::array observables = {
      Observable::predictor,   Observable::error_test,   Observable::error_mean_predictor,
      Observable::error_train, Observable::learnability, Observable::variance_init};
  static auto fields() {
    return std::tuple{field("learning_rate", &SgdFluctuations::learning_rate,
                            "η, for `training: none`; left out: the trainer's", positive()),
                      field("batch", &SgdFluctuations::batch,
                            "examples B per step, for `training: none`; left out: the trainer's", at_least(1))};
  }
  bool operator==(const SgdFluctuations&) const = default;

  struct Inputs {
    KernelSpec kernel;
    double chi = 1;
    network::Trained train = network::Trained::all;
    bool centred = false;
    double step = 1;
    int batch = 1;
    std::vector<double> times;
    static auto fields() {
      return std::tuple{field("kernel", &Inputs::kernel, "what the kernels depend on"),
                        field("chi", &Inputs::chi, "χ", positive()),
                        field("train", &Inputs::train, "which parameters move"),
                        field("centred", &Inputs::centred, "the output at initialisation is subtracted"),
                        field("step", &Inputs::step, "h = η/χ", positive()),
                        field("batch", &Inputs::batch, "B", at_least(1)),
                        field("times", &Inputs::times, "t = h·steps", non_negative())};
    }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  Result predict(const Inputs& inputs, const data::Draw& draw) const;
};

}  // namespace fieldscan::theory
