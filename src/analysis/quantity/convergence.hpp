#pragma once
#include <optional>
#include <string>

#include "../table/table.hpp"

/// How well the equations of theories were solved: their rows `solver_residual`, `start_difference`, `solver_error`.
namespace fieldscan::analysis {

// Of members that have numbers: what a prediction had before it diverged, or failed, is in none of these.

/// The largest value of an observable over all members of a series, times and coordinates; none where it has no row.
std::optional<double> largest_row(const Series& series, Observable observable);

/// The smallest: of a `validity` that has to be large it is the worst.
std::optional<double> smallest_row(const Series& series, Observable observable);
/// How many predictions say of a number that it is beyond the theory's stated range.
std::int64_t count_outside(const Series& series);

/// Whether a theory has predictions at a point whose equations were solved by iteration: then each of them has a
/// `solver_residual`, but those of stores that were written before there was one.
bool iterates(const TablePoint& point, const std::string& theory);

/// What was left of the equations of a theory by that name, over all points.
struct SolverResidual {
  std::optional<double> largest;  ///< none: of no prediction is it stored
};
/// None where the table has no predictions of this name, or all are of a closed form.
std::optional<SolverResidual> solver_residual(const Table& table, const std::string& theory);
/// "3.1e-13", or "not stored".
std::string words_of(const SolverResidual& residual);

/// The largest row of a theory over all points; none where it has none, or the table has no theory of this name.
std::optional<double> largest_of(const Table& table, const std::string& theory, Observable observable);

}  // namespace fieldscan::analysis
