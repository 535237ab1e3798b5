#include "report_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "figure/style.hpp"
#include "finding.hpp"
#include "observe.hpp"

namespace fieldscan::analysis {
namespace {

std::string summary(const std::vector<TestResult>& results) {
  if (results.empty()) return "No tests are declared.";
  const auto count = [&](Verdict verdict) { return std::ranges::count(results, verdict, &TestResult::verdict); };
  return fmt::format("{} tests: {} supported, {} contradicted, {} undecided.", results.size(),
                     count(Verdict::supported), count(Verdict::contradicted), count(Verdict::undecided));
}

std::string verdict_cell(Verdict verdict) {
  // A sign beside the word: colour alone does not reach everyone.
  const char* sign = verdict == Verdict::supported ? "✓" : verdict == Verdict::contradicted ? "✗" : "?";
  return fmt::format(R"(<span class="verdict {0}">{1} {0}</span>)", word_of(verdict), sign);
}

std::string parts_of(const TestResult& result) {
  if (result.parts.size() < 2) return "";
  std::string html = fmt::format("<details><summary>{} statements</summary><table>", result.parts.size());
  for (const auto& part : result.parts)
    html += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td></tr>", verdict_cell(part.verdict), escape(part.label),
                        escape(part.statement));
  return html + "</table></details>";
}

/// "done: 96, diverged: 3".
std::string counts_text(const std::map<Outcome, std::size_t>& counts) {
  std::string text;
  for (const auto& [outcome, count] : counts)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, word_of(outcome));
  return text;
}

std::map<Outcome, std::size_t> count_outcomes(const Series& series) {
  std::map<Outcome, std::size_t> counts;
  for (const Member& member : series.members) ++counts[member.outcome];
  return counts;
}

std::string point_label(const Table& table, const TablePoint& point) {
  std::string text;
  for (const Axis& axis : table.axes) {
    const std::string label = axis_label(table, point, axis.path);
    if (!label.empty()) text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", axis.short_name, label);
  }
  return text;
}

struct Extremes {
  double rhat = 0, ess = std::numeric_limits<double>::infinity();
  std::size_t chains = 0;
};

Extremes extremes_of(const Series& series) {
  Extremes e;
  for (const Member& member : series.members) {
    const Row* rhat = find_row(member, Observable::rhat, equilibrium, 0);
    const Row* ess = find_row(member, Observable::ess, equilibrium, 0);
    if (rhat) e.rhat = std::max(e.rhat, rhat->value);
    if (ess) e.ess = std::min(e.ess, ess->value);
    e.chains += rhat || ess ? 1 : 0;
  }
  return e;
}

}  // namespace

std::string section_verdicts(const std::vector<TestResult>& results) {
  std::string html = fmt::format(
      R"(<h2>Tests</h2><p class="quiet">{} One family error rate of 5 % (Holm). Errors are standard errors, over data draws and initialisations (two-way; a sampler’s chains are nested in their draws).</p>)",
      summary(results));
  if (results.empty()) return html;
  html += R"(<div class="scroll"><table><tr><th>verdict</th><th>test</th></tr>)";
  for (const TestResult& r : results)
    html += fmt::format(R"(<tr><td>{}</td><td><b>{}</b><br>{}{}{}</td></tr>)", verdict_cell(r.verdict), escape(r.name),
                        escape(r.statement),
                        r.because.empty() ? "" : fmt::format(R"(<br><span class="quiet">{}</span>)", escape(r.because)),
                        parts_of(r));
  return html + "</table></div>";
}

std::string section_figures(const std::vector<DrawnFigure>& figures) {
  if (figures.empty()) return "";
  std::string html =
      R"(<h2>Figures</h2><p class="quiet">Points are measurements with their 95 % interval, lines are theories.</p><div class="figures">)";
  for (const DrawnFigure& figure : figures) {
    html += fmt::format("<figure><figcaption>{}</figcaption>", escape(figure.name));
    html += figure.empty() ? R"(<p class="quiet">no results yet</p>)" : draw_svg(figure, Surroundings::page);
    html += "</figure>";
  }
  return html + "</div>";
}

std::string section_outcomes(const Table& table) {
  std::string html =
      R"(<h2>Outcomes</h2><div class="scroll"><table><tr><th>point</th><th class="n">wanted</th><th>networks</th><th>theories</th></tr>)";
  std::set<std::string> reasons;
  for (const TablePoint& point : table.points) {
    std::string theories;
    for (const auto& [name, series] : point.theories)
      theories += fmt::format("{}{}: {}", theories.empty() ? "" : "; ", name, counts_text(count_outcomes(*series)));
    const bool trains = scan::trains(point.point.spec);
    html += fmt::format(
        R"(<tr><td>{}</td><td class="n">{}</td><td>{}</td><td>{}</td></tr>)", escape(point_label(table, point)),
        trains ? fmt::format("{} × {}", point.point.ensemble.data_draws, point.point.ensemble.initialisations) : "–",
        trains ? counts_text(count_outcomes(point.measured)) : "not trained", escape(theories));
    for (const Member& member : point.measured.members)
      if (!member.reason.empty()) reasons.insert(fmt::format("{}: {}", word_of(member.outcome), member.reason));
    for (const auto& entry : point.theories)
      for (const Member& member : entry.second->members)
        if (!member.reason.empty())
          reasons.insert(fmt::format("{}, {}: {}", entry.first, word_of(member.outcome), member.reason));
  }
  html += "</table></div>";
  if (reasons.empty()) return html;
  html += "<details open><summary>reasons</summary><ul>";
  std::size_t shown = 0;
  for (const std::string& reason : reasons)
    if (++shown <= 20) html += "<li>" + escape(reason) + "</li>";
  return html + (shown > 20 ? fmt::format("<li>… and {} more</li>", shown - 20) : "") + "</ul></details>";
}

std::string section_diagnostics(const Table& table) {
  std::string rows;
  for (const TablePoint& point : table.points) {
    const Extremes e = extremes_of(point.measured);
    if (e.chains == 0) continue;
    rows += fmt::format(R"(<tr><td>{}</td><td class="n">{}</td><td class="n">{}</td><td class="n">{}</td></tr>)",
                        escape(point_label(table, point)), e.chains, e.rhat > 0 ? fmt::format("{:.3f}", e.rhat) : "–",
                        std::isfinite(e.ess) ? fmt::format("{:.0f}", e.ess) : "–");
  }
  if (rows.empty()) return "";
  return R"(<h2>Chains</h2><p class="quiet">Largest split R̂ and smallest effective sample size of a point's chains; R̂ should be below 1.05.</p><div class="scroll"><table><tr><th>point</th><th class="n">chains</th><th class="n">R̂</th><th class="n">effective samples</th></tr>)" +
         rows + "</table></div>";
}

std::string section_provenance(const scan::Scan& scan, const store::Store& store) {
  std::string html = "<h2>Provenance</h2><table>";
  const auto add = [&](const char* what, const std::string& value) {
    html += fmt::format("<tr><th>{}</th><td>{}</td></tr>", what, escape(value));
  };
  std::map<std::string, std::size_t> hosts;
  double seconds = 0;
  store.for_each_standing([&](Id, std::int64_t, std::int64_t, const store::Standing& standing) {
    ++hosts[standing.provenance.host];
    seconds += standing.provenance.seconds;
  });
  std::string machines;
  for (const auto& [host, count] : hosts)
    machines += fmt::format("{}{} ({} results)", machines.empty() ? "" : ", ", host, count);
  if (const auto latest = store.latest_scan()) {
    add("program", "fieldscan " + latest->version);
    add("started", latest->started);
  }
  add("seed", fmt::format("{}", scan.seed()));
  add("machines", machines);
  add("compute", fmt::format("{:.3g} core hours", seconds / 3600));
  std::string overrides;
  for (const std::string& o : scan.overrides()) overrides += (overrides.empty() ? "" : ", ") + o;
  if (!overrides.empty()) add("overrides", overrides);
  return html +
         fmt::format("</table><details><summary>scan file</summary><pre>{}</pre></details>", escape(scan.text()));
}

std::string page_of(const scan::Scan& scan, const store::Store& store, const Table& table,
                    const std::vector<TestResult>& results, const std::vector<DrawnFigure>& figures) {
  std::size_t replicas = 0;
  for (const TablePoint& point : table.points) replicas += point.measured.members.size();
  std::string html = fmt::format(
      R"(<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{0}</title><style>{1}{2}</style></head><body><h1>{0}</h1><p class="lead">{3} {4} points, {5} networks.</p>)",
      escape(scan.name()), figure_style(), page_style(), summary(results), table.points.size(), replicas);
  html += section_verdicts(results) + section_figures(figures) + section_outcomes(table) + section_diagnostics(table) +
          section_provenance(scan, store);
  return html + "</body></html>\n";
}

}  // namespace fieldscan::analysis
