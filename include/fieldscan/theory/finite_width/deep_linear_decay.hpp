#pragma once
#include <array>
#include <optional>
#include <string_view>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/card.hpp"
#include "fieldscan/theory/finite_width/scaled_kernel.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

namespace fieldscan::theory {

/// Where a deep linear network with decay towards zero rests, min ½ |f − y|² + (κ/2χ) |θ|².
///
/// At a minimum all layers have one norm, and the decay is one of f alone: with K the kernel of infinite width, f = K
/// α,
///
///     min ½ |Kα − y|² + ((L+1)/2)(κ/χ)(χ Π N_l)^(1/(L+1)) (αᵀKα)^(1/(L+1))
///     α = (K + μ)⁻¹ y,   μ = (κ/χ)(χ Π N_l)^(1/(L+1)) (αᵀKα)^(1/(L+1) − 1)
///     |θ_l|² = (χ/κ) Σ (y − f) f  for every layer
///
/// the smallest root μ, where it lies below f = 0. One hidden layer: a group lasso, f = 0 at once above κ_c =
/// √((χ/N) yᵀK y); deeper, both minima stand side by side, and which one a descent finds the start decides.
struct DecayMinimum {
  std::optional<double> ridge;  ///< μ; none where f = 0 is lowest
  Vector weights;               ///< λ-coefficients of α, (λ + μ)⁻¹ Uᵀy; zero where f = 0
  double loss = 0;              ///< with the decay
  double norm = 0;              ///< |θ_l|²
  bool other = false;   ///< whether f = 0 is lowest and beside it there is another minimum, as deeper networks have
  double residual = 0;  ///< |log of both sides of the equation of μ|; 0 where it has no root
};
/// widths' product Π N_l; κ > 0. Throws NotConverged where the root is not found between its brackets.
DecayMinimum decay_minimum(const ScaledKernel& kernel, const std::vector<double>& widths);

/// The prediction for trainers with `anchor: zero`: of one output, whose first layer alone may have biases. Flagged
/// where f = 0 is the lowest of two minima: a descent from weights that are not small ends at the other one.
struct DeepLinearDecay {
  static constexpr std::string_view kind = "deep_linear_decay";
  static constexpr int revision = 3;
  static constexpr std::string_view summary =
      "Deep linear networks at the end of descent with decay towards zero: closed form at any width.";
  static const Card card;
  static constexpr Given given = Given::draw;
  static constexpr std::array observables = {
      Observable::predictor,    Observable::error_test,  Observable::error_train,  Observable::error_mean_predictor,
      Observable::learnability, Observable::weight_norm, listed("solver_residual")};
  static auto fields() { return std::tuple{}; }
  bool operator==(const DeepLinearDecay&) const = default;

  struct Inputs {
    KernelSpec kernel;
    PerLayer<int> width;
    double ridge = 0;
    double chi = 1;
    static auto fields() {
      return std::tuple{field("kernel", &Inputs::kernel, "what the kernel depends on"),
                        field("width", &Inputs::width, "N_l", at_least(1)),
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
