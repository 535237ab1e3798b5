#pragma once
#include <span>
#include <vector>

#include "fieldscan/core/matrix.hpp"

/// Distributions, and the diagnosis of chains.
namespace fieldscan {

double normal_cdf(double z);
double normal_quantile(double p);  ///< p in (0, 1)
double student_cdf(double t, double degrees_of_freedom);
double student_quantile(double p, double degrees_of_freedom);  ///< p in (0, 1), ν > 0 (may be fractional or infinite)
double chi_squared_cdf(double x, double degrees_of_freedom);

struct ChainDiagnosis {
  double rhat = 0;  ///< split R-hat, rank-normalised
  double ess = 0;   ///< effective sample size of the mean
};
/// Split R-hat (rank-normalised) and effective sample size of the mean over chains of equal length.
///
/// Source: Vehtari, Gelman, Simpson, Carpenter, Bürkner, "Rank-normalization, folding, and localization: an improved
/// R-hat", Bayesian Analysis 16 (2021). samples: [samples × chains], at least 4 samples. A constant input gives rhat =
/// 1, ess = samples.
ChainDiagnosis diagnose(const MatrixView& samples);

/// Effective sample size of the bulk: that of the normal scores of the ranks, which exists for heavy tails too.
/// Arguments and source as for `diagnose`.
double bulk_effective_size(const MatrixView& samples);
/// The smaller of the effective sample sizes of the shares below the 5% and below the 95% quantile of all samples.
double tail_effective_size(const MatrixView& samples);
/// Split R-hat of the normal scores of |x − median|: finds chains of equal mean and unequal spread.
double folded_rhat(const MatrixView& samples);

}  // namespace fieldscan
