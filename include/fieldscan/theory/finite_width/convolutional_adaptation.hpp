#pragma once
#include <array>
#include <string_view>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/card.hpp"
#include "fieldscan/theory/kernel/convolutional_kernels.hpp"

namespace fieldscan::theory {

/// Mean-field adaptation of one convolutional layer: its posterior as the channels N → ∞ at fixed b = χ σ_a²/N.
///
/// Filters are independent, with weights from a tilted density that the labels choose themselves. With F_i = φ_i/√S the
/// maps of one filter w, i = 1 … S, of a pooling readout the one map F = (1/S) Σ_i φ_i,
///
///     Γ(t) = (κ/2)|t|² − t·y + (σ_a²/b) log ⟨exp((b/2) Σ_i (t·F_i)²)⟩_0,   strictly convex: one saddle
///     p_t(w) ∝ p_0(w) exp((b/2) Σ_i (t·F_i)²),   f̄(x) = σ_a² ⟨Σ_i F_i(x) t·F_i⟩_t,   J = Σ_i (t·F_i) F_i
///     D(x, x′) = σ_a² ⟨Σ_i F_i F_i′⟩_t + b σ_a² Cov_t(J, J′),   χ ⟨δf²⟩ = D_** − D_*ᵀ(D + κ)⁻¹D_*
///
/// The average has the dimension of a patch, not of the image: nodes in up to three dimensions (a bias is one), to all
/// digits. `validity` is E = (χ/N) tᵀK t with t, K of infinitely many channels.
/// Source: as `kernel_adaptation`; shared filters: derived.
struct ConvolutionalAdaptation {
  static constexpr std::string_view kind = "convolutional_adaptation";
  static constexpr int revision = 1;
  static constexpr std::string_view summary =
      "Mean-field adaptation of one convolutional layer at chi ~ N: filters that learn.";
  static const Card card;
  static constexpr Given given = Given::draw;
  static constexpr bool convolutional = true;
  static constexpr std::array observables = {
      Observable::predictor,   Observable::error_test,         Observable::error_mean_predictor,
      Observable::error_train, Observable::variance_posterior, Observable::learnability,
      Observable::validity,    listed("solver_residual")};
  static auto fields() { return std::tuple{}; }
  bool operator==(const ConvolutionalAdaptation&) const = default;

  struct Inputs {
    ConvolutionalSpec architecture;
    double strength = 0;  ///< b = χ σ_a²/N
    double ridge = 0;
    double chi = 1;  ///< of the variance, which carries 1/χ
    static auto fields() {
      return std::tuple{field("architecture", &Inputs::architecture, "the network, with its width"),
                        field("strength", &Inputs::strength, "b = χ σ_a²/N", positive()),
                        field("ridge", &Inputs::ridge, "κ", positive()), field("chi", &Inputs::chi, "χ", positive())};
    }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  Result predict(const Inputs& inputs, const data::Draw& draw) const;
};

}  // namespace fieldscan::theory
