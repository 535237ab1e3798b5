#include "report_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "../figure/style.hpp"
#include "../quantity/observe.hpp"
#include "../text/axis_words.hpp"
#include "../text/readable.hpp"
#include "fieldscan/analysis/test/registration.hpp"
#include "fieldscan/scan/statement/names.hpp"
#include "fieldscan/store/earlier.hpp"

namespace fieldscan::analysis {
namespace {

constexpr std::size_t rows_unfolded = 12, reasons_shown = 20;

using Counts = std::map<Outcome, std::size_t>;

std::string words_of(Outcome outcome) {
  std::string text(word_of(outcome));
  std::ranges::replace(text, '_', ' ');
  return text;
}

/// "96 done, 3 diverged".
std::string counts_text(const Counts& counts) {
  std::string text;
  for (const auto& [outcome, count] : counts)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, words_of(outcome));
  return text.empty() ? "none yet" : text;
}

Counts count_outcomes(const Series& series) {
  Counts counts;
  for (const Member& member : series.members) ++counts[member.outcome];
  return counts;
}

std::string outcome_row(const Table& table, const TablePoint& point) {
  std::string theories;
  for (const auto& [name, series] : point.theories)
    theories += fmt::format("{}{}: {}", theories.empty() ? "" : "; ", name, counts_text(count_outcomes(*series)));
  const bool trains = scan::trains(point.point.spec);
  const auto& ensemble = point.point.ensemble;
  return fmt::format(R"(<tr><td>{}</td><td class="n">{}</td><td>{}</td><td>{}</td></tr>)",
                     escape(readable(point_label(table, point))),
                     trains ? fmt::format("{} × {}", ensemble.data_draws, ensemble.initialisations) : "–",
                     trains ? counts_text(count_outcomes(point.measured)) : "not trained", escape(theories));
}

/// How often each reason was given.
std::map<std::string, std::size_t> reasons_of(const Table& table) {
  std::map<std::string, std::size_t> reasons;
  std::set<const Series*> seen;
  const auto add = [&](const std::string& who, const Series& series) {
    for (const Member& member : series.members)
      if (!member.reason.empty()) ++reasons[fmt::format("{}{}: {}", who, words_of(member.outcome), member.reason)];
  };
  for (const TablePoint& point : table.points) {
    add("", point.measured);
    for (const auto& [name, series] : point.theories)
      if (seen.insert(series.get()).second) add(name + ", ", *series);
  }
  return reasons;
}

/// A reason without its numbers.
std::string wording_of(std::string reason) {
  std::erase_if(reason, [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e'; });
  return reason;
}

/// Reasons, each with how often it was given; those that differ by numbers alone are one, with the numbers of the
/// first.
std::string list_of_reasons(const std::map<std::string, std::size_t>& all) {
  if (all.empty()) return "";
  struct Same {
    std::string first;
    std::size_t count = 0, ways = 0;
  };
  std::map<std::string, Same> reasons;
  for (const auto& [reason, count] : all) {
    Same& same = reasons.try_emplace(wording_of(reason), Same{.first = reason}).first->second;
    same.count += count;
    ++same.ways;
  }
  std::string html = "<details open><summary>reasons</summary><ul>";
  std::size_t shown = 0;
  for (const auto& [wording, same] : reasons)
    if (++shown <= reasons_shown)
      html += fmt::format("<li>{}{}</li>", escape(same.first),
                          same.ways > 1    ? fmt::format(" ({} times, each with numbers of its own)", same.count)
                          : same.count > 1 ? fmt::format(" ({} times)", same.count)
                                           : "");
  if (shown > reasons_shown) html += fmt::format("<li>… and {} more</li>", shown - reasons_shown);
  return html + "</ul></details>";
}

/// The sentence that defines a name of a formula; empty for axes and numbers.
std::string definition_of(const scan::ResolvedName& name) {
  using Kind = scan::ResolvedName::Kind;
  if (name.kind == Kind::deviation)
    return fmt::format(
        "root, taken last, of the mean over data draws and test points of (mean network − {})², from products of "
        "independent networks",
        name.theory);
  if (name.kind == Kind::rms) return "root of the expected squared difference, replica by replica";
  if (name.kind == Kind::error_ensemble) return std::string(info(Observable::error_ensemble).sentence);
  return name.observable ? std::string(info(*name.observable).sentence) : "";
}

/// Whether a name stands for an observable itself, measured or predicted.
bool is_plain(const scan::ResolvedName& name) {
  return name.kind == scan::ResolvedName::Kind::observable || name.kind == scan::ResolvedName::Kind::prediction;
}

}  // namespace

std::string point_label(const Table& table, const TablePoint& point) {
  std::string text;
  for (const Axis& axis : table.axes) {
    const std::string label = axis_label(table, point, axis.path);
    if (!label.empty()) text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", axis.short_name, short_value(label));
  }
  return text;
}

std::string folded_table(const std::string& head, const std::vector<std::string>& rows) {
  std::string table = fmt::format(R"(<div class="scroll"><table><thead><tr>{}</tr></thead><tbody>)", head);
  for (const std::string& row : rows) table += row;
  table += "</tbody></table></div>";
  if (rows.size() <= rows_unfolded) return table;
  return fmt::format("<details><summary>all {} points</summary>{}</details>", rows.size(), table);
}

std::string section_quantities(const ReportContents& contents) {
  std::map<std::string, std::string> definitions;
  const auto add = [&](const std::string& formula) {
    if (formula.empty() || is_theory(*contents.context.table, formula)) return;
    for (const auto& atom : contents.context.resolve(formula).atoms)
      if (const std::string sentence = definition_of(atom); !sentence.empty())
        definitions[is_plain(atom) ? std::string(info(*atom.observable).name) : atom.text] = sentence;
  };
  for (const scan::Figure& figure : contents.scan.figures()) {
    for (const scan::Formula& of : figure.plot) add(of.text);
    for (const scan::Formula& versus : scan::versus_of(figure)) add(versus.text);
    if (const auto* curves = std::get_if<scan::Curves>(&figure.kind))
      for (const scan::Reference& with : curves->with) add(with.text);
  }
  for (const scan::Test& test : contents.scan.tests()) {
    for (const scan::Formula& of : test.of) add(of.text);
    for (const scan::Formula& versus : scan::versus_of(test)) add(versus.text);
    add(scan::with_of(test).text);
  }
  for (const scan::Define& define : contents.scan.definitions()) add(define.of.text);
  if (definitions.empty()) return "";
  std::string html =
      R"(<h2>Quantities</h2><p class="quiet">f is a network’s output, g the clean target, y the labels, ⟨·⟩ the mean over the test set; a theory’s name before a dot means its prediction of the same quantity.</p><dl>)";
  for (const auto& [name, sentence] : definitions)
    html += fmt::format("<dt>{}</dt><dd>{}</dd>", escape(name), escape(sentence));
  return html + "</dl>";
}

std::string section_outcomes(const ReportContents& contents) {
  const Table& table = *contents.context.table;
  Counts all;
  std::vector<std::string> rows;
  for (const TablePoint& point : table.points) {
    rows.push_back(outcome_row(table, point));
    for (const Member& member : point.measured.members) ++all[member.outcome];
  }
  const std::string earlier = store::earlier_sentence(store::count_earlier(contents.scan, contents.store));
  return fmt::format("<h2>Outcomes</h2><p>Networks: {}.</p>", counts_text(all)) +
         (earlier.empty() ? "" : fmt::format("<p>{}.</p>", escape(earlier))) +
         folded_table(R"(<th>point</th><th class="n">wanted</th><th>networks</th><th>theories</th>)", rows) +
         list_of_reasons(reasons_of(table));
}

std::string section_provenance(const scan::Scan& scan, const store::Store& store) {
  std::string html = R"(<h2>Provenance</h2><div class="scroll"><table>)";
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
  const std::string registered = render(registration(scan, store));
  const auto first_line = registered.find('\n');
  if (!registered.empty()) add("registration", registered.substr(0, first_line));
  add("seed", fmt::format("{}", scan.seed()));
  add("machines", machines);
  add("compute", fmt::format("{:.3g} core hours", seconds / 3600));
  std::string overrides;
  for (const std::string& o : scan.overrides()) overrides += (overrides.empty() ? "" : ", ") + o;
  if (!overrides.empty()) add("overrides", overrides);
  html += "</table></div>";
  // What was edited after the first result, one line each.
  if (first_line != std::string::npos && first_line + 1 < registered.size())
    html += fmt::format("<pre class=\"words\">{}</pre>", escape(registered.substr(first_line + 1)));
  return html + fmt::format("<details><summary>scan file</summary><pre>{}</pre></details>", escape(scan.text()));
}

}  // namespace fieldscan::analysis
