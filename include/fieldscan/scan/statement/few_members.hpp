#pragma once
#include <algorithm>
#include <cstdint>

/// How many members of the ensemble an interval needs: below, statements are undecided, "too few".
///
/// Members are those of the level, data draws or initialisations, with the larger share of the variance; of samplers
/// draws × chains. `benchmark_studies` shows the coverage of 95 % intervals from these numbers on.
namespace fieldscan::scan {

/// A mean, a difference or a ratio of means: Student's t with Satterthwaite's degrees of freedom.
inline constexpr std::int64_t members_for_mean = 3;
/// What is fitted, or read off a curve: below this it can not be told whether one member carries the number.
inline constexpr std::int64_t members_for_fit = 8;
/// χ², which takes every standard error as known.
inline constexpr std::int64_t members_for_chi2 = 8;
/// The smaller of two crossed levels, beside a larger one.
inline constexpr std::int64_t members_beside = 4;

/// Whether intervals cover where both levels may vary: one member is conditioned on; 3 × 3, and 4 beside any number,
/// cover in 92.5 to 97.5 % whatever the shares; 2 in 85 to 91 % and 3 beside 4 or more in 91 to 92 % of campaigns where
/// the smaller level makes most of the variance, since chance can hide it.
constexpr bool both_levels_known(std::int64_t draws, std::int64_t initialisations) {
  const std::int64_t fewer = std::min(draws, initialisations), more = std::max(draws, initialisations);
  return fewer < 2 || fewer >= members_beside || more == 3;
}

}  // namespace fieldscan::scan
