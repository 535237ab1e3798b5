#include "fieldscan/analysis/verdict/render.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../text/json.hpp"
#include "../text/number.hpp"
#include "fieldscan/core/printable.hpp"

namespace fieldscan::analysis {
namespace {

constexpr std::size_t parts_shown = 12;

/// Both ends; an infinite one is null.
std::string json_range(double low, double high) { return fmt::format("[{}, {}]", json_number(low), json_number(high)); }

/// "value": …, "standard_error": …, "interval": …, "allowed": …. Where nothing tells the error the interval is none.
std::string json_estimate(const JudgedEstimate& n) {
  const std::string interval = std::isfinite(n.standard_error) ? json_range(n.low, n.high) : "null";
  return fmt::format(R"("value": {}, "standard_error": {}, "interval": {}, "allowed": {})", json_number(n.value),
                     json_number(n.standard_error), interval, json_range(n.allowed_low, n.allowed_high));
}

std::string json_of_number(const std::optional<JudgedEstimate>& n) {
  if (!n)
    return R"("value_is": null, "value": null, "standard_error": null, "interval": null, "allowed": null, "expected": null, "data_draws": null, "initialisations": null)";
  return fmt::format(R"("value_is": {}, {}, "expected": {}, "data_draws": {}, "initialisations": {})", json_text(n->is),
                     json_estimate(*n), n->expected ? json_number(*n->expected) : "null", n->data_draws,
                     n->initialisations);
}

std::string json_chi2(const std::optional<JudgedChi2>& chi2) {
  if (!chi2) return R"("chi2": null, "points": null, "degrees": null)";
  return fmt::format(R"("chi2": {}, "points": {}, "degrees": {})", json_number(chi2->value), json_number(chi2->points),
                     json_number(chi2->degrees));
}

std::string json_members(const TestResult::Part& part) {
  if (part.asked == 0) return R"("members": null, "asked": null, "flag": null)";
  return fmt::format(R"("members": {}, "asked": {}, "flag": {})", part.members, part.asked,
                     part.flag.empty() ? "null" : json_text(part.flag));
}

/// All keys, whatever the part has: null where there is nothing.
std::string json_part(const TestResult::Part& part) {
  return fmt::format(
      R"({{"label": {}, "verdict": "{}", "statement": {}, "p_value": {}, {}, "distance": {}, {}, "outcome": {}, {}}})",
      json_text(part.label), word_of(part.verdict), json_text(part.statement), json_number(part.p),
      json_of_number(part.number), part.distance ? fmt::format("{{{}}}", json_estimate(*part.distance)) : "null",
      json_chi2(part.chi2), part.outcome.empty() ? "null" : json_text(part.outcome), json_members(part));
}

/// Of a test of which nothing was judged there is none.
std::string json_probability(const TestResult& result) {
  const bool judged = std::ranges::any_of(result.parts, [](const auto& part) { return !std::isnan(part.p); });
  return judged ? json_number(result.p_value) : "null";
}

/// null where no place is left out.
std::string json_where_unknown(const WhereUnknown& where) {
  if (where.places.empty()) return "null";
  std::string places;
  for (const auto& [label, reason] : where.places)
    places += fmt::format(R"({}{{"label": {}, "reason": {}}})", places.empty() ? "" : ", ", json_text(label),
                          json_text(reason));
  return fmt::format(R"({{"of": {}, "places": [{}]}})", where.of, places);
}

/// Of every theory the number, or null where none is stored.
std::string json_residuals(const std::map<std::string, std::optional<double>>& residuals) {
  std::string text;
  for (const auto& [theory, residual] : residuals)
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", json_text(theory),
                        residual ? json_number(*residual) : "null");
  return text;
}

std::string count_line(const std::vector<TestResult>& results) {
  const auto count = [&](Verdict verdict) { return std::ranges::count(results, verdict, &TestResult::verdict); };
  return fmt::format("{}: {} supported, {} contradicted, {} undecided\n", counted(results.size(), "test"),
                     count(Verdict::supported), count(Verdict::contradicted), count(Verdict::undecided));
}

}  // namespace

std::string render(const std::vector<TestResult>& results) {
  if (results.empty()) return "no tests are declared\n";
  std::string text;
  if (const std::string& there = results.front().there; !there.empty())
    text = fmt::format("This run is not finished: {} are there, and the verdicts are so far of those.\n", there);
  for (const TestResult& r : results) {
    text += fmt::format("{:<13} {}{}\n", word_of(r.verdict), r.name, r.there.empty() ? "" : " (so far)");
    if (r.statement != r.name) text += fmt::format("              {}\n", r.statement);
    if (!r.because.empty()) text += fmt::format("              {}\n", r.because);
    if (const std::string mark = words_of(r.unsettled); r.because.find(mark) == std::string::npos)
      text += fmt::format("              {}\n", mark);
    if (r.parts.size() > 1) {
      for (std::size_t k = 0; k < r.parts.size() && k < parts_shown; ++k)
        text += fmt::format("                {:<13} {}{}{}\n", word_of(r.parts[k].verdict), r.parts[k].label,
                            r.parts[k].label.empty() ? "" : ": ", r.parts[k].statement);
      if (r.parts.size() > parts_shown)
        text += fmt::format("                … and {} more\n", r.parts.size() - parts_shown);
    }
  }
  return printable(text) + count_line(results);
}

std::string to_json(const std::vector<TestResult>& results) {
  std::string text = "[\n";
  for (std::size_t k = 0; k < results.size(); ++k) {
    const TestResult& r = results[k];
    text += fmt::format(
        R"(  {{"name": {}, "kind": "{}", "verdict": "{}", "statement": {}, "because": {}, "p_value": {}, "unsettled": {{"chains": {}, "networks": {}}}, "window": {}, "form": {}, "where_unknown": {}, "parts": [)",
        json_text(r.name), r.kind, word_of(r.verdict), json_text(r.statement), json_text(r.because),
        json_probability(r), json_number(r.unsettled.chains), json_number(r.unsettled.networks),
        r.window ? json_range(r.window->first, r.window->second) : "null", r.form.empty() ? "null" : json_text(r.form),
        json_where_unknown(r.where_unknown));
    for (std::size_t j = 0; j < r.parts.size(); ++j) text += (j ? ", " : "") + json_part(r.parts[j]);
    text += fmt::format(
        R"(], "solver_residual_largest": {{{}}}, "start_difference_largest": {{{}}}, "solver_error_largest": {{{}}}}}{}
)",
        json_residuals(r.solver_residual), json_residuals(r.start_difference), json_residuals(r.solver_error),
        k + 1 < results.size() ? "," : "");
  }
  return text + "]\n";
}

}  // namespace fieldscan::analysis
