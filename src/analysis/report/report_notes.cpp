#include "report_notes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fieldscan::analysis {

std::string banner_of(const ReportContents& contents) {
  std::int64_t wanted = 0, there = 0;
  for (const TablePoint& point : contents.context.table->points) {
    if (!scan::trains(point.point.spec)) continue;
    const std::int64_t asked = point.point.ensemble.data_draws * point.point.ensemble.initialisations;
    wanted += asked;
    there += std::min<std::int64_t>(asked, std::ssize(point.measured.members));
  }
  if (there >= wanted) return "";
  return fmt::format(
      R"(<p class="banner"><strong>This run is not finished</strong>: {} of {} networks are there. What follows is of those; “fieldscan run” goes on.</p>)",
      there, wanted);
}

std::string chains_beside(const Table& table) {
  std::size_t not_equilibrated = 0, chains = 0;
  for (const TablePoint& point : table.points) {
    if (!point.measured.sampler) continue;
    chains += point.measured.members.size();
    not_equilibrated += static_cast<std::size_t>(
        std::ranges::count(point.measured.members, Outcome::not_equilibrated, &Member::outcome));
  }
  if (not_equilibrated == 0) return "";
  return fmt::format(R"( <strong>{} of {} chains did not equilibrate</strong> (see “Chains”).)", not_equilibrated,
                     chains);
}

std::string one_sided(const DrawnFigure& figure, const std::vector<TestResult>& results) {
  constexpr std::size_t fewest = 6;
  for (const Panel& panel : figure.panels) {
    std::vector<double> all;
    for (const DrawnCurve& c : panel.residuals) all.insert(all.end(), c.y.begin(), c.y.end());
    const bool same = std::ranges::all_of(all, [](double r) { return r > 0; }) ||
                      std::ranges::all_of(all, [](double r) { return r < 0; });
    const std::string theory = panel.residuals.empty() ? "" : panel.residuals[0].with;
    const bool supported = std::ranges::any_of(results, [&](const TestResult& r) {
      return r.kind == "agreement" && r.verdict == Verdict::supported && r.statement.find(theory) != std::string::npos;
    });
    if (all.size() >= fewest && same && supported)
      return fmt::format(
          " All {} residuals lie on one side: the networks differ from {} systematically, and by less than the test allows; "
          "both are true.",
          all.size(), theory);
  }
  return "";
}

}  // namespace fieldscan::analysis
