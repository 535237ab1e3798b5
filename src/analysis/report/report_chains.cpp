#include "report_chains.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "../figure/style.hpp"
#include "../figure/svg.hpp"
#include "../text/readable.hpp"
#include "report_tables.hpp"
#include "traces.hpp"

namespace fieldscan::analysis {
namespace {

struct Extremes {
  double rhat = 0, ess = std::numeric_limits<double>::infinity(), acceptance = std::numeric_limits<double>::infinity();
  std::size_t chains = 0, unequilibrated = 0;
};

Extremes extremes_of(const Series& series) {
  Extremes e;
  for (const Member& member : series.members) {
    const Row* rhat = find_row(member, Observable::rhat, equilibrium, 0);
    const Row* ess = find_row(member, Observable::ess, equilibrium, 0);
    const Row* acceptance = find_row(member, Observable::acceptance, equilibrium, 0);
    if (rhat) e.rhat = std::max(e.rhat, rhat->value);
    if (ess) e.ess = std::min(e.ess, ess->value);
    if (acceptance) e.acceptance = std::min(e.acceptance, acceptance->value);
    e.chains += rhat || ess ? 1 : 0;
    e.unequilibrated += member.outcome == Outcome::not_equilibrated ? 1 : 0;
  }
  return e;
}

/// Trace and ranks of the worst chains; how to ask for them where they are not stored.
std::string drawn_traces(const Table& table) {
  const auto worst = worst_chains(table);
  if (!worst)
    return R"(<p class="quiet">No traces are stored: with chain_trace in `observe` those of the worst chains are drawn here, with their ranks.</p>)";
  std::string html = fmt::format(
      R"(<p>The chains with the largest R̂: {}, data draw {}; of what is watched the one in which they agree least, {}, R̂ {:.3f} over these chains.</p><div class="figures">)",
      escape(readable(point_label(table, *worst->point))), worst->draw, escape(worst->watched), worst->rhat);
  for (const DrawnFigure& figure : {trace_of(*worst), ranks_of(*worst)}) {
    html += fmt::format("<figure><figcaption>{}<small>{}</small></figcaption>", escape(figure.name),
                        escape(figure.caption));
    for (const std::string& piece : draw_pieces(figure)) html += piece;
    html += "</figure>";
  }
  return html + "</div>";
}

}  // namespace

std::string section_chains(const Table& table) {
  std::vector<std::string> rows;
  double worst = 0, least = std::numeric_limits<double>::infinity();
  for (const TablePoint& point : table.points) {
    const Extremes e = extremes_of(point.measured);
    if (e.chains == 0) continue;
    worst = std::max(worst, e.rhat);
    least = std::min(least, e.ess);
    const auto cell = [](bool known, const std::string& text) {
      return fmt::format(R"(<td class="n">{}</td>)", known ? text : "–");
    };
    rows.push_back(fmt::format("<tr><td>{}</td>{}{}{}{}{}</tr>", escape(readable(point_label(table, point))),
                               cell(true, fmt::format("{}", e.chains)), cell(e.rhat > 0, fmt::format("{:.3f}", e.rhat)),
                               cell(std::isfinite(e.ess), fmt::format("{:.0f}", e.ess)),
                               cell(std::isfinite(e.acceptance), fmt::format("{:.2f}", e.acceptance)),
                               cell(true, fmt::format("{}", e.unequilibrated))));
  }
  if (rows.empty()) return "";
  return fmt::format(
             R"(<h2>Chains</h2><p>Largest split R̂ {:.3f}, smallest effective sample size {:.0f}.</p><p class="quiet">The worst chain of every point. A chain that fails its own diagnosis counts as not equilibrated; its numbers enter, with a warning.</p>)",
             worst, least) +
         folded_table(
             R"(<th>point</th><th class="n">chains</th><th class="n">R̂</th><th class="n">effective samples</th><th class="n">acceptance</th><th class="n">not equilibrated</th>)",
             rows) +
         drawn_traces(table);
}

}  // namespace fieldscan::analysis
