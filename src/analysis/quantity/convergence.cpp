#include "convergence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/iterates.hpp"

namespace fieldscan::analysis {

std::optional<double> largest_row(const Series& series, Observable observable) {
  std::optional<double> most;
  for (const Member& member : series.members | std::views::filter(has_numbers))
    for (const Row& row : member.rows)
      if (row.observable == observable) most = std::max(most.value_or(row.value), row.value);
  return most;
}

std::optional<double> smallest_row(const Series& series, Observable observable) {
  std::optional<double> least;
  for (const Member& member : series.members | std::views::filter(has_numbers))
    for (const Row& row : member.rows)
      if (row.observable == observable) least = std::min(least.value_or(row.value), row.value);
  return least;
}

std::int64_t count_outside(const Series& series) {
  return std::ranges::count_if(series.members, [](const Member& member) {
    return has_numbers(member) &&
           std::ranges::any_of(member.rows, [](const Row& row) { return row.flag == Flag::outside_validity; });
  });
}

bool iterates(const TablePoint& point, const std::string& theory) {
  const auto found = point.theories.find(theory);
  const bool any = found != point.theories.end() && std::ranges::any_of(found->second->members, [](const Member& m) {
                     return has_numbers(m) && !m.rows.empty();
                   });
  return any && std::ranges::any_of(point.point.theories, [&](const scan::TheoryUse& use) {
           return use.name == theory && theory::iterates(use.theory, scan::setting_of(point.point, use));
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
  std::optional<SolverResidual> told;
  for (const TablePoint& point : table.points) {
    if (!iterates(point, theory)) continue;
    if (!told) told = SolverResidual{};
    const auto here = largest_row(*point.theories.at(theory), listed("solver_residual"));
    if (here) told->largest = std::max(told->largest.value_or(*here), *here);
  }
  return told;
}

std::string words_of(const SolverResidual& residual) {
  return residual.largest ? fmt::format("{:.2g}", *residual.largest) : "not stored";
}

}  // namespace fieldscan::analysis
