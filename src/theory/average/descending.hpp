#pragma once
#include <vector>

#include "fieldscan/theory/average/effective_ridge.hpp"

namespace fieldscan::theory {

struct Mode {
  double eigenvalue;
  double degeneracy;
};

/// Levels with λ > 0, descending: the order in which sums are taken.
std::vector<Mode> positive_modes(const Spectrum& spectrum);
double rank_of(const std::vector<Mode>& modes);   ///< Σ N_l
double trace_of(const std::vector<Mode>& modes);  ///< Σ N_l λ_l

/// A lower bound of the solution k of Σ N λ/(λ + k) + rest/k ≥ points: from the rest alone, and from the C_m largest
/// modes, all of them at least λ_m.
double lower_bound(const std::vector<Mode>& modes, double points, double rest);

/// z(k) = Σ N λ/(λ + k) + rest/k and its derivative.
struct ShareSum {
  double value, slope;
};
ShareSum share_sum(const std::vector<Mode>& modes, double rest, double k);

}  // namespace fieldscan::theory
