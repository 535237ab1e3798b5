#pragma once
#include <cstdint>
#include <optional>
#include <tuple>

#include "fieldscan/training/concept.hpp"

namespace fieldscan::training {

/// The Metropolis-adjusted Langevin algorithm: the step of `langevin` as a proposal, accepted with min(1, e^{−U′+U}
/// q(θ|θ′)/q(θ′|θ)); samples the posterior exactly. The same as one leapfrog step of length e = √(2ε), and computed so.
/// ε is adapted in the burn-in only, and stays below (π/8)²/2 = 0.077: longer steps can be accepted often and hardly
/// ever end in a narrow region of the posterior. Source: Roberts and Rosenthal, Journal of the Royal Statistical
/// Society B 60 (1998) for the target acceptance 0.574.
struct Mala {
  std::int64_t samples = 400;
  std::optional<std::int64_t> burn_in = std::nullopt;
  std::int64_t thin = 10;
  double target_acceptance = 0.574;
  Readout readout = Readout::integrated;
  Start start = Start::prior;
  ChainUntil until = {};

  static constexpr std::string_view kind = "mala";
  static constexpr int revision = 4;
  static constexpr std::string_view summary = "Metropolis-adjusted Langevin sampling of the posterior.";
  static constexpr Yield yields = Yield::chain;
  static constexpr bool keeps_state = true;
  static constexpr Need offers = of_networks | Need::chain;
  static constexpr std::string_view needs_double = "";
  static auto fields() {
    using T = Mala;
    return std::tuple{
        field("samples", &T::samples, "samples after the burn-in", at_least(4)),
        field("burn_in", &T::burn_in,
              "samples before counting, in which the step is adapted; left out: half of `samples`", non_negative()),
        field("thin", &T::thin, "steps from one sample to the next", at_least(1)),
        field("target_acceptance", &T::target_acceptance, "acceptance that the step is adapted to",
              Range{.low = 0, .high = 1, .low_open = true, .high_open = true}),
        field("readout", &T::readout, "whether the readout is integrated out exactly"),
        field("start", &T::start, "where the chain starts"),
        field("until", &T::until, "targets of the chain, and how far it goes on for them"),
    };
  }
  std::optional<std::string> problem(const Setting& setting) const;
  Dynamics dynamics(const Setting&) const { return dynamics::Equilibrium{}; }
  std::vector<double> record_times(const Setting& setting, const TimeGrid& grid) const;
  Cost cost(const Setting& setting, const Sizes& sizes) const;
  std::vector<const char*> ends_sooner() const;
  ChainLength chain() const;
  Result train(const Problem& problem, const ObservePlan& plan) const;
  bool operator==(const Mala&) const = default;
};
static_assert(Trainer<Mala>);

}  // namespace fieldscan::training
