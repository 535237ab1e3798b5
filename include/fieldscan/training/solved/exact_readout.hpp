#pragma once
#include <tuple>

#include "fieldscan/training/concept.hpp"

namespace fieldscan::training {

/// The readout solved exactly, over hidden layers that stay as they are drawn. With features ψ_i(x) = √(σ_a²/N)
/// φ(h^L_i(x)) and their kernel K_N(x, x′) = Σ_i ψ_i(x) ψ_i(x′) (no 1/χ),
///
///     f(x) = K_N(x, X) (K_N + κ I)⁻¹ y,   the minimum of ½ Σ_μ (f_μ − y_μ)² + (κ/2χ)|a|² over the readout a.
///
/// Ridge 0 gives the solution of smallest norm; eigenvalues of K_N up to ε·P·w_max count as zero. χ plays no part in f,
/// and neither does the initial readout: it is the end of gradient descent of a readout that starts at zero, and the
/// posterior mean of one that is sampled.
struct ExactReadout {
  static constexpr std::string_view kind = "exact_readout";
  static constexpr int revision = 3;
  static constexpr std::string_view summary =
      "The readout solved exactly over frozen hidden layers: ridge regression with the network's own features.";
  static constexpr Yield yields = Yield::network;
  static constexpr bool keeps_state = false;
  static constexpr Need offers = of_networks | Need::initial | Need::solver;
  static constexpr std::string_view needs_double = "exact_readout solves equations that need double precision";
  static auto fields() { return std::tuple{}; }
  std::optional<std::string> problem(const Setting& setting) const;
  Dynamics dynamics(const Setting&) const { return dynamics::Solved{}; }
  std::vector<double> record_times(const Setting&, const TimeGrid&) const { return {equilibrium}; }
  Cost cost(const Setting& setting, const Sizes& sizes) const;
  std::vector<const char*> ends_sooner() const { return {}; }
  ChainLength chain() const { return {}; }
  Result train(const Problem& problem, const ObservePlan& plan) const;
  bool operator==(const ExactReadout&) const = default;
};
static_assert(Trainer<ExactReadout>);

}  // namespace fieldscan::training
