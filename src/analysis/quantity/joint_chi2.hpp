#pragma once
#include <span>

#include "quantity.hpp"

namespace fieldscan::analysis {

/// A χ² over many points at once, with both tails.
struct JointChi2 {
  double value = 0;   ///< Σ_k z_k²
  double points = 0;  ///< its mean where every difference is its statistical error alone
  double degrees =
      0;  ///< ν of the χ² law with that mean and the right variance: below `points` where errors are correlated
  double p = 1;  ///< two-sided: twice the smaller tail
};

/// d_k should be zero within their errors, which are correlated where points share data draws, initialisations, or the
/// sampled error of one prediction.
///
/// z_k is the normal score of d_k's Student t. With ρ_kl the correlations of the d_k, from their influences, Σ z² has
/// mean K and variance 2 Σ_kl ρ_kl²; it is compared with the scaled χ² of those moments (Satterthwaite). A ρ² from R
/// members is too large by (1 − ρ²)²/(R − 1) on average, which is taken off. Exact differences of zero are left out;
/// other exact ones make p zero. Source: Box, "Some theorems on quadratic forms applied in the study of analysis of
/// variance problems", Annals of Mathematical Statistics 25 (1954).
JointChi2 joint_chi2(std::span<const Quantity> differences);

}  // namespace fieldscan::analysis
