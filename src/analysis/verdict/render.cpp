#include "fieldscan/analysis/verdict/render.hpp"

#include <fmt/format.h>

#include "../text/json.hpp"
#include "../text/number.hpp"
#include "fieldscan/core/printable.hpp"

namespace fieldscan::analysis {
namespace {

constexpr std::size_t parts_shown = 12;

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
    text += fmt::format(R"(  {{"name": {}, "verdict": "{}", "statement": {}, "because": {}, "p_value": {}, "parts": [)",
                        json_text(r.name), word_of(r.verdict), json_text(r.statement), json_text(r.because),
                        json_number(r.p_value));
    for (std::size_t j = 0; j < r.parts.size(); ++j)
      text += fmt::format(R"({}{{"label": {}, "verdict": "{}", "statement": {}}})", j ? ", " : "",
                          json_text(r.parts[j].label), word_of(r.parts[j].verdict), json_text(r.parts[j].statement));
    text += k + 1 < results.size() ? "]},\n" : "]}\n";
  }
  return text + "]\n";
}

}  // namespace fieldscan::analysis
