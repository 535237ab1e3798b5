#pragma once
#include "fieldscan/theory/feature_dynamics/dmft.hpp"

namespace fieldscan::theory {

/// How far networks of one hidden layer of width N are from each other while they learn features: Var f = Σ/N to first
/// order, at any γ₀, over initialisations at one data draw; see `UnitFluctuations`. `variance_init` is its mean over
/// the test points: that of networks with a fresh test set, whose `variance_init` holds all that initialisations make.
///
/// At the start it is ⟨K⟩/χ. The mean is that of `dmft`, with a bias of the same order, which is not predicted.
struct WidthFluctuations {
  std::optional<double> learning_rate = std::nullopt;
  std::optional<double> momentum = std::nullopt;
  int samples = 8192;

  static constexpr std::string_view kind = "width_fluctuations";
  static constexpr int revision = 2;
  static constexpr std::string_view summary =
      "Variance over initialisations of networks that learn features, to first order in 1/N, in time.";
  static const Card card;
  static constexpr Given given = Given::draw;
  static constexpr int estimates = 16;
  static constexpr std::array observables = {Observable::variance_init};
  static auto fields() {
    using T = WidthFluctuations;
    return std::tuple{
        field("learning_rate", &T::learning_rate, "η, for `training: none`; left out: the trainer's", positive()),
        field("momentum", &T::momentum, "β, for `training: none`; left out: the trainer's",
              Range{.low = 0, .high = 1, .high_open = true}),
        field("samples", &T::samples, "pairs of units in all populations", at_least(1024)).outside_identity()};
  }
  bool operator==(const WidthFluctuations&) const = default;

  struct Inputs {
    Dmft::Inputs descent;
    int width = 1;
    static auto fields() {
      return std::tuple{field("descent", &Inputs::descent, "what dmft depends on"),
                        field("width", &Inputs::width, "N", at_least(1))};
    }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  bool sampled(const Inputs& inputs) const;
  Result predict(const Inputs& inputs, const data::Draw& draw, const Stream& stream) const;
};

}  // namespace fieldscan::theory
