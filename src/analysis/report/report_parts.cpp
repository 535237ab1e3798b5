#include "report_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <sstream>

#include "../figure/ranges.hpp"
#include "../figure/style.hpp"
#include "../figure/svg.hpp"
#include "../figure/table.hpp"
#include "../figure/theory_record.hpp"
#include "../text/readable.hpp"
#include "page_script.hpp"
#include "report_chains.hpp"
#include "report_notes.hpp"
#include "report_tables.hpp"

namespace fieldscan::analysis {
namespace {

std::string shown(const std::string& text) { return escape(readable(text)); }

std::string summary(const std::vector<TestResult>& results) {
  if (results.empty()) return "No tests are declared.";
  const auto count = [&](Verdict verdict) { return std::ranges::count(results, verdict, &TestResult::verdict); };
  return fmt::format("{} test{}: {} supported, {} contradicted, {} undecided.", results.size(),
                     results.size() == 1 ? "" : "s", count(Verdict::supported), count(Verdict::contradicted),
                     count(Verdict::undecided));
}

/// A sign at a verdict that rests on members that are not what they were asked to become.
std::string unsettled_mark(const TestResult& result) {
  if (!result.unsettled.any()) return "";
  return fmt::format(R"( <span class="unsettled" title="{}">⚠ {}</span>)", escape(words_of(result.unsettled)),
                     result.unsettled.chains > 0 ? "chains" : "networks");
}

std::string verdict_mark(Verdict verdict) {
  // A sign beside the word: colour alone does not reach everyone.
  const char* sign = verdict == Verdict::supported ? "✓" : verdict == Verdict::contradicted ? "✗" : "?";
  return fmt::format(R"(<span class="verdict {0}">{1} {0}</span>)", word_of(verdict), sign);
}

std::string parts_of(const TestResult& result) {
  if (result.parts.size() < 2) return "";
  std::string html =
      fmt::format(R"(<details><summary>{} statements</summary><div class="scroll"><table>)", result.parts.size());
  for (const auto& part : result.parts)
    html += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td></tr>", verdict_mark(part.verdict), shown(part.label),
                        shown(part.statement));
  return html + "</table></div></details>";
}

/// The question that a scan file opens with, where that is with a comment: as far as its first question mark, else its
/// first sentence.
std::string question_of(const std::string& text) {
  std::string comment;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line) && line.starts_with("#");) {
    const auto begin = line.find_first_not_of("# ");
    if (begin == std::string::npos) break;
    comment += (comment.empty() ? "" : " ") + line.substr(begin);
  }
  const auto mark = comment.find('?'), end = mark != std::string::npos ? mark : comment.find(". ");
  return end == std::string::npos ? comment : comment.substr(0, end + 1);
}

/// A table as an address that holds it.
std::string data_address(const std::string& csv) {
  std::string out = "data:text/csv;charset=utf-8,";
  for (const char c : csv) {
    const auto code = static_cast<unsigned char>(c);
    if (std::isalnum(code) || c == ',' || c == '-' || c == '.' || c == '_')
      out += c;
    else
      out += fmt::format("%{:02X}", code);
  }
  return out;
}

std::string files_of(const DrawnFigure& figure, const std::vector<std::string>& formats, const std::string& record) {
  std::string drawings;
  for (const std::string& format : formats) {
    std::string word = format;
    std::ranges::transform(word, word.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    drawings += fmt::format(R"(<a href="figures/{}.{}">{}</a>, )", figure.slug, format, word);
  }
  return fmt::format(
      R"(<p class="files">Data: <a download="{0}.csv" href="{1}">CSV</a>{3}. For papers: {2}<a href="figures/{0}.gp">gnuplot script</a>.</p>)",
      figure.slug, data_address(table_of(figure)), drawings, record);
}

std::string caption_of(const DrawnFigure& figure, const std::string& remark = "") {
  std::string small = shown(figure.caption);
  for (const std::string& words : {cut_words(figure), unshown_words(figure)})
    if (!words.empty()) small += (small.empty() ? "" : " ") + shown(words);
  for (const Panel& panel : figure.panels)
    if (!panel.residuals.empty()) {
      small += fmt::format("{}Lower strip: {}, in standard errors; the band is ± 2.", small.empty() ? "" : " ",
                           shown(panel.residual_label));
      break;
    }
  small += shown(remark);
  return fmt::format("<figcaption>{}{}</figcaption>", shown(figure.name),
                     small.empty() ? "" : fmt::format("<small>{}</small>", small));
}

/// A link to how well the theories of a figure were computed; empty where it shows none.
std::string record_of(const DrawnFigure& figure, const Table& table) {
  if (theories_in(figure, table).empty()) return "";
  return fmt::format(R"(, <a href="figures/{}-theories.csv">how well theories were computed</a>)", figure.slug);
}

/// remark: behind the caption; record: behind the table of numbers.
std::string html_of(const DrawnFigure& figure, const std::vector<std::string>& formats, const std::string& remark,
                    const std::string& record) {
  if (figure.empty())
    return fmt::format(
        R"(<figure>{}<p class="quiet">No numbers to draw: the formula has none here, or the networks have none, and “Outcomes” says what they came to.</p></figure>)",
        caption_of(figure));
  const std::vector<std::string> pieces = draw_pieces(figure);
  std::string html =
      fmt::format(R"(<figure{}>{})", pieces.size() > 1 ? R"( class="wide")" : "", caption_of(figure, remark));
  if (pieces.size() > 1) html += R"(<div class="figures">)";
  for (const std::string& piece : pieces) html += piece;
  if (pieces.size() > 1) html += "</div>";
  return html + files_of(figure, formats, record) + "</figure>";
}

/// One line per test: name, verdict, the probability of data at least as far out if the claim were true, and its single
/// statements.
std::string table_of_verdicts(const std::vector<TestResult>& results) {
  std::string html =
      R"(<div class="scroll"><table class="brief"><thead><tr><th>test</th><th>verdict</th><th class="n">p</th><th class="n">hold</th></tr></thead><tbody>)";
  for (std::size_t k = 0; k < results.size(); ++k) {
    const TestResult& r = results[k];
    const auto inside = std::ranges::count(r.parts, Verdict::supported, &TestResult::Part::verdict);
    const bool judged = std::ranges::any_of(r.parts, [](const TestResult::Part& part) { return !std::isnan(part.p); });
    html += fmt::format(
        R"(<tr><td><a href="#test-{}">{}</a></td><td>{}</td><td class="n">{}</td><td class="n">{} of {}</td></tr>)", k,
        shown(r.name), verdict_mark(r.verdict) + unsettled_mark(r),
        judged ? shown(fmt::format("{:.2g}", r.p_value)) : "–", inside, r.parts.size());
  }
  return html +
         R"(</tbody></table></div><p class="quiet">p: how often data would lie at least as far out if the claim were true, of the worst statement times their number. hold: statements whose 95 % interval lies inside what the test allows; a test is supported where all do. ⚠: some of its chains did not equilibrate, or of its networks did not converge; how many stands at the test.</p>)";
}

}  // namespace

std::string section_tests(const std::vector<TestResult>& results) {
  if (results.empty()) return "";
  std::string html = "<h2>Verdicts</h2>" + table_of_verdicts(results) + R"(<h2>Tests</h2><ul class="tests">)";
  for (std::size_t k = 0; k < results.size(); ++k) {
    const TestResult& r = results[k];
    html += fmt::format(R"(<li class="{}" id="test-{}"><h3>{}</h3>{})", word_of(r.verdict), k, shown(r.name),
                        verdict_mark(r.verdict));
    if (r.statement != r.name) html += fmt::format("<p>{}</p>", shown(r.statement));
    if (!r.because.empty()) html += fmt::format(R"(<p class="quiet">{}</p>)", shown(r.because));
    if (const std::string mark = words_of(r.unsettled); r.because.find(mark) == std::string::npos)
      html += fmt::format(R"(<p class="unsettled">⚠ {}</p>)", shown(mark));
    html += parts_of(r) + "</li>";
  }
  return html +
         R"(</ul><p class="quiet">One family error rate of 5 % over all tests (Holm), which comes after p. Errors are standard errors over data draws and initialisations (two-way; a sampler’s chains are nested in their draws once they have settled, and crossed with them at finite times).</p>)";
}

std::string section_figures(const ReportContents& contents) {
  const std::vector<DrawnFigure>& figures = contents.figures;
  if (figures.empty()) return "";
  std::string html =
      R"(<h2>Figures</h2><p class="quiet">Points are measurements with their 95 % interval, those of several groups side by side; a bar without an end reaches beyond the frame, or on a logarithmic axis to zero or below, and an arrow stands for a number that is not above zero, in the lower strip for one beyond it; hollow points with a cross rest on chains that did not all equilibrate, or networks that did not all converge; a dot beside a point: fewer replicas than asked, the others diverged or are not there yet; lines are theories, their band the 95 % interval over data draws; lines of short dashes are fits, their window is shaded, and dotted lines theories beyond their stated range. A name that does not fit has … in its middle, and stands whole in the table beside the figure. Hold the pointer over a point for its numbers; a click on an entry of a legend hides its curve.</p><div class="figures">)";
  for (std::size_t k = 0; k < figures.size(); ++k)
    html += html_of(figures[k], contents.formats.at(k), one_sided(figures[k], contents.results),
                    record_of(figures[k], *contents.context.table));
  return html + "</div>";
}

std::string page_of(const ReportContents& contents) {
  const Table& table = *contents.context.table;
  std::size_t replicas = 0;
  for (const TablePoint& point : table.points) replicas += point.measured.members.size();
  const bool chains = std::ranges::any_of(table.points, [](const TablePoint& p) { return p.measured.sampler; });
  const std::string question = question_of(contents.scan.text());
  std::string html = fmt::format(
      R"(<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{0}</title><style>{1}{2}</style></head><body><h1>{0}</h1>{3}<p class="quiet">{4} {5} points, {6} {9}.{7}</p>{8})",
      escape(contents.scan.name()), figure_style(), page_style(),
      question.empty() ? "" : fmt::format(R"(<p class="lead">{}</p>)", escape(question)), summary(contents.results),
      table.points.size(), replicas, endings_beside(table), banner_of(contents), chains ? "chains" : "networks");
  html += section_tests(contents.results) + section_figures(contents) + section_quantities(contents) +
          section_outcomes(contents) + section_chains(table) + section_provenance(contents.scan, contents.store);
  return html + fmt::format("<script>{}</script></body></html>\n", page_script());
}

}  // namespace fieldscan::analysis
