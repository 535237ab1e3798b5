#pragma once
#include <vector>

#include "fieldscan/core/matrix.hpp"

/// Estimates over the crossed two-level ensemble: data draws r × initialisations i.
namespace fieldscan {

struct Cell {
  std::int64_t draw = 0;
  std::int64_t initialisation = 0;
  double value = 0;
};

/// What a mean over the ensemble is known to.
struct Estimate {
  double value = 0;
  double standard_error = 0;      ///< NaN where no level has two members
  double degrees_of_freedom = 0;  ///< Satterthwaite; infinite where the value is exact
  std::int64_t draws = 0;
  std::int64_t initialisations = 0;
  double share_draws = 0;                      ///< part of the variance of the mean that comes from the data draws
  double share_initialisations = 0;            ///< … from the initialisations
  bool conditioned_on_draw = false;            ///< one draw: the statement is about this draw
  bool conditioned_on_initialisation = false;  ///< one initialisation
};

/// Mean, two-way standard error and Satterthwaite degrees of freedom.
///
/// Model: x_ri = μ + A_r + B_i + E_ri with independent terms of variances a, b, e. For R × I complete cells with mean
/// squares M_R, M_I, M_E the variance of the mean is (M_R + M_I − M_E)/(R·I), with degrees of freedom (M_R + M_I −
/// M_E)² / (M_R²/(R−1) + M_I²/(I−1) + M_E²/((R−1)(I−1))). Where M_R + M_I − M_E is at most 1.25 times the variance s²
/// of all R·I cells, neither level is told from chance: s²/(R·I) with R·I − 1 degrees of freedom. From 8 draws and 4
/// initialisations on, up to 60 × 40, 95% intervals then cover in 93 to 97.5% of simulated ensembles, for variances a
/// and b from 0 to e and more. A level with one member is conditioned on. Cells may be missing: the largest complete
/// sub-table is not sought; instead draws and initialisations enter by their own means and counts (unweighted means of
/// the cells present).
Estimate two_level_estimate(const std::vector<Cell>& cells);

}  // namespace fieldscan
