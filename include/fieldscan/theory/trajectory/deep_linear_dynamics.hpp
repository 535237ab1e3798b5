#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "fieldscan/network/spec.hpp"
#include "fieldscan/theory/card.hpp"

namespace fieldscan::theory {

/// Descent of deep linear networks that learn features, of infinite width at the richness γ₀ = √(χ/N) of the network:
/// see `deep_linear_descent`. With S² = Π σ_w² σ_a² the network is S times one of unit variances, with labels y/S and
/// the rate S² η/χ.
///
/// Rate, momentum and ridge are those of the trainer `gradient_descent`, the times those that it records; without
/// training the first two are given here, and the times are the nearest multiples of a step. All rows are those of the
/// mean over networks: the variance of one is of order 1/N and no part of the theory, which is for χ of order N. That
/// of the output at initialisation, unless it is subtracted, is ⟨K⟩/χ: `validity` is its share of the training error
/// there, (⟨K⟩/χ)/(⟨y²⟩ + ⟨K⟩/χ), and above 0.05 all numbers are flagged. Times from the first one on at which the
/// residual is above 100 times the labels are left out, with the outcome `diverged`.
struct DeepLinearDynamics {
  std::optional<double> learning_rate = std::nullopt;
  std::optional<double> momentum = std::nullopt;

  static constexpr std::string_view kind = "deep_linear_dynamics";
  static constexpr int revision = 1;
  static constexpr std::string_view summary =
      "Descent of deep linear networks that learn features, at infinite width: mean and tangent kernel in time.";
  static const Card card;
  static constexpr Given given = Given::draw;
  static constexpr std::array observables = {
      Observable::predictor,   Observable::error_test,   Observable::error_mean_predictor,
      Observable::error_train, Observable::learnability, Observable::ntk_top,
      Observable::validity};
  static auto fields() {
    return std::tuple{
        field("learning_rate", &DeepLinearDynamics::learning_rate, "η, for `training: none`; left out: the trainer's",
              positive()),
        field("momentum", &DeepLinearDynamics::momentum, "β, for `training: none`; left out: the trainer's",
              Range{.low = 0, .high = 1, .high_open = true})};
  }
  bool operator==(const DeepLinearDynamics&) const = default;

  struct Inputs {
    int depth = 1;
    double scale = 1;
    double richness = 1;
    double chi = 1;
    bool centred = false;
    double ridge = 0;
    double step = 1;
    double momentum = 0;
    std::vector<double> times;
    static auto fields() {
      return std::tuple{field("depth", &Inputs::depth, "hidden layers L", at_least(1)),
                        field("scale", &Inputs::scale, "S² = Π σ_w² σ_a²", positive()),
                        field("richness", &Inputs::richness, "γ₀ = √(χ/N)", positive()),
                        field("chi", &Inputs::chi, "χ", positive()),
                        field("centred", &Inputs::centred, "the output at initialisation is subtracted"),
                        field("ridge", &Inputs::ridge, "κ", non_negative()),
                        field("step", &Inputs::step, "h = η/χ", positive()),
                        field("momentum", &Inputs::momentum, "β", non_negative()),
                        field("times", &Inputs::times, "t = h·steps/(1 − β)", non_negative())};
    }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  Result predict(const Inputs& inputs, const data::Draw& draw) const;
};

}  // namespace fieldscan::theory
