#pragma once
#include <cstdint>
#include <optional>
#include <tuple>

#include "fieldscan/training/concept.hpp"

namespace fieldscan::training {

/// Hamiltonian Monte Carlo of the posterior, exact: trajectories with momenta N(0, 1), accepted with min(1, e^{H₀ −
/// H₁}).
///
/// The normal prior's part of the motion is solved exactly (a rotation of parameters and momenta), and the momenta are
/// kicked by the rest of U: in wide networks the prior is nearly all there is, and the step does not shrink with the
/// number of parameters.
///
/// With the readout integrated out (the default) the chain moves the hidden parameters alone, with
///
///     U = |θ|²/2 + (χ/2) yᵀ(K_W + κ)⁻¹y + ½ log det(K_W + κ),   K_W the kernel of the last hidden layer,
///
/// and everything linear or quadratic in the readout is averaged exactly at every sample. The step is adapted in the
/// burn-in only (dual averaging) and jittered by ±20%; a trajectory ends after a quarter period of the prior, π/2, or
/// after `leapfrog` steps. No step is longer than a quarter of that: where the likelihood is strong in a narrow region,
/// one or two kicks a trajectory can be accepted often and never end there, which no diagnosis of the chain sees.
/// Reading a sample off costs a pass over all test points: where that is more than a trajectory's `leapfrog` passes
/// over the training set, or where trajectories end close to where they began, `thin` of them make a sample. Sources:
/// Neal, "MCMC using Hamiltonian dynamics" (2011); Shahbaba, Lan, Johnson, Neal, "Split Hamiltonian Monte Carlo",
/// Statistics and Computing 24 (2014), for the splitting; Hoffman and Gelman, "The No-U-Turn sampler", JMLR 15 (2014),
/// for the adaptation.
struct Hmc {
  std::int64_t samples = 400;
  std::optional<std::int64_t> burn_in = std::nullopt;
  std::int64_t thin = 1;
  int leapfrog = 10;
  Integrator integrator = Integrator::leapfrog;
  double target_acceptance = 0.8;
  Readout readout = Readout::integrated;
  Start start = Start::prior;
  ChainUntil until = {};

  static constexpr std::string_view kind = "hmc";
  static constexpr int revision = 4;
  static constexpr std::string_view summary =
      "Hamiltonian Monte Carlo of the posterior, by default with the readout integrated out.";
  static constexpr Yield yields = Yield::chain;
  static constexpr bool keeps_state = true;
  static constexpr Need offers = of_networks | Need::chain;
  static constexpr std::string_view needs_double = "";
  static auto fields() {
    using T = Hmc;
    return std::tuple{
        field("samples", &T::samples, "samples after the burn-in", at_least(4)),
        field("burn_in", &T::burn_in,
              "trajectories before, in which the step is adapted; left out: half of those after", non_negative()),
        field("thin", &T::thin, "trajectories from one sample to the next", at_least(1)),
        field("leapfrog", &T::leapfrog, "steps (gradients) per trajectory, at most", at_least(1)),
        field("integrator", &T::integrator, "how a trajectory is cut into steps; two_stage makes them even in number"),
        field("target_acceptance", &T::target_acceptance, "acceptance that the step is adapted to",
              Range{.low = 0, .high = 1, .low_open = true, .high_open = true}),
        field("readout", &T::readout, "whether the readout is integrated out exactly"),
        field("start", &T::start, "where the chain starts"),
        field("until", &T::until, "targets of the chain, and how far it goes on for them"),
    };
  }
  std::int64_t burn_in_trajectories() const { return burn_in.value_or(samples * thin / 2); }
  std::optional<std::string> problem(const Setting& setting) const;
  Dynamics dynamics(const Setting&) const { return dynamics::Equilibrium{}; }
  std::vector<double> record_times(const Setting& setting, const TimeGrid& grid) const;
  Cost cost(const Setting& setting, const Sizes& sizes) const;
  std::vector<const char*> ends_sooner() const;
  ChainLength chain() const;
  Result train(const Problem& problem, const ObservePlan& plan) const;
  bool operator==(const Hmc&) const = default;
};
static_assert(Trainer<Hmc>);

}  // namespace fieldscan::training
