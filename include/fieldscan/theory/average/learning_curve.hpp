#pragma once
#include <array>
#include <string_view>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/average/all_rows.hpp"
#include "fieldscan/theory/average/averaged_regression.hpp"
#include "fieldscan/theory/average/pool_average.hpp"
#include "fieldscan/theory/card.hpp"

namespace fieldscan::theory {

using CurveModes = std::variant<SphereLevels, NormalModes, PoolModes, AllRows>;

/// Which rows of a file stand for its distribution.
enum class RowsOfFile { sample, all };
constexpr auto words(RowsOfFile) { return std::array<std::string_view, 2>{"sample", "all"}; }

/// Errors of infinitely wide networks averaged over data sets, from the spectrum of the kernel: `average_over_data`.
///
/// For samplers the kernel is K and one network adds the posterior variance: (κ_eff − κ)/χ to `error_test`, κ (1 −
/// κ/κ_eff)/χ to `error_train`. For gradient descent (t → ∞) it is Θ, and one network learns g − f₀ instead of g: by
/// linearity of the errors in the power of the target, `error_test` and `error_train` are those of a target with power
/// g_l² + N_l λ_l(K)/χ. `error_mean_predictor` is that of the mean network at one data set, averaged over data sets.
/// `learnability` is that of the population; over T test points it is biased by O(1/T).
/// Of files the spectrum is that of M of the rows of the training part (`pool_of`): the rows carry the standard error
/// of this choice, √(1 − M/all) times the norm of the influences of the rows (`PoolInfluence`), and the remark says how
/// many there were; with `rows: all` it is that of all rows, by its top (5P/4 vectors, at least 512) and two traces of
/// the rest, and the rows carry how far these leave the numbers open (`bounding_spectra`). Networks are tested on H
/// other rows of the file, in all data draws the same (`tested_rows`), which no average over draws knows to be harder
/// or easier than the M of the pool: `error_test` and `error_mean_predictor` carry the standard error s √(1/M + 1/H) of
/// this choice as well, s the spread over rows of the mean network's squared error, to its leading order that of (W g)²
/// (`PoolInfluence`). These errors are common to all points of a curve (`error_source`), the rows being the same ones:
/// more points do not make them smaller. Several outputs (labels one-hot) have one κ_eff, and the errors are sums over
/// them.
///
/// `validity` is 1/(P (1 − γ)): fluctuations between data sets; of a file at least the share of the mean network's
/// error that the choice of the H rows leaves open. Numbers are flagged as outside validity where the first is above
/// 1/20, where the levels that are cut off could be learned (P λ > 0.01 κ_eff), or where more than half of a file's
/// rows that are looked at would be training points; errors on test rows also where the second is above 1/20.
struct LearningCurve {
  KernelChoice kernel = KernelChoice::automatic;  ///< the inputs say which: no part of the identity
  RowsOfFile rows = RowsOfFile::sample;           ///< likewise

  static constexpr std::string_view kind = "learning_curve";
  static constexpr int revision = 4;
  static constexpr std::string_view summary =
      "Errors averaged over data sets: self-consistent theory of the renormalised ridge.";
  static const Card card;
  static constexpr Given given = Given::nothing;
  static constexpr bool several_outputs = true;
  static constexpr std::array observables = {Observable::error_test,   Observable::error_mean_predictor,
                                             Observable::error_train,  Observable::variance_posterior,
                                             Observable::learnability, Observable::eigenvalue,
                                             Observable::kappa_eff,    Observable::log_evidence,
                                             Observable::validity,     listed("solver_residual")};
  static auto fields() {
    return std::tuple{field("kernel", &LearningCurve::kernel, kernel_sentence).outside_identity(),
                      field("rows", &LearningCurve::rows,
                            "of a file: `sample`, 8 P of them (2048 to 4096) with all eigenvectors, or `all`, with the "
                            "top of their spectrum and traces of the rest")
                          .outside_identity()};
  }
  bool operator==(const LearningCurve&) const = default;

  using Inputs = AveragedRegression<CurveModes>;

  Applicability applicability(const Setting& setting) const;
  Inputs inputs(const Setting& setting) const;
  Cost cost(const Setting& setting) const;
  Result predict(const Inputs& inputs) const;
  /// Spectra of rows of a file are known to their errors, which rows carry.
  bool iterates(const Setting& setting) const { return !std::holds_alternative<data::File>(setting.data.input); }
  /// Of a file: which rows, whatever P, kernel and how many of them; all errors of a curve are taken to be common.
  std::string error_source(const Setting& setting) const;
};

}  // namespace fieldscan::theory
