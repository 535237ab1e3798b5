#pragma once
#include <array>
#include <string_view>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/card.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

namespace fieldscan::theory {

/// Whether the free energy contains the fluctuations of the outputs: half the log determinant, or nothing.
enum class VariationalMethod { saddle, mean_field };
constexpr auto words(VariationalMethod) { return std::array<std::string_view, 2>{"saddle", "mean_field"}; }

/// Adaptation of the kernel with Gaussian weights: w ~ N(0, Σ) of every unit of one hidden layer, Σ by
///
///     S(Σ) = (N/2)[tr Σ/σ_w² − log det(Σ/σ_w²) − d] + (χ/2) yᵀ(K_Σ + κ)⁻¹y + ½ log det(K_Σ + κ) → min
///
/// with K_Σ the kernel of infinite width at weights of that covariance; `method: mean_field` leaves the last term out,
/// which is smaller than the others by χ. Outputs are those of a Gaussian process with K_Σ.
///
/// The literature's equations of state. Where the weights are not Gaussian, as with a target along one direction, it
/// finds a third of the way from infinite width to what networks do, and its variance is several times too small:
/// `kernel_adaptation` has neither fault. `alignment` is that of K_Σ, the network's own NNGP kernel.
/// `start_difference` compares the minima that the prior and three random starts lead to.
/// Source: I. Seroussi, G. Naveh, Z. Ringel, Nature Communications 14, 908 (2023); as a minimum: derived.
struct VariationalAdaptation {
  VariationalMethod method = VariationalMethod::saddle;

  static constexpr std::string_view kind = "variational_adaptation";
  static constexpr int revision = 2;
  static constexpr std::string_view summary =
      "Adaptation of the kernel with Gaussian weights: the equations of state of the literature.";
  static const Card card;
  static constexpr Given given = Given::draw;
  static constexpr bool several_outputs = true;
  static constexpr KernelKind describes = KernelKind::nngp;
  static constexpr std::array observables = {
      Observable::predictor,          Observable::error_test,     Observable::error_mean_predictor,
      Observable::variance_posterior, Observable::error_train,    Observable::learnability,
      Observable::nngp_empirical,     Observable::hidden_kernel,  Observable::alignment,
      Observable::overlap_histogram,  Observable::overlap_moment, Observable::specialisation,
      Observable::validity,           listed("solver_residual"),  listed("start_difference")};
  static auto fields() {
    return std::tuple{field("method", &VariationalAdaptation::method,
                            "`saddle`: with the fluctuations of the outputs; `mean_field`: without")};
  }
  bool operator==(const VariationalAdaptation&) const = default;

  struct Inputs {
    KernelSpec kernel;
    double width = 1;
    double ridge = 0;
    double chi = 1;
    int bins = 0;  ///< of overlap_histogram; 0: the target has no direction
    double bins_low = 0, bins_high = 0;
    static auto fields() {
      return std::tuple{field("kernel", &Inputs::kernel, "what the kernel depends on"),
                        field("width", &Inputs::width, "N", positive()),
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
  Result predict(const Inputs& inputs, const data::Draw& draw) const;
};

}  // namespace fieldscan::theory
