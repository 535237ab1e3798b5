#pragma once
#include <array>
#include <string_view>

#include "fieldscan/theory/average/averaged_regression.hpp"
#include "fieldscan/theory/card.hpp"

namespace fieldscan::theory {

/// Corrections of order 1/P to the equivalent kernel.
enum class Correction {
  none,
  poisson,  ///< the number of points fluctuates as well, with mean P
  fixed,    ///< exactly P points: a mode does not act on itself
};
constexpr auto words(Correction) { return std::array<std::string_view, 3>{"none", "poisson", "fixed"}; }

/// The mean predictor f = Σ w_l g_l φ_l: with C_l = λ_l κ/(P λ_l + κ) and c = Σ N_l C_l,
///
///     w_l = λ_l/(λ_l + κ/P) − (c + excess C_l − [fixed] C_l) λ_l/(P (λ_l + κ/P)²)
///
/// excess: 0 where Σ_l C_l φ_l(x)² is the same at all x (the sphere), 2 for normal modes, whose fourth moment is 3.
/// Domain: ridge > 0; a tail of the spectrum adds to c.
Vector equivalent_learnability(const Spectrum& spectrum, double points, double ridge, Correction correction,
                               double excess = 0);

/// c/κ = Σ N_l λ_l/(P λ_l + κ): what the ridge is renormalised by, to leading order. The equivalent kernel needs it to
/// be small.
double equivalent_validity(const Spectrum& spectrum, double points, double ridge);

/// The limit of many points at fixed κ/P, and its first correction.
///
/// `error_mean_predictor` is Σ (1 − w_l)² g_l² + γ σ², γ = Σ N_l L_l²/P with the leading L; a correction adds γ Σ (1 −
/// L_l)² g_l², the variance between data sets at the same order. `variance_posterior` is c/χ, with a correction c (1 +
/// γ)/χ. `validity` is c/κ; numbers are flagged above 0.1, with a correction above 0.3.
struct EquivalentKernel {
  Correction correction = Correction::none;
  KernelChoice kernel = KernelChoice::automatic;

  static constexpr std::string_view kind = "equivalent_kernel";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "Many points at fixed κ/P: equivalent kernel and its 1/P correction.";
  static const Card card;
  static constexpr Given given = Given::nothing;
  static constexpr bool several_outputs = true;
  static constexpr std::array observables = {Observable::error_test,         Observable::error_mean_predictor,
                                             Observable::variance_posterior, Observable::learnability,
                                             Observable::eigenvalue,         Observable::validity};
  static auto fields() {
    return std::tuple{field("correction", &EquivalentKernel::correction,
                            "`none`; `poisson` and `fixed`: with the correction of order 1/P"),
                      field("kernel", &EquivalentKernel::kernel, kernel_sentence).outside_identity()};
  }
  bool operator==(const EquivalentKernel&) const = default;

  using Inputs = AveragedRegression<ModesChoice>;

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  Result predict(const Inputs& inputs) const;
};

}  // namespace fieldscan::theory
