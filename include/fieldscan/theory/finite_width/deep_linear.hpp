#pragma once
#include <array>
#include <string_view>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/card.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

namespace fieldscan::theory {

/// How the scale of a linear network's kernel is averaged.
enum class ScaleMethod {
  exact,       ///< over its whole distribution
  saddle,      ///< at its most probable value
  mean_field,  ///< the same without the trace term: N → ∞ at χ ~ N
};
constexpr auto words(ScaleMethod) { return std::array<std::string_view, 3>{"exact", "saddle", "mean_field"}; }

/// Whether the array `hidden_kernel` [layer, point, point] is among the predictions.
enum class HiddenKernel { without, with };
constexpr auto words(HiddenKernel) { return std::array<std::string_view, 2>{"without", "with"}; }

/// The posterior of deep linear networks of finite width.
///
///     Q = Π q_l,  q_l ~ χ²(N_l)/N_l a priori;  p(Q | y) ∝ p(Q) exp(−(χ/2) yᵀA⁻¹y − ½ log det A),  A = QK + κ I
///     f̄(x*) = E_Q[Q k*ᵀA⁻¹y],   ⟨δf²⟩ = E_Q[Q k** − Q² k*ᵀA⁻¹k*]/χ + Var_Q(Q k*ᵀA⁻¹y)
///     ⟨|θ_l|²⟩ − count = E_Q[χ yᵀA⁻¹QKA⁻¹y − tr A⁻¹QK] for every layer
///
/// K is the kernel of infinite width. Exact at every N_l ≥ 1, P, χ and κ, of any data; biases of the first layer are
/// one input more. The hidden kernels with `method: exact`: of one layer exact,
///
///     ⟨φφᵀ/N⟩ = (1 − 1/N) K_0 + (1/N) E_Q[χ/(Q σ_a²) (m mᵀ + V/χ)],  m, V the posterior of f on the training points
///
/// of more layers at order 1/N, r_l K + r_l Σ_{l' ≤ l} (1/N_l') K [χ t tᵀ − G] K with G = (K + κ)⁻¹, t = G y and r_l K
/// the kernel of infinite width of layer l: `validity` is then χ tᵀKt/N. With `mean_field` they are exact at N → ∞:
/// r_l (K + (Π_{l' ≤ l} q_l' − 1) Kt tᵀK/tᵀKt), t = (QK + κ)⁻¹y.
///
/// Several outputs: `saddle` and `mean_field`, at the matrix of their scales (`scale_matrix`), and of `saddle` the
/// hidden kernels at order 1/N.
struct DeepLinear {
  ScaleMethod method = ScaleMethod::exact;
  HiddenKernel hidden_kernel = HiddenKernel::without;

  static constexpr std::string_view kind = "deep_linear";
  static constexpr int revision = 2;
  static constexpr std::string_view summary =
      "Posterior of deep linear networks, exact at any width, depth, number of points and χ.";
  static const Card card;
  static constexpr Given given = Given::draw;
  static constexpr bool several_outputs = true;
  static constexpr std::array observables = {
      Observable::predictor,      Observable::error_test,    Observable::error_mean_predictor,
      Observable::error_train,    Observable::learnability,  Observable::variance_posterior,
      Observable::norm_excess,    Observable::kernel_scale,  Observable::log_evidence,
      Observable::validity,       Observable::hidden_kernel, listed("solver_residual"),
      listed("start_difference"),
  };
  static auto fields() {
    return std::tuple{
        field("method", &DeepLinear::method,
              "`exact`: averaged over the scale Q of the kernel; `saddle`: at its most probable value; `mean_field`: "
              "the same without the trace term, what N → ∞ gives at χ ~ N"),
        field("hidden_kernel", &DeepLinear::hidden_kernel,
              "`with`: the kernels of all hidden layers as well, L P² numbers a draw")};
  }
  /// Averages over all scales solve no equation: they have no residual, and no other roots.
  bool gives(Observable observable) const {
    const bool of_saddle = observable == listed("solver_residual") || observable == listed("start_difference");
    return !of_saddle || method != ScaleMethod::exact;
  }
  bool operator==(const DeepLinear&) const = default;

  struct Inputs {
    KernelSpec kernel;
    PerLayer<int> width;
    double ridge = 0;
    double chi = 1;
    static auto fields() {
      return std::tuple{field("kernel", &Inputs::kernel, "what the kernel depends on"),
                        field("width", &Inputs::width, "N_l", at_least(1)),
                        field("ridge", &Inputs::ridge, "κ", non_negative()),
                        field("chi", &Inputs::chi, "χ", positive())};
    }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  Result predict(const Inputs& inputs, const data::Draw& draw) const;
};

}  // namespace fieldscan::theory
