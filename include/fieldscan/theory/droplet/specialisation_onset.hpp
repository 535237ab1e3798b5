#pragma once
#include <array>
#include <functional>
#include <string_view>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/card.hpp"
#include "fieldscan/theory/droplet/single_index.hpp"

namespace fieldscan::theory {

/// A target c he_n(w*·x) alone, n odd and above 1: without a linear component units do not turn before P is large
/// enough to carry them away from m = 0 at once, where the tilt is flat.
///
/// In the continuum, with one mode and ρ at its mean σ_w²: the P at which a share of c is learned, exactly, and by
/// its scaling law, where max_m [(b/2)(P t φ_n)² − d m²/(2σ_w²)] = 0 with t = c/κ_eff,
///
///     P = κ_eff √(d/b)/(|c| σ_w max_m φ_n(m)/m)
///
/// both with κ_eff(P).
struct Onset {
  double points = 0;     ///< P
  double scaling = 0;    ///< P of the scaling law
  double lazy = 0;       ///< P at which the kernel of infinite width has learned that share: never less than `points`
  double kappa_eff = 0;  ///< at points
  double residual = 0;   ///< |log of both sides of the equation of P|
};
/// problem: its points and kappa_eff are not used; coefficient has one entry that is not zero. kappa_eff(P) falls.
/// Throws solve::NotConverged where it is not found.
Onset specialisation_onset(const SingleIndex& problem, const std::function<double(double points)>& kappa_eff,
                           double learned);

/// That as a theory: where 2% are learned. `validity` is d/P there; flagged above 1/3, as for `droplet`, and where the
/// kernel of infinite width needs less than twice as many points: then no specialisation is seen.
struct SpecialisationOnset {
  static constexpr std::string_view kind = "specialisation_onset";
  static constexpr int revision = 3;
  static constexpr std::string_view summary =
      "How many points a target without a linear component needs before units turn to it.";
  static const Card card;
  static constexpr Given given = Given::nothing;
  static constexpr std::array observables = {listed("onset_train_size"), listed("onset_scaling"), Observable::kappa_eff,
                                             Observable::validity, listed("solver_residual")};
  static auto fields() { return std::tuple{}; }
  bool operator==(const SpecialisationOnset&) const = default;

  struct Inputs {
    double dimension = 1;
    int order = 3;
    double coefficient = 1;
    double scale = 1;
    double weight_variance = 1;
    double readout_variance = 1;
    double width = 1;
    double chi = 1;
    double ridge = 0;
    static auto fields() {
      return std::tuple_cat(
          std::tuple{field("dimension", &Inputs::dimension, "d", positive()),
                     field("order", &Inputs::order, "n", at_least(3)), field("coefficient", &Inputs::coefficient, "c")},
          network_fields<Inputs>());
    }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  Result predict(const Inputs& inputs) const;
};

}  // namespace fieldscan::theory
