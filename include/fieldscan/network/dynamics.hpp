#pragma once
#include <array>
#include <string>
#include <string_view>
#include <variant>

#include "fieldscan/core/one_of.hpp"

namespace fieldscan {

/// What becomes of the parameters of a network: said by a trainer of itself, compared by a theory with what it
/// describes. Settings alone, never a result. U = −log posterior, ℒ the loss with its ridge, times in the convention of
/// the glossary.
namespace dynamics {

/// Where the ridge pulls the parameters to.
enum class Anchor { initial, zero };
constexpr auto words(Anchor) { return std::array<std::string_view, 2>{"initial", "zero"}; }

/// How batches are drawn: by a permutation for each pass, or every point independently.
enum class Sampling { permutation, with_replacement };
constexpr auto words(Sampling) { return std::array<std::string_view, 2>{"permutation", "with_replacement"}; }

/// No networks: a theory by itself.
struct Alone {
  bool operator==(const Alone&) const = default;
};
/// Samples of exp(−U).
struct Equilibrium {
  bool operator==(const Equilibrium&) const = default;
};
/// θ ← θ − ε ∇U + √(2ε) ξ: samples of exp(−U), but for the bias of the step ε.
struct Langevin {
  double step = 0;
  bool from_prior = true;  ///< whether θ₀ is a draw of the prior
  double waiting = 0;      ///< t_w, the earlier of two times that are compared
  bool operator==(const Langevin&) const = default;
};
/// dθ/dt = −∇ℒ from θ₀, steps being too short to matter.
struct Flow {
  Anchor anchor = Anchor::initial;
  bool operator==(const Flow&) const = default;
};
/// u ← β u − η ∇ℒ, θ ← θ + u over the whole training set.
struct Descent {
  double rate = 0;      ///< η
  double momentum = 0;  ///< β
  Anchor anchor = Anchor::initial;
  bool operator==(const Descent&) const = default;
};
/// The same in batches of B, with the sum over a batch times P/B.
struct Batches {
  double rate = 0, momentum = 0;
  int batch = 1;
  Anchor anchor = Anchor::initial;
  Sampling sampling = Sampling::permutation;
  bool operator==(const Batches&) const = default;
};
/// The same on B fresh examples at every step: their sum, no ridge.
struct Online {
  double rate = 0, momentum = 0;
  int batch = 1;
  bool operator==(const Online&) const = default;
};
/// The readout at the minimum of ℒ over hidden layers as they are drawn.
struct Solved {
  bool operator==(const Solved&) const = default;
};
/// Hidden layers after steps θ ← θ − η ∇ ½ Σ (f − y)² with the readout as it starts, then the readout solved as above.
struct StepsThenSolved {
  double rate = 0;  ///< η
  int steps = 1;
  int points = 0;  ///< n₀ of the training set that the steps see, the readout the others; 0: both all of it
  bool operator==(const StepsThenSolved&) const = default;
};
/// None of these.
struct Unlike {
  std::string
      why;  ///< what makes it so, said after the trainer's word: "with clipped gradients"; empty where the word says it
  bool operator==(const Unlike&) const = default;
};

}  // namespace dynamics

struct DynamicsList {
  using Variant =
      std::variant<dynamics::Alone, dynamics::Equilibrium, dynamics::Langevin, dynamics::Flow, dynamics::Descent,
                   dynamics::Batches, dynamics::Online, dynamics::Solved, dynamics::StepsThenSolved, dynamics::Unlike>;
};
using Dynamics = OneOf<DynamicsList>;
extern template struct OneOf<DynamicsList>;

/// Whether it is one of these.
template <class... T>
constexpr bool is_any(const Dynamics& dynamics) {
  return (std::holds_alternative<T>(dynamics) || ...);
}
constexpr bool is_alone(const Dynamics& dynamics) { return is_any<dynamics::Alone>(dynamics); }
/// Whether it samples the posterior.
constexpr bool is_sampling(const Dynamics& dynamics) {
  return is_any<dynamics::Equilibrium, dynamics::Langevin>(dynamics);
}
/// Whether it descends ℒ from θ₀ at rates that theories in time know.
constexpr bool is_descending(const Dynamics& dynamics) {
  return is_any<dynamics::Flow, dynamics::Descent, dynamics::Batches>(dynamics);
}
/// Where the ridge pulls; `initial` where nothing else is said.
constexpr dynamics::Anchor anchor_of(const Dynamics& dynamics) {
  return std::visit(
      []<class T>(const T& one) {
        if constexpr (std::is_same_v<T, dynamics::Flow> || std::is_same_v<T, dynamics::Descent> ||
                      std::is_same_v<T, dynamics::Batches>)
          return one.anchor;
        else
          return dynamics::Anchor::initial;
      },
      dynamics);
}

}  // namespace fieldscan
