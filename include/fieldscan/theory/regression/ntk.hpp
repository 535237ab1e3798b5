#pragma once
#include <array>
#include <string_view>

#include "fieldscan/theory/card.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"
#include "fieldscan/theory/regression/estimates.hpp"
#include "fieldscan/theory/regression/kept_kernels.hpp"
#include "fieldscan/theory/regression/solver.hpp"

namespace fieldscan::theory {

/// Where gradient descent of infinitely wide networks ends: regression with the tangent kernel Θ of the trained
/// parameters.
///
///     A = (Θ + κ I)⁻¹ Θ_X*,   f̄(x*) = Aᵀ y,   variance over initialisations (K_** + Aᵀ K A − 2 Aᵀ K_X*)/χ
///
/// `error_test` and `error_train` are those of *one* network and contain this variance, unless the initial output is
/// subtracted. It is the limit t → ∞ of `ntk_flow`.
struct NtkRegression {
  Estimates estimates = Estimates::all;
  Solver solver = Solver::cholesky;
  double tolerance = 1e-8;

  static constexpr std::string_view kind = "ntk";
  static constexpr int revision = 4;
  static constexpr KernelKind describes = KernelKind::tangent;
  static constexpr std::string_view summary =
      "End of gradient descent of infinitely wide networks: regression with the tangent kernel.";
  static const Card card;
  static constexpr Given given = Given::draw;
  static constexpr bool several_outputs = true;
  static constexpr std::array observables = {
      Observable::predictor,   Observable::error_test,   Observable::error_mean_predictor,
      Observable::error_train, Observable::learnability, Observable::condition_number,
      Observable::jitter,      Observable::error_loo,    Observable::error_gcv,
      Observable::accuracy,    listed("solver_residual")};
  static auto fields() {
    return std::tuple{field("estimates", &NtkRegression::estimates, estimates_sentence),
                      field("solver", &NtkRegression::solver, solver_sentence),
                      field("tolerance", &NtkRegression::tolerance, tolerance_sentence, tolerance_range)};
  }
  bool operator==(const NtkRegression&) const = default;
  bool gives(Observable observable) const {
    return theory::gives(estimates, observable) && theory::gives(solver, observable);
  }

  struct Inputs {
    KernelSpec kernel;
    double ridge = 0;
    double chi = 1;  ///< of the variance over initialisations; 1 where there is none
    network::Trained train = network::Trained::all;
    bool centred = false;
    static auto fields() {
      return std::tuple{field("kernel", &Inputs::kernel, "what the kernels depend on"),
                        field("ridge", &Inputs::ridge, "κ", non_negative()),
                        field("chi", &Inputs::chi, "χ", positive()),
                        field("train", &Inputs::train, "which parameters move"),
                        field("centred", &Inputs::centred, "the output at initialisation is subtracted")};
    }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  Result predict(const Inputs& inputs, const data::Draw& draw, KeptKernels* kept = nullptr) const;
};

}  // namespace fieldscan::theory
