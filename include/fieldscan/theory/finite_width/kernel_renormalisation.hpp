#pragma once
#include <array>
#include <string_view>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/card.hpp"
#include "fieldscan/theory/finite_width/renormalised_kernel.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

namespace fieldscan::theory {

/// At which scale of the kernel: the most probable one, or averaged as in a linear network.
enum class Renormalisation { saddle, student_t };
constexpr auto words(Renormalisation) { return std::array<std::string_view, 2>{"saddle", "student_t"}; }

/// The posterior of nonlinear networks whose layers change by one number each.
///
/// Where the field t·φ(w) of one unit is Gaussian under the prior, the kernel of infinite width K is renormalised by a
/// scale, in one hidden layer of odd units K_R = Q K with
///
///     N (Q − 1) = χ yᵀA⁻¹QKA⁻¹y − tr A⁻¹QK,  A = QK + κ I;   f̄ = Q k*ᵀA⁻¹y,   ⟨δf²⟩ = (Q k** − Q² k*ᵀA⁻¹k*)/χ
///
/// Units with a mean have a second parameter (`renormalised_with_mean`), deeper networks of odd units one scale per
/// layer, by one of three closures (`renormalised_deep`; `vanilla`: Q = Π q_l). `student_t` averages over Q = Π q_l,
/// q_l ~ χ²(N_l)/N_l, weighted by the evidence. `validity` is P tr K²/(tr K)² − 1, the points per
/// direction of the kernel (P/d for generic inputs), flagged above 2: then few directions adapt by themselves, which no
/// scale can tell. Flagged too where most of t·φ(w) of odd units is not linear in w, t = (QK + κ)⁻¹y. Not flagged:
/// linear units, nor where (χ tᵀKt + tr GK)/N is below 0.05 and the network is as good as infinitely wide.
/// Several outputs: with one scale and `saddle`, at the matrix of their scales (`scale_matrix`).
struct KernelRenormalisation {
  Renormalisation method = Renormalisation::saddle;
  Closure closure = Closure::vanilla;

  static constexpr std::string_view kind = "kernel_renormalisation";
  static constexpr int revision = 3;
  static constexpr std::string_view summary =
      "Posterior of finite networks whose kernel is rescaled, by one number per layer, at P ~ N.";
  static const Card card;
  static constexpr Given given = Given::draw;
  static constexpr bool several_outputs = true;
  static constexpr std::array observables = {
      Observable::predictor,      Observable::error_test,         Observable::error_mean_predictor,
      Observable::error_train,    Observable::variance_posterior, Observable::learnability,
      Observable::kernel_scale,   Observable::validity,           listed("solver_residual"),
      listed("start_difference"),
  };
  static auto fields() {
    return std::tuple{field("method", &KernelRenormalisation::method,
                            "`saddle`: at the most probable scale; `student_t`: averaged over the scale, odd units and "
                            "the closure `vanilla`"),
                      field("closure", &KernelRenormalisation::closure,
                            "of deep networks, how the scales of the layers enter; none is best everywhere: `vanilla` "
                            "Π q_l K, `nested` q_L k(… q_1 k(S)), `wishart` that to first order in each q_l − 1")};
  }
  /// An average over all scales solves no equation: it has no residual, and no other roots.
  bool gives(Observable observable) const {
    const bool of_saddle = observable == listed("solver_residual") || observable == listed("start_difference");
    return !of_saddle || method != Renormalisation::student_t;
  }
  bool operator==(const KernelRenormalisation&) const = default;

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
