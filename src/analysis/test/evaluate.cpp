#include "evaluate.hpp"

#include <fmt/format.h>

#include "../table/load.hpp"
#include "../verdict/family.hpp"
#include "fieldscan/analysis/verdict/validity.hpp"
#include "list.hpp"

namespace fieldscan::analysis {
namespace {

/// Statements to which a theory does not apply say nothing, unless there is no other.
void drop_not_applicable(std::vector<Finding>& findings) {
  const auto says_nothing = [](const Finding& f) { return f.because.starts_with(word_of(Outcome::not_applicable)); };
  if (!std::ranges::all_of(findings, says_nothing)) std::erase_if(findings, says_nothing);
}

/// Why there is nothing to compare, where that is because all networks of a point ended without numbers; else empty.
std::string nothing_to_compare(const Context& context) {
  for (const TablePoint& point : context.table->points)
    if (!point.measured.members.empty())
      if (const std::string why = nothing_of(point.measured, Observable::error_test); why.starts_with(no_numbers))
        return why;
  return "";
}

TestResult evaluate_one(const Context& context, const scan::Test& test) {
  const std::string sentence = sentence_of(test);
  const std::string name = test.name.empty() ? sentence : test.name;
  std::vector<Finding> findings = test_findings(context, test);
  drop_not_applicable(findings);
  if (findings.empty())
    if (const std::string why = nothing_to_compare(context); !why.empty())
      findings.push_back({.label = {}, .statement = {}, .because = why});
  TestResult result = join(name, sentence, findings);
  if (test.kind == scan::Test::Kind::agreement && test.between.empty())
    if (const std::string domain = validity_domain(result); !domain.empty()) result.statement += "; " + domain;
  return result;
}

/// A test that can not be evaluated says why, and the others go on.
TestResult evaluate_or_say_why(const Context& context, const scan::Test& test) {
  try {
    return evaluate_one(context, test);
  } catch (const std::exception& error) {
    const std::string sentence = sentence_of(test);
    TestResult result = join(test.name.empty() ? sentence : test.name, sentence, {});
    result.because = fmt::format("can not be evaluated: {}", error.what());
    return result;
  }
}

}  // namespace

Context make_context(const scan::Scan& scan, const Table& table) {
  Context context{.table = &table,
                  .resolve = [scan](const std::string& formula) { return scan::mentions(scan, formula); },
                  .resolve_name = [scan](const std::string& name) { return scan::resolve_name(scan, name); },
                  .seed = static_cast<std::uint64_t>(scan.seed()),
                  .definitions = {}};
  evaluate_definitions(context, scan.definitions());
  return context;
}

std::vector<TestResult> evaluate_tests(const Context& context, const std::vector<scan::Test>& tests) {
  std::vector<TestResult> results;
  for (const scan::Test& test : tests) results.push_back(evaluate_or_say_why(context, test));
  correct_family(results);
  return results;
}

std::vector<TestResult> evaluate_tests(const scan::Scan& scan, const store::Store& store) {
  const Table table = load_table(scan, store);
  return evaluate_tests(make_context(scan, table), scan.tests());
}

int exit_status(const std::vector<TestResult>& results) {
  const auto any = [&](Verdict verdict) {
    return std::ranges::any_of(results, [&](const auto& r) { return r.verdict == verdict; });
  };
  const bool without =
      std::ranges::any_of(results, [](const auto& r) { return r.verdict == Verdict::undecided && r.without_numbers; });
  return any(Verdict::contradicted) ? 5 : without ? 4 : any(Verdict::undecided) ? 6 : 0;
}

}  // namespace fieldscan::analysis
