#pragma once
#include <array>
#include <string_view>

#include "fieldscan/theory/card.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"
#include "fieldscan/theory/regression/estimates.hpp"
#include "fieldscan/theory/regression/kept_kernels.hpp"
#include "fieldscan/theory/regression/solver.hpp"

namespace fieldscan::theory {

/// The posterior of infinitely wide networks: a Gaussian process with kernel K.
///
///     A = K + κ I,   f̄(x*) = K_*X A⁻¹ y,   ⟨δf²⟩ = (K_** − K_*X A⁻¹ K_X*)/χ
///
/// The mean does not depend on χ. Errors are those of *one* network: the variance is in `error_test` and in
/// `error_train`, where it is κ (1 − κ [A⁻¹]_ii)/χ at training point i.
///
/// `learnability` is formed on the test set as for networks, see data/components.hpp; `learning_curve` has that of the
/// population.
struct Nngp {
  Estimates estimates = Estimates::all;
  Solver solver = Solver::cholesky;
  double tolerance = 1e-8;

  static constexpr std::string_view kind = "nngp";
  static constexpr int revision = 4;
  static constexpr KernelKind describes = KernelKind::nngp;
  static constexpr std::string_view summary =
      "Posterior of infinitely wide networks: Gaussian process with the kernel at initialisation.";
  static const Card card;
  static constexpr Given given = Given::draw;
  static constexpr bool several_outputs = true;
  static constexpr std::array observables = {
      Observable::predictor,          Observable::error_test,   Observable::error_mean_predictor,
      Observable::variance_posterior, Observable::error_train,  Observable::learnability,
      Observable::condition_number,   Observable::jitter,       Observable::log_evidence,
      Observable::kappa_eff,          Observable::error_loo,    Observable::error_gcv,
      Observable::accuracy,           listed("solver_residual")};
  static auto fields() {
    return std::tuple{field("estimates", &Nngp::estimates, estimates_sentence),
                      field("solver", &Nngp::solver, solver_sentence),
                      field("tolerance", &Nngp::tolerance, tolerance_sentence, tolerance_range)};
  }
  bool operator==(const Nngp&) const = default;
  bool gives(Observable observable) const {
    return theory::gives(estimates, observable) && theory::gives(solver, observable);
  }

  struct Inputs {
    KernelSpec kernel;
    double ridge = 0;
    double chi = 1;
    static auto fields() {
      return std::tuple{field("kernel", &Inputs::kernel, "what the kernel depends on"),
                        field("ridge", &Inputs::ridge, "κ", non_negative()),
                        field("chi", &Inputs::chi, "χ", positive())};
    }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  Result predict(const Inputs& inputs, const data::Draw& draw, KeptKernels* kept = nullptr) const;
};

}  // namespace fieldscan::theory
