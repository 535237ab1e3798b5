#include "convergence.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/predict.hpp"

namespace fieldscan::analysis {

std::optional<double> largest_row(const Series& series, Observable observable) {
  std::optional<double> most;
  for (const Member& member : series.members)
    for (const Row& row : member.rows)
      if (row.observable == observable) most = std::max(most.value_or(row.value), row.value);
  return most;
}

std::optional<double> smallest_row(const Series& series, Observable observable) {
  std::optional<double> least;
  for (const Member& member : series.members)
    for (const Row& row : member.rows)
      if (row.observable == observable) least = std::min(least.value_or(row.value), row.value);
  return least;
}

std::int64_t count_outside(const Series& series) {
  return std::ranges::count_if(series.members, [](const Member& member) {
    return std::ranges::any_of(member.rows, [](const Row& row) { return row.flag == Flag::outside_validity; });
  });
}

bool iterates(const TablePoint& point, const std::string& theory) {
  return std::ranges::any_of(point.point.theories, [&](const scan::TheoryUse& use) {
    if (use.name != theory) return false;
    const auto observables = theory::observables_of(use.theory);
    return std::ranges::find(observables, listed("solver_residual")) != observables.end();
  });
}

std::optional<double> largest_of(const Table& table, const std::string& theory, Observable observable) {
  std::optional<double> most;
  for (const TablePoint& point : table.points)
    if (const auto series = point.theories.find(theory); series != point.theories.end())
      if (const auto here = largest_row(*series->second, observable)) most = std::max(most.value_or(*here), *here);
  return most;
}

std::optional<SolverResidual> solver_residual(const Table& table, const std::string& theory) {
  const bool any = std::ranges::any_of(table.points, [&](const TablePoint& point) {
    return point.theories.contains(theory) && iterates(point, theory);
  });
  if (!any) return std::nullopt;
  return SolverResidual{largest_of(table, theory, listed("solver_residual"))};
}

std::string words_of(const SolverResidual& residual) {
  return residual.largest ? fmt::format("{:.2g}", *residual.largest) : "not stored";
}

}  // namespace fieldscan::analysis
