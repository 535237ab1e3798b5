#pragma once
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/network/dynamics.hpp"
#include "fieldscan/theory/card.hpp"

namespace fieldscan::theory {

/// Descent of a deep linear network from a balanced start (`network.initial.hidden: {law: balanced}`): Saxe's modes, at
/// any depth, width, parameterisation and inputs, see `BalancedChain`. It starts from the very network that it is
/// compared with, whose path it is but for rounding.
///
/// Rate and momentum are those of the trainer `gradient_descent`. Without training they are given here, and the times
/// are the nearest multiples of a step; where none is given it is the gradient flow, in which the modes are Saxe's.
struct BalancedDescent {
  std::optional<double> learning_rate = std::nullopt;
  std::optional<double> momentum = std::nullopt;

  static constexpr std::string_view kind = "balanced_descent";
  static constexpr int revision = 1;
  static constexpr std::string_view summary =
      "Deep linear networks from a balanced start in time: Saxe's modes, exact at any depth and width.";
  static const Card card;
  static constexpr Given given = Given::replica;
  static constexpr bool starts_anywhere = true;
  static constexpr std::array observables = {Observable::error_test, Observable::error_train, Observable::learnability,
                                             listed("solver_error")};
  static auto fields() {
    return std::tuple{field("learning_rate", &BalancedDescent::learning_rate,
                            "η, for `training: none`; left out: the trainer's, without training the flow", positive()),
                      field("momentum", &BalancedDescent::momentum, "β, for `training: none`; left out: the trainer's",
                            Range{.low = 0, .high = 1, .high_open = true})};
  }
  bool operator==(const BalancedDescent&) const = default;

  struct Inputs {
    network::Spec network;
    double ridge = 0;
    dynamics::Anchor anchor = dynamics::Anchor::initial;
    double step = 0;
    double momentum = 0;
    std::vector<double> times;
    static auto fields() {
      return std::tuple{field("network", &Inputs::network, "the network"),
                        field("ridge", &Inputs::ridge, "κ", non_negative()),
                        field("anchor", &Inputs::anchor, "where the ridge pulls"),
                        field("step", &Inputs::step, "h = η/χ; 0: the gradient flow", non_negative()),
                        field("momentum", &Inputs::momentum, "β", non_negative()),
                        field("times", &Inputs::times, "t", non_negative())};
    }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  Result predict(const Inputs& inputs, const Replica& replica) const;
};

}  // namespace fieldscan::theory
