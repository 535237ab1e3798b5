#pragma once
#include <array>
#include <string_view>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/card.hpp"
#include "fieldscan/theory/finite_width/variational_adaptation.hpp"

namespace fieldscan::theory {

/// What is assumed of the pre-activations of a layer.
enum class DeepClosure { gaussian, sampled };
constexpr auto words(DeepClosure) { return std::array<std::string_view, 2>{"gaussian", "sampled"}; }

/// Adaptation of the kernels of every layer, `closure: gaussian`: the pre-activations of a unit stay normal, with
/// covariances Σ_l that minimise
///
///     Σ_l N_l KL(Σ_l|C_l) + (χ/2) yᵀ(K_Σ + κ)⁻¹y + ½ log det(K_Σ + κ),   C_l = σ_w²⟨φφᵀ⟩(Σ_{l−1}) + σ_b²
///
/// forwards and backwards through the layers. `method: mean_field` leaves out the log determinant, which is smaller by
/// χ. With one hidden layer it is `variational_adaptation`; for linear units of any depth its means are those of deep
/// linear networks at their saddle. Outputs are those of a Gaussian process with K_Σ: like there, the variance of
/// networks is larger by what the kernel fluctuates. `alignment` is that of K_Σ, the network's own NNGP kernel.
///
/// `closure: sampled` assumes nothing of them: two hidden layers as N → ∞ at fixed b = χσ_a²/N_2, what
/// kernel_adaptation is to one. Units of either layer are sampled under
///
///     layer 1   p_0 exp(½φᵀAφ),   A = σ_w²(N_2/N_1)⟨∂∂ᵀV + ∂V∂Vᵀ⟩₂,   V = (b/2)(t·φ)²
///     layer 2   N(h; 0, C) e^V,   C = σ_w²⟨φφᵀ⟩₁ + σ_b²,   t = (σ_a²⟨φφᵀ⟩₂ + κ)⁻¹y,   f̄ = σ_a²⟨φ_* t·φ⟩₂
///
/// and χ⟨δf²⟩ = df̄/dJ, the answer of t, A and C to a source on the output. Its numbers have standard errors, of eight
/// independent populations; `method` is of the other closure. One output, no kinks, P ≤ 64: the equations are of P²/2
/// numbers.
/// Sources: I. Seroussi, G. Naveh, Z. Ringel, Nature Communications 14, 908 (2023); K. Fischer et al., ICML (2024);
/// C. Lauditi, B. Bordelon, C. Pehlevan, ICML (2025); without inverses of C_l, and the variance of sampled units:
/// derived.
struct DeepAdaptation {
  DeepClosure closure = DeepClosure::gaussian;
  VariationalMethod method = VariationalMethod::saddle;
  int samples = 32768;  ///< units of every layer in all populations, where they are sampled

  static constexpr std::string_view kind = "deep_adaptation";
  static constexpr int revision = 2;
  static constexpr std::string_view summary =
      "Adaptation of every layer's kernel, with normal or sampled pre-activations.";
  static const Card card;
  static constexpr Given given = Given::draw;
  static constexpr bool several_outputs = true;
  static constexpr int estimates = 8;  ///< independent populations, of which errors are the spread
  static constexpr KernelKind describes = KernelKind::nngp;
  static constexpr std::array observables = {
      Observable::predictor,          Observable::error_test,     Observable::error_mean_predictor,
      Observable::variance_posterior, Observable::error_train,    Observable::learnability,
      Observable::nngp_empirical,     Observable::hidden_kernel,  Observable::alignment,
      Observable::overlap_histogram,  Observable::overlap_moment, Observable::specialisation,
      Observable::validity,           listed("predictor_error"),  listed("solver_residual")};
  static auto fields() {
    return std::tuple{
        field("closure", &DeepAdaptation::closure,
              "`gaussian`: the pre-activations stay normal; `sampled`: they are what they are, two hidden layers"),
        field("method", &DeepAdaptation::method,
              "`saddle`: with the fluctuations of the outputs; `mean_field`: without"),
        field("samples", &DeepAdaptation::samples,
              "units of every layer that averages are taken over, where they are sampled", at_least(8192))};
  }
  bool operator==(const DeepAdaptation&) const = default;

  struct Inputs {
    KernelSpec kernel;
    PerLayer<int> width = 1;
    double ridge = 0;
    double chi = 1;
    int bins = 0;  ///< of overlap_histogram; 0: the target has no direction
    double bins_low = 0, bins_high = 0;
    static auto fields() {
      return std::tuple{field("kernel", &Inputs::kernel, "what the kernel depends on"),
                        field("width", &Inputs::width, "N of the hidden layers", at_least(1)),
                        field("ridge", &Inputs::ridge, "κ", positive()),
                        field("chi", &Inputs::chi, "χ", positive()),
                        field("bins", &Inputs::bins, "bins of the overlap", non_negative()),
                        field("bins_low", &Inputs::bins_low, "their lower end"),
                        field("bins_high", &Inputs::bins_high, "their upper end")};
    }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  bool sampled(const Inputs&) const { return closure == DeepClosure::sampled; }
  Result predict(const Inputs& inputs, const data::Draw& draw, const Stream& stream) const;
};

}  // namespace fieldscan::theory
