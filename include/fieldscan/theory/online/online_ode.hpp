#pragma once
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/card.hpp"

namespace fieldscan::theory {

/// Whether what each single example adds to the lengths of weights is kept: it makes the floor under the error of noisy
/// labels and the largest rate, and vanishes with the rate.
enum class NoiseTerm { kept, dropped };
constexpr auto words(NoiseTerm) { return std::array<std::string_view, 2>{"kept", "dropped"}; }

/// Online learning of a network of one hidden layer from a teacher of one: see `Committee`. It starts from the order
/// parameters of the very network that it is compared with, so that what the draw of θ₀ decides (the length of the
/// plateau, which unit learns which) is the same for both.
///
/// With w = √σ_w² W, v = √(σ_a²/(Nχ)) a and batches of B at rate η with momentum β: η σ_w² B/(1 − β) drives w, η
/// σ_a²/(Nχ) d B/(1 − β) drives v, and the noise of w has B (η σ_w²/(1 − β))². Time is steps/d.
///
/// At the last time also what tells of the whole course: `plateau_length` where it lies before; `stationary_error` of
/// the state at which the equations rest, where one is found from the last one, and `critical_rate`, the η at which
/// small deviations leave it (batch and momentum held). Rectifiers have neither of the two.
///
/// Rate, momentum and batch are those of the trainer; without training they are given here.
struct OnlineOde {
  std::optional<double> learning_rate = std::nullopt;
  std::optional<double> momentum = std::nullopt;
  std::optional<int> batch = std::nullopt;
  NoiseTerm noise_term = NoiseTerm::kept;

  static constexpr std::string_view kind = "online_ode";
  static constexpr int revision = 2;
  static constexpr std::string_view summary =
      "Online learning of a teacher's units: order parameters and error in time, from this network's own start.";
  static const Card card;
  static constexpr Given given = Given::replica;
  static constexpr bool starts_anywhere = true;
  static constexpr std::array observables = {
      Observable::error_test,     Observable::order_parameters, Observable::specialisation, listed("plateau_length"),
      listed("stationary_error"), listed("critical_rate"),      listed("solver_error")};
  static auto fields() {
    using T = OnlineOde;
    return std::tuple{
        field("learning_rate", &T::learning_rate, "η, for `training: none`; left out: the trainer's", positive()),
        field("momentum", &T::momentum, "β, for `training: none`; left out: the trainer's",
              Range{.low = 0, .high = 1, .high_open = true}),
        field("batch", &T::batch, "examples B per step, for `training: none`; left out: the trainer's", at_least(1)),
        field("noise_term", &T::noise_term, "whether the part of order η² is kept")};
  }
  bool operator==(const OnlineOde&) const = default;

  struct Inputs {
    network::Spec network;
    double noise = 0;
    double rate = 0;
    double momentum = 0;
    int batch = 1;
    std::vector<double> times;
    static auto fields() {
      return std::tuple{
          field("network", &Inputs::network, "the student"), field("noise", &Inputs::noise, "σ", non_negative()),
          field("rate", &Inputs::rate, "η", positive()),     field("momentum", &Inputs::momentum, "β", non_negative()),
          field("batch", &Inputs::batch, "B", at_least(1)),  field("times", &Inputs::times, "steps/d", non_negative())};
    }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  Result predict(const Inputs& inputs, const Replica& replica) const;
};

}  // namespace fieldscan::theory
