#pragma once
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/card.hpp"
#include "fieldscan/theory/droplet/single_index.hpp"

namespace fieldscan::theory {

/// Which problem the droplets are of.
enum class DropletSolver {
  continuum,      ///< a target of one direction, sum over data replaced by an average
  large_modulus,  ///< addition modulo a large P, in closed form
};
constexpr auto words(DropletSolver) { return std::array<std::string_view, 2>{"continuum", "large_modulus"}; }

/// Droplets: at χ ~ N a share of the units leaves the others and looks along the target's direction.
///
/// `continuum`: `droplet_state.hpp`, with κ_eff of the kernel at initialisation. From it the learnability of every
/// component of the target, the law of the overlaps on the scan's bins, its phase. error_mean_predictor is Σ (c_n −
/// f_n)², with the fluctuation of the data as in `learning_curve`: (Σ (c_n − f_n)² + σ²)/(1 − γ) − σ², γ = Σ N_l L_l²/P
/// of the kernel at initialisation. `mixed_phase_begin` is where p(m) gains its outer maximum when κ alone is changed,
/// `droplet_onset` where droplet_share then passes 1%: at finite d both are rounded crossovers. N → ∞ at fixed χ is the
/// equivalent kernel with κ_eff. `validity` is d/P: sums over data must average themselves; flagged above 1/3, and for
/// fewer than three inputs (the norms of all inputs are taken as one) or units (which are taken as many).
///
/// `large_modulus`: `modular_addition.hpp`, a theory by itself, as it has no data here. P and the prior are its fields,
/// N, σ_a² and κ/χ those of the network.
struct Droplet {
  DropletSolver solver = DropletSolver::continuum;
  int modulus = 0;
  double prior_strength = 0;

  static constexpr std::string_view kind = "droplet";
  static constexpr int revision = 2;
  static constexpr bool several_outputs = true;  ///< of modular addition; the continuum is of one direction
  static constexpr std::string_view summary =
      "Droplets of the overlaps: what one hidden layer of finite width learns of a target of one direction.";
  static const Card card;
  static constexpr Given given = Given::nothing;
  static constexpr std::array observables = {Observable::learnability,
                                             Observable::error_mean_predictor,
                                             Observable::kappa_eff,
                                             Observable::overlap_histogram,
                                             Observable::overlap_moment,
                                             Observable::droplet_fraction,
                                             Observable::discrepancy,
                                             Observable::validity,
                                             listed("phase"),
                                             listed("droplet_edge"),
                                             listed("droplet_overlap"),
                                             listed("droplet_share"),
                                             listed("mixed_phase_begin"),
                                             listed("mixed_phase_end"),
                                             listed("droplet_onset"),
                                             listed("solver_residual")};
  static auto fields() {
    return std::tuple{
        field(
            "solver", &Droplet::solver,
            "`continuum`: a target of one direction; `large_modulus`: addition modulo a large number, in closed form"),
        field("modulus", &Droplet::modulus, "P of large_modulus", non_negative()),
        field("prior_strength", &Droplet::prior_strength, "γ of the sixth-order weight prior of large_modulus",
              non_negative())};
  }
  std::optional<std::string> problem() const;
  /// Addition modulo a large number is a closed form.
  bool gives(Observable observable) const {
    return solver == DropletSolver::continuum || observable != listed("solver_residual");
  }
  bool operator==(const Droplet&) const = default;

  struct Inputs {
    double dimension = 1;
    double train_size = 1;
    double noise = 0;
    std::vector<double> coefficients = {};  ///< c_1, c_3, …
    double scale = 1;
    double weight_variance = 1;
    double readout_variance = 1;
    double width = 1;
    double chi = 1;
    double ridge = 0;
    int bins = 0;
    double bins_low = 0, bins_high = 0;
    std::optional<double> beyond = {};

    static auto fields() {
      return std::tuple_cat(
          std::tuple{field("dimension", &Inputs::dimension, "d", positive()),
                     field("train_size", &Inputs::train_size, "P", positive()),
                     field("noise", &Inputs::noise, "standard deviation σ of the label noise", non_negative()),
                     field("coefficients", &Inputs::coefficients, "of the normalised Hermite polynomials 1, 3, …")},
          network_fields<Inputs>(),
          std::tuple{field("bins", &Inputs::bins, "of the histogram", non_negative()),
                     field("bins_low", &Inputs::bins_low, "its lower end"),
                     field("bins_high", &Inputs::bins_high, "its upper end"),
                     field("beyond", &Inputs::beyond, "|m| from which on a unit counts to droplet_fraction")});
    }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  Result predict(const Inputs& inputs) const;
};

}  // namespace fieldscan::theory
