#pragma once
#include <array>
#include <string_view>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/card.hpp"
#include "fieldscan/theory/finite_width/local_kernel.hpp"

namespace fieldscan::theory {

/// The posterior of one convolutional layer of N channels whose kernel is renormalised position by position.
///
/// With S positions of a filter and k_ij the kernel between patches i and j, an S × S matrix takes the place of the one
/// scale of `kernel_renormalisation`:
///
///     K_Q = (σ_a²/S) Σ_ij Q_ij k_ij,   S(Q) = (N/2)(tr Q − log det Q) + (χ/2) yᵀ(K_Q + κ)⁻¹y + ½ log det(K_Q + κ)
///
/// at its minimum; mean and variance are those of a Gaussian process with K_Q. A channel enters through the S numbers
/// s_i = t·φ_i, t = (K_Q + κ)⁻¹y, taken to be Gaussian. Any stride, padding and overlap of the patches. A pooling
/// readout has one scale of K = (σ_a²/S²) Σ_ij k_ij. `kernel_scale` is tr Q/S; `validity` is S/N, above 1 of which Q
/// fluctuates as much as it is, or half of P tr K²/(tr K)² − 1, points per direction of the kernel, whichever is
/// larger. Flagged where it is above 1, or where less than half of ⟨Σ_ij Q_ij s_i s_j⟩ is linear in the filters: there
/// s_i is not Gaussian. Source: F. Aiudi, R. Pacelli, P. Baglioni, A. Vezzani, R. Burioni, P. Rotondo,
/// arXiv:2307.11807; overlapping patches, χ and ridge: derived.
struct LocalRenormalisation {
  static constexpr std::string_view kind = "local_renormalisation";
  static constexpr int revision = 2;
  static constexpr std::string_view summary =
      "Posterior of one convolutional layer with N channels: a matrix of scales between positions.";
  static const Card card;
  static constexpr Given given = Given::draw;
  static constexpr bool convolutional = true;
  static constexpr std::array observables = {
      Observable::predictor,   Observable::error_test,         Observable::error_mean_predictor,
      Observable::error_train, Observable::variance_posterior, Observable::learnability,
      Observable::kappa_eff,   Observable::condition_number,   Observable::jitter,
      Observable::error_loo,   Observable::error_gcv,          Observable::kernel_scale,
      Observable::validity,    listed("solver_residual")};
  static auto fields() { return std::tuple{}; }
  bool operator==(const LocalRenormalisation&) const = default;

  struct Inputs {
    ConvolutionalSpec architecture;
    int channels = 1;
    double ridge = 0;
    double chi = 1;
    static auto fields() {
      return std::tuple{field("architecture", &Inputs::architecture, "the network, with its width"),
                        field("channels", &Inputs::channels, "N", at_least(1)),
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
