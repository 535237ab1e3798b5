#pragma once
#include <array>
#include <string_view>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/card.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

namespace fieldscan::theory {

/// How averages over the weights of one neuron are formed: from Gaussian ones, by a rule of nodes, from chains.
enum class NeuronAverages { closed, rule, chains };
constexpr auto words(NeuronAverages) { return std::array<std::string_view, 3>{"closed", "rule", "chains"}; }

/// Mean-field adaptation of the kernel: the posterior of one hidden layer as N → ∞ at fixed b = χ σ_a²/N, χ ~ N.
///
/// The units are independent, with weights from a tilted density that the labels choose themselves:
///
///     Γ(t) = (κ/2)|t|² − t·y + (σ_a²/b) log ⟨exp((b/2)(t·φ)²)⟩_0,   strictly convex in t: one saddle
///     p_t(w) ∝ p_0(w) exp((b/2)(t·φ(w))²),   K̄ = σ_a²⟨φφᵀ⟩_t,   t = (K̄ + κ)⁻¹ y,   f̄(x) = σ_a²⟨φ(x) t·φ⟩_t
///     D(x, x′) = σ_a²⟨φφ′⟩ + b σ_a² Cov(s φ, s φ′),   s = t·φ
///     χ ⟨δf²⟩ = D_** − D_*ᵀ(D + κ)⁻¹D_*
///
/// with φ at the training points, averages ⟨·⟩_t over p_t. The variance is not that of a Gaussian process with K̄, which
/// is several times smaller: the kernel itself fluctuates. Errors are those of one network. Linear units have a closed
/// form. In up to three dimensions (a bias is one) smooth units are averaged over nodes to all digits; otherwise over
/// chains, the numbers are sampled, and all have a standard error.
///
/// `validity` is E = (χ/N) tᵀK t with t, K of infinite width. `overlap_histogram`, `overlap_moment`, `specialisation`
/// where the target has one direction; `alignment` is that of K̄, the network's own NNGP kernel (`{kind: alignment, of:
/// nngp}`). The kernels on the training set are kept up to P = 256, where
/// they are not sampled. Several outputs share one kernel, y and t are [P × C]; linear units have one output.
/// Sources: I. Seroussi, G. Naveh, Z. Ringel, Nature Communications 14, 908 (2023), without their Gaussian closure;
/// N. Rubin et al. (2025); C. Lauditi, B. Bordelon, C. Pehlevan (2025); A. van Meegen, H. Sompolinsky (2024). The
/// variance: derived.
struct KernelAdaptation {
  int samples = 32768;  ///< of the weights of one neuron, where they are sampled

  static constexpr std::string_view kind = "kernel_adaptation";
  static constexpr int revision = 2;
  static constexpr std::string_view summary =
      "Mean-field adaptation of the kernel at chi ~ N: the exact saddle of one hidden layer.";
  static const Card card;
  static constexpr Given given = Given::draw;
  static constexpr bool several_outputs = true;
  static constexpr std::array observables = {
      Observable::predictor,          Observable::error_test,     Observable::error_mean_predictor,
      Observable::variance_posterior, Observable::error_train,    Observable::learnability,
      Observable::nngp_empirical,     Observable::hidden_kernel,  Observable::alignment,
      Observable::overlap_histogram,  Observable::overlap_moment, Observable::specialisation,
      Observable::validity,           listed("predictor_error"),  listed("solver_residual")};
  static auto fields() {
    return std::tuple{field("samples", &KernelAdaptation::samples,
                            "weights of one neuron that averages are taken over, where they are sampled",
                            at_least(1024))};
  }
  bool operator==(const KernelAdaptation&) const = default;

  struct Inputs {
    KernelSpec kernel;
    NeuronAverages averages = NeuronAverages::closed;
    double strength = 0;  ///< b = χ σ_a²/N
    double ridge = 0;
    double chi = 1;  ///< of the variance, which carries 1/χ
    int bins = 0;    ///< of overlap_histogram; 0: the target has no direction
    double bins_low = 0, bins_high = 0;
    static auto fields() {
      return std::tuple{field("kernel", &Inputs::kernel, "what the kernel depends on"),
                        field("averages", &Inputs::averages, "how averages over a neuron's weights are formed"),
                        field("strength", &Inputs::strength, "b = χ σ_a²/N", positive()),
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
  bool sampled(const Inputs& inputs) const { return inputs.averages == NeuronAverages::chains; }
  Result predict(const Inputs& inputs, const data::Draw& draw, const Stream& stream) const;
};

}  // namespace fieldscan::theory
