#pragma once
#include <string_view>
#include <vector>

#include "fieldscan/theory/droplet/overlap_law.hpp"

namespace fieldscan::theory {

/// The continuum theory of one hidden layer of erf units: the sum over P points is P times the average over inputs.
/// The discrepancies t_n = (c_n − f_n)/κ_eff minimise the convex
///
///     Γ(t)/P = (κ_eff/2) Σ t_n² − Σ t_n c_n + σ_a²/(b P) log⟨exp((b/2) (P Σ_n t_n φ_n)²)⟩
///
/// over the prior of m and ρ. b → 0 is the equivalent kernel, t = (κ_eff + P σ_a² ⟨φφᵀ⟩)⁻¹ c.
struct DropletState {
  Vector multipliers;                  ///< t_n [modes]
  Vector learned;                      ///< f_n = c_n − κ_eff t_n [modes]
  std::vector<Interval> support = {};  ///< where units are
  double residual = 0;                 ///< the largest component of Γ's slope, over P and the largest c_n
};
/// The minimum is looked for on nodes where units are at the best t so far, until those are where they are. `near`: the
/// state of a problem that is nearly this one, from which it is found sooner. Throws solve::NotConverged.
DropletState droplet_state(const SingleIndex& problem, const DropletState& near = {});

/// Phases of the overlaps, by the names of the field: the numbers of `phase`.
enum class Phase {
  gp = 1,       ///< p(m) is the prior: its second moment within a tenth
  gfl = 2,      ///< Gaussian feature learning: one maximum, changed
  gmfl_i = 3,   ///< a mixture: outer maxima beside the central one
  gmfl_ii = 4,  ///< the centre is a minimum
};
std::string_view sentence(Phase phase);
Phase phase_of(const OverlapLaw& law, const OverlapShape& shape, const SingleIndex& problem);

}  // namespace fieldscan::theory
