#pragma once
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "quantity.hpp"

namespace fieldscan::analysis {

/// f of jointly resampled quantities, with the error that their spread gives: for numbers that are not smooth in a
/// curve.
///
/// Multiplier bootstrap: every data draw r and every initialisation i has one standard normal multiplier for the whole
/// scan; replicate b moves quantity k by s_k (Σ_r z_r U_r + Σ_i z_i U_i), where U_r and U_i are the influences summed
/// over the other level and s_k makes its variance that of the two-way estimate. So points that share draws or
/// initialisations move together. The influence is that of the chain rule, scaled to the bootstrap's standard error. A
/// problem where f is not finite at the estimate, or in more than a tenth of the replicates.
Quantity bootstrapped(const std::function<double(std::span<const double>)>& f, std::span<const Quantity> parts,
                      std::uint64_t seed, std::string_view name);

/// The values of the quantities in the bootstrap's replicates, moved together: [replicates × quantities].
std::vector<std::vector<double>> resampled(std::span<const Quantity> parts, std::uint64_t seed);

/// How often a mean over the ensemble is above zero when draws and initialisations (for a sampler: draws) get random
/// positive weights, exponentially distributed: near 1 where nearly every member says so, however unequal they are;
/// about ½ for noise. 1 or 0 for a quantity without members. Source: Rubin, "The Bayesian bootstrap", Annals of
/// Statistics 9 (1981).
double share_positive(const Quantity& quantity, std::uint64_t seed);

/// The sign of a number that its errors leave it: that of 97.5 % of reweighted ensembles, and of what lies further from
/// zero than two errors of its own.
enum class Sign { negative, lost, positive };
Sign sign_of(const Quantity& quantity);

/// Whether a ratio with this denominator has an interval with two ends: it has a sign, or its 95 % interval leaves zero
/// out. Source: Fieller, "Some problems in interval estimation", Journal of the Royal Statistical Society B 16 (1954).
bool can_divide(const Quantity& denominator);

}  // namespace fieldscan::analysis
