#pragma once
#include <array>
#include <string_view>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/card.hpp"
#include "fieldscan/theory/finite_width/width_expansion.hpp"

namespace fieldscan::theory {

/// The posterior mean to first order in one over the widths, f₀ + Σ_l f₁ˡ/N_l, see `width_expansion`.
///
/// Averages over the weights of one unit are taken by a product rule where that is possible, and then the numbers are
/// exact; otherwise from samples: every number has its Monte-Carlo error, and `predictor_error` is that of the
/// predictor. No variance of first order is known, so there is no `error_test`. `validity` is the parameter of the
/// expansion, Σ_l (χ tr αᵀKα + tr GK)/N_l with α = (K + κ)⁻¹y, G = (K + κ)⁻¹; numbers are flagged where the first part,
/// the pull of the labels, exceeds 1/2, the second 0.3, or the root mean square of the correction 0.3 of that of f₀:
/// the kernels of rectifiers fluctuate more than those parameters tell. What is neglected is of second order. Beyond,
/// this can be worse than the limit of infinite width. Compared with sampled networks of up to three hidden layers.
struct Perturbative {
  enum class Averages { automatic, sampled };
  Averages averages = Averages::automatic;
  int samples = 1048576;
  int order = 1;

  static constexpr std::string_view kind = "perturbative";
  static constexpr int revision = 2;
  static constexpr std::string_view summary =
      "Posterior mean of networks of finite width, to first order in 1/N: Gaussian process and one correction.";
  static const Card card;
  static constexpr Given given = Given::draw;
  static constexpr bool several_outputs = true;
  static constexpr std::array observables = {Observable::predictor, Observable::error_mean_predictor,
                                             Observable::learnability, Observable::validity, listed("predictor_error")};
  static auto fields() {
    return std::tuple{
        field(
            "averages", &Perturbative::averages,
            "how averages over one unit's weights are taken: by a product rule where there is one (one hidden layer; inputs in at most 3 dimensions and a smooth activation, or a polynomial), or from samples in any case")
            .outside_identity(),
        field("samples", &Perturbative::samples, "units of every layer that are sampled, where they are",
              at_least(1000))
            .outside_identity(),
        field("order", &Perturbative::order, "the order in one over the widths; no other is known", between(1, 1))};
  }
  bool operator==(const Perturbative&) const = default;

  struct Inputs {
    KernelSpec kernel;
    PerLayer<int> width = 1;
    double ridge = 0;
    double chi = 1;
    int samples = 0;
    static auto fields() {
      return std::tuple{
          field("kernel", &Inputs::kernel, "what the kernel depends on"),
          field("width", &Inputs::width, "N_l", at_least(1)), field("ridge", &Inputs::ridge, "κ", positive()),
          field("chi", &Inputs::chi, "χ", positive()),
          field("samples", &Inputs::samples, "units that are sampled; 0: a product rule", non_negative())};
    }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  bool sampled(const Inputs& inputs) const;
  Result predict(const Inputs& inputs, const data::Draw& draw, const Stream& stream) const;
};
constexpr auto words(Perturbative::Averages) { return std::array<std::string_view, 2>{"automatic", "sampled"}; }

}  // namespace fieldscan::theory
