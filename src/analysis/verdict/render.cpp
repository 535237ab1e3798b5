#include "fieldscan/analysis/verdict/render.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "../text/json.hpp"
#include "../text/number.hpp"
#include "fieldscan/core/printable.hpp"

namespace fieldscan::analysis {
namespace {

constexpr std::size_t parts_shown = 12;

/// Both ends; an infinite one is null.
std::string json_range(double low, double high) { return fmt::format("[{}, {}]", json_number(low), json_number(high)); }

/// "value": …, "standard_error": …, "interval": …, "allowed": …
std::string json_estimate(const JudgedEstimate& n) {
  return fmt::format(R"("value": {}, "standard_error": {}, "interval": {}, "allowed": {})", json_number(n.value),
                     json_number(n.standard_error), json_range(n.low, n.high),
                     json_range(n.allowed_low, n.allowed_high));
}

std::string json_part(const TestResult::Part& part) {
  std::string text =
      fmt::format(R"({{"label": {}, "verdict": "{}", "statement": {}, "p_value": {})", json_text(part.label),
                  word_of(part.verdict), json_text(part.statement), json_number(part.p));
  if (const auto& n = part.number)
    text += fmt::format(R"(, "value_is": {}, {}, "expected": {}, "data_draws": {}, "initialisations": {})",
                        json_text(n->is), json_estimate(*n), n->expected ? json_number(*n->expected) : "null",
                        n->data_draws, n->initialisations);
  if (part.distance) text += fmt::format(R"(, "distance": {{{}}})", json_estimate(*part.distance));
  if (part.chi2)
    text += fmt::format(R"(, "chi2": {}, "points": {}, "degrees": {})", json_number(part.chi2->value),
                        json_number(part.chi2->points), json_number(part.chi2->degrees));
  if (!part.outcome.empty()) text += fmt::format(R"(, "outcome": "{}")", part.outcome);
  if (part.asked == 0) return text + "}";
  return text + fmt::format(R"(, "members": {}, "asked": {}, "flag": {}}})", part.members, part.asked,
                            part.flag.empty() ? "null" : json_text(part.flag));
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
  for (const TestResult& r : results) {
    text += fmt::format("{:<13} {}\n", word_of(r.verdict), r.name);
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
        json_number(r.p_value), json_number(r.unsettled.chains), json_number(r.unsettled.networks),
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
