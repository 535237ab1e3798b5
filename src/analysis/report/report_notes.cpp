#include "report_notes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "../table/load.hpp"
#include "../text/number.hpp"
#include "methods_theories.hpp"

namespace fieldscan::analysis {

namespace {

/// "3 of 8 ensembles ended at their `max` …".
std::string ended_at_max(const Table& table) {
  std::size_t growing = 0, ended = 0;
  double most = 0;
  for (const TablePoint& point : table.points) {
    if (!point.growth || !scan::trains(point.point.spec)) continue;
    ++growing;
    if (point.growth->end != store::Growth::End::largest) continue;
    ++ended;
    if (std::isfinite(point.growth->relative_error)) most = std::max(most, point.growth->relative_error);
  }
  if (ended == 0) return "";
  const std::string how_far = most > 0 ? fmt::format(", which is {} where it is largest", percent(most)) : "";
  return fmt::format(
      " <strong>{} of {} ended at <code>max</code> before the error that <code>until</code> asks for</strong>{}.",
      ended, counted(growing, "growing ensemble"), how_far);
}

}  // namespace

std::string banner_of(const ReportContents& contents) {
  const std::string text = partly_there(*contents.context.table);
  if (text.empty()) return "";
  return fmt::format(
      R"(<p class="banner"><strong>This run is not finished</strong>: {} are there. What follows is of those; “fieldscan run” goes on.</p>)",
      text);
}

std::string endings_beside(const Table& table) {
  std::vector<const Series*> chains, networks, predictions;
  std::set<const Series*> seen;  // points share predictions
  std::set<Id> ids;
  for (const TablePoint& point : table.points) {
    if (!point.measured.members.empty()) (point.measured.sampler ? chains : networks).push_back(&point.measured);
    for (const auto& [name, series] : point.theories)
      if (seen.insert(series.get()).second && (series->id == Id{} || ids.insert(series->id).second))
        predictions.push_back(series.get());
  }
  std::string text;
  for (const auto& [series, noun, where] : {std::tuple{&chains, "chains", "Chains"},
                                            {&networks, "networks", "Outcomes"},
                                            {&predictions, "predictions", "Outcomes"}})
    if (const std::string parts = unsound_of(*series, noun); !parts.empty())
      text += fmt::format(R"( <strong>{}</strong> (see “{}”).)", parts, where);
  return text + ended_at_max(table);
}

std::string one_sided(const DrawnFigure& figure, const std::vector<TestResult>& results) {
  constexpr std::size_t fewest = 6;
  std::string text;
  for (const Panel& panel : figure.panels) {
    std::vector<double> all;
    bool several = false;  // quantities, of which a test may be about another one
    for (const DrawnCurve& c : panel.residuals) {
      all.insert(all.end(), c.y.begin(), c.y.end());
      several = several || !c.quantity.empty();
    }
    const bool same = std::ranges::all_of(all, [](double r) { return r > 0; }) ||
                      std::ranges::all_of(all, [](double r) { return r < 0; });
    const std::string theory = panel.residuals.empty() ? "" : panel.residuals[0].with;
    const auto test = std::ranges::find_if(results, [&](const TestResult& r) {
      return r.kind == "agreement" && r.verdict == Verdict::supported && r.statement.find(theory) != std::string::npos;
    });
    if (all.size() < fewest || !same || test == results.end()) continue;
    text += fmt::format(" All {} residuals{}{} lie on one side: the networks differ from {} systematically, ",
                        all.size(), panel.title.empty() ? "" : " of ", panel.title, theory);
    text += several ? "or share the error of their data draws."
                    : fmt::format("and where “{}” compares them by less than it allows: both are true.", test->name);
  }
  return text;
}

}  // namespace fieldscan::analysis
