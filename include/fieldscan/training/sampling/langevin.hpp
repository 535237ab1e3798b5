#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "fieldscan/training/concept.hpp"

namespace fieldscan::training {

/// Unadjusted Langevin dynamics of all parameters, θ ← θ − ε ∇U + √(2ε) ξ with U = −log posterior,
///
///     U = |θ|²/2 + (χ/2κ) Σ_μ (f_μ − y_μ)²          (θ in units of its prior's standard deviation)
///
/// The step has a bias: a mode U = k x²/2 gets the variance 1/(k(1 − εk/2)), stable for εk < 2. In terms of gradient
/// descent ε = η T with the temperature T = κ/χ. The stiffest mode has k_max = 1 + λ_max(Θ)/κ, with the Θ of the
/// network as it is then. A chain that leaves `diverged_above` is diverged; one that ends where ε k_max ≥ 2 samples no
/// posterior, and is not equilibrated. Where the scan gives times, rows are also recorded along the way, of the network
/// as it is then, at t = ε·steps/κ.
///
/// Two times, t ≥ t_w (`waiting`): what is asked of `two_time_correlation` and `displacement` compares the outputs with
/// those at t_w, `response` with a twin: a second chain that leaves the first at t_w, has the same noise from there on,
/// and labels shifted by ±h (`shift`), the signs drawn for every point and chain. Its mean is the local response, (1/P)
/// Σ_μ ∂⟨f_μ(t)⟩/∂y_μ with the shift lasting from t_w to t; at equilibrium 2 T response = displacement.
/// Source of the random signs: A. Barrat, Physical Review E 57 (1998).
struct Langevin {
  double step = 1e-3;
  std::int64_t steps = 10000;
  std::optional<std::int64_t> burn_in = std::nullopt;
  std::int64_t thin = 10;
  Start start = Start::prior;
  double diverged_above = 1e4;
  double waiting = 0;
  double shift = 0.1;

  static constexpr std::string_view kind = "langevin";
  static constexpr int revision = 3;
  static constexpr std::string_view summary =
      "Unadjusted Langevin dynamics of the posterior; keeps the bias of its step.";
  static constexpr Yield yields = Yield::chain;
  static constexpr bool keeps_state = true;
  static constexpr Need offers = of_networks | Need::chain | Need::two_times;
  static constexpr std::string_view needs_double = "";
  static auto fields() {
    using T = Langevin;
    return std::tuple{
        field("step", &T::step, "ε of θ ← θ − ε ∇U + √(2ε) ξ; stable for ε (1 + λ_max(Θ)/κ) < 2", positive()),
        field("steps", &T::steps, "steps in all", at_least(8)),
        field("burn_in", &T::burn_in, "first steps that are not counted; left out: half of all", non_negative()),
        field("thin", &T::thin, "steps from one sample to the next", at_least(1)),
        field("start", &T::start, "where the chain starts"),
        field("diverged_above", &T::diverged_above,
              "a loss above this multiple of the first one, or of |θ|², counts as diverged",
              Range{.low = 1, .low_open = true}),
        field("waiting", &T::waiting, "t_w of what is observed of two times, in t = ε·steps/κ", non_negative()),
        field("shift", &T::shift, "h by which the labels of the twin are shifted, for `response`", positive()),
    };
  }
  std::optional<std::string> problem() const;
  std::int64_t burn_in_steps() const { return burn_in.value_or(steps / 2); }
  std::int64_t samples() const { return (steps - burn_in_steps()) / thin; }
  std::optional<std::string> problem(const Setting& setting) const;
  Dynamics dynamics(const Setting& setting) const {
    const bool as_drawn = start == Start::prior && setting.network.initial == network::Initial{};
    return dynamics::Langevin{.step = step, .from_prior = as_drawn, .waiting = waiting};
  }
  std::vector<double> record_times(const Setting& setting, const TimeGrid& grid) const;
  Cost cost(const Setting& setting, const Sizes& sizes) const;
  std::vector<const char*> ends_sooner() const { return {}; }
  ChainLength chain() const;
  std::vector<double> rate_factors(const network::Network& network) const;
  std::optional<StepSize> step_size(const Setting& setting, const Sizes& sizes,
                                    const network::KernelScale& scale) const;
  std::vector<Trap> traps(const Setting& setting, const Sizes& sizes) const;
  Result train(const Problem& problem, const ObservePlan& plan) const;
  bool operator==(const Langevin&) const = default;
};
static_assert(Trainer<Langevin>);

}  // namespace fieldscan::training
