#include "family.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "../text/number.hpp"
#include "judge.hpp"

namespace fieldscan::analysis {

namespace {

/// Why a finding is what it is. Outside by itself, and not among so many: no number of members was formed, as it would
/// decide alone.
std::string reason_of(const Finding& finding, std::size_t statements) {
  const bool among_many = !finding.inside && finding.p < error_rate && statements > 1 &&
                          verdict_of(finding, statements) == Verdict::undecided;
  if (!among_many) return finding.because;
  const std::string reason =
      fmt::format("p = {:.2g} alone, {:.2g} among {}: more members would decide", finding.p,
                  std::min(1.0, finding.p * static_cast<double>(statements)), counted(statements, "statement"));
  return finding.because.empty() ? reason : finding.because + "; " + reason;
}

/// What a statement says, and in brackets why.
std::string told(const Finding& finding, std::size_t statements) {
  const std::string because = reason_of(finding, statements);
  if (because.empty() || finding.statement.empty()) return finding.statement + because;
  return finding.statement + " (" + because + ")";
}

/// A reason without the sentence on what would decide this statement alone.
std::string without_growth(std::string because, const std::string& growth) {
  const std::size_t at = growth.empty() ? std::string::npos : because.find(growth);
  if (at == std::string::npos) return because;
  because.erase(at, growth.size());
  if (because.substr(at).starts_with("; ")) because.erase(at, 2);
  if (because.ends_with("; ")) because.erase(because.size() - 2);
  return because;
}

/// Of all open statements together the ensemble that `enough` is, in words; empty where none of them says what would
/// decide.
std::string enough_for_all(const std::vector<Finding>& findings, const EnsembleSize& enough) {
  const auto open = std::ranges::count_if(findings, [](const Finding& f) { return !f.inside; });
  const auto known = std::ranges::count_if(findings, [](const Finding& f) { return !f.inside && f.enough.known(); });
  const bool grows =
      std::ranges::any_of(findings, [](const Finding& f) { return !f.inside && f.more > 0 && f.enough.known(); });
  if (!grows) return "";
  std::string size = enough.draws > 0 ? counted(static_cast<std::size_t>(enough.draws), "data draw") : "";
  if (enough.initialisations > 0)
    size += (size.empty() ? "" : " and ") + counted(static_cast<std::size_t>(enough.initialisations), "initialisation");
  return fmt::format("{} in all would decide {}, four times in five", size,
                     open == 1 ? "it"
                     : known == open
                         ? (open == 2 ? "both open statements" : fmt::format("all {} open statements", open))
                         : fmt::format("{} of {} open statements", known, open));
}

/// That of a finding on a number; none where there was nothing to judge.
double probability_of(const Finding& finding) {
  const bool none = finding.outcome != Finding::Outcome::judged && finding.p == 1;
  return none ? std::numeric_limits<double>::quiet_NaN() : finding.p;
}

}  // namespace

std::string_view word_of(Finding::Outcome outcome) {
  switch (outcome) {
    case Finding::Outcome::judged:
      return "judged";
    case Finding::Outcome::open:
      return "open";
    case Finding::Outcome::not_applicable:
      return "not_applicable";
    case Finding::Outcome::no_numbers:
      break;
  }
  return "no_numbers";
}

Verdict verdict_of(const Finding& finding, std::size_t statements) {
  if (finding.inside) return Verdict::supported;
  return finding.p * static_cast<double>(statements) < error_rate ? Verdict::contradicted : Verdict::undecided;
}

TestResult join(std::string name, std::string summary, const std::vector<Finding>& findings) {
  TestResult result{.name = std::move(name),
                    .statement = std::move(summary),
                    .verdict = Verdict::undecided,
                    .because = {},
                    .p_value = 1,
                    .parts = {}};
  const auto n = static_cast<double>(findings.size());
  std::size_t inside = 0;
  const Finding* open = nullptr;
  const Finding* worst = nullptr;
  for (const Finding& f : findings) {
    result.without_numbers |= !f.inside && f.outcome == Finding::Outcome::no_numbers;
    inside += f.inside ? 1 : 0;
    result.unsettled.join(f.unsettled);
    result.p_value = std::min(result.p_value, std::min(1.0, f.p * n));
    result.parts.push_back({f.label, told(f, findings.size()), verdict_of(f, findings.size()), f.key, probability_of(f),
                            f.number, f.basis.members, f.basis.asked, words_of_marks(f.basis.marks), f.distance, f.chi2,
                            word_of(f.outcome)});
    if (!f.inside && (!open || f.more > open->more)) open = &f;
    if (!f.inside) {
      result.enough.draws = std::max(result.enough.draws, f.enough.draws);
      result.enough.initialisations = std::max(result.enough.initialisations, f.enough.initialisations);
    }
    if (!worst || f.p < worst->p) worst = &f;
  }
  if (findings.empty()) {
    result.because = "nothing to compare yet";
    return result;
  }
  if (findings.size() == 1)
    result.statement += findings[0].statement.empty() ? "" : ": " + findings[0].statement;
  else
    result.statement += fmt::format(": {} of {} statements inside", inside, findings.size());
  if (inside == findings.size()) {
    result.verdict = Verdict::supported;
    result.because = findings.size() == 1 ? findings[0].because : "";
  } else if (result.p_value < error_rate) {
    result.because = worst->label.empty() || findings.size() == 1 ? worst->because
                                                                  : worst->label + ": " + told(*worst, findings.size());
  } else {
    const std::string all = findings.size() == 1 ? "" : enough_for_all(findings, result.enough);
    const std::string reason = reason_of(*open, findings.size());
    const std::string because = all.empty() ? reason : without_growth(reason, open->growth);
    result.because =
        because.empty() || open->label.empty() || findings.size() == 1 ? because : open->label + ": " + because;
    if (!all.empty()) result.because += (result.because.empty() ? "" : "; ") + all;
  }
  return result;
}

std::vector<double> holm(const std::vector<double>& p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](std::size_t k) { return p_values[k]; });
  std::vector<double> adjusted(p_values.size());
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const double factor = static_cast<double>(order.size() - rank);
    largest = std::max(largest, std::min(1.0, factor * p_values[order[rank]]));
    adjusted[order[rank]] = largest;
  }
  return adjusted;
}

void correct_family(std::vector<TestResult>& results) {
  std::vector<double> p_values;
  for (const TestResult& r : results) p_values.push_back(r.p_value);
  const std::vector<double> adjusted = holm(p_values);
  for (std::size_t k = 0; k < results.size(); ++k) {
    if (results[k].verdict == Verdict::supported) continue;
    if (adjusted[k] < error_rate) {
      results[k].verdict = Verdict::contradicted;
      results[k].because =
          fmt::format("{}{}p = {:.2g} after Holm's correction over {}", results[k].because,
                      results[k].because.empty() ? "" : "; ", adjusted[k], counted(results.size(), "test"));
    } else if (p_values[k] < error_rate) {
      results[k].because += fmt::format(
          "{}p = {:.2g} alone, {:.2g} after Holm's correction over {}: more members would decide",
          results[k].because.empty() ? "" : "; ", p_values[k], adjusted[k], counted(results.size(), "test"));
    }
  }
}

}  // namespace fieldscan::analysis
