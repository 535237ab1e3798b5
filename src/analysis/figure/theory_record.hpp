#pragma once
#include <string>
#include <vector>

#include "../table/table.hpp"
#include "figure.hpp"

namespace fieldscan::analysis {

/// The theories of a table that a figure shows.
std::vector<std::string> theories_in(const DrawnFigure& figure, const Table& table);

/// How well the theories of a figure were computed, point by point, as CSV: predictions by outcome (done, diverged, not
/// converged, not applicable, numerical errors, failed), how many are missing and how many beyond the stated range, the
/// largest condition number and jitter of what was factorised, the largest Monte Carlo error of a sampled predictor,
/// the largest validity, the largest residual of its equations ("not stored" of a theory that solves some whose
/// predictions have none), the largest difference between what its starts lead to and the largest estimated error of
/// its integration in time (empty where it has none), the smallest validity, which of theories that hold where it is
/// large is the worst, and why what failed did. Empty where it shows none.
std::string theory_record(const DrawnFigure& figure, const Table& table);

}  // namespace fieldscan::analysis
