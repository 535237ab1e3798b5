#include "evaluate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "../formula/definition.hpp"
#include "../quantity/convergence.hpp"
#include "../table/load.hpp"
#include "../text/number.hpp"
#include "../verdict/family.hpp"
#include "../verdict/judge.hpp"
#include "fieldscan/analysis/verdict/validity.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "list.hpp"
#include "shared.hpp"

namespace fieldscan::analysis {
namespace {

/// Why there is nothing to compare, where that is because all networks of a point ended without numbers.
std::optional<Missing> nothing_to_compare(const Context& context) {
  for (const TablePoint& point : context.table->points)
    if (!point.measured.members.empty())
      if (Missing why = nothing_of(point.measured, Observable::error_test); why.lack == Lack::no_numbers) return why;
  return std::nullopt;
}

/// What a test is about by name: theories, and what else its formulas stand for.
std::set<std::string> names_in(const Context& context, const scan::Test& test) {
  std::set<std::string> names{scan::with_of(test).text};
  const auto add = [&](const std::string& formula) {
    if (formula.empty() || is_theory(*context.table, formula)) return void(names.insert(formula));
    for (const auto& name : context.resolve(formula).atoms) {
      names.insert(name.theory);
      for (const auto& side : name.sides) names.insert(side.theory);
    }
  };
  for (const scan::Formula& of : test.of) add(of.text);
  add(scan::with_of(test).text);
  std::visit(
      [&](const auto& kind) {
        if constexpr (requires { kind.expect.each; })
          for (const scan::Formula& expected : kind.expect.each) add(expected.text);
      },
      test.kind);
  return names;
}

/// Which of the theories that a test is about are references: those say nothing of what the networks should do.
std::string references_of(const Context& context, const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    if (is_reference(*context.table, name)) text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// What the declaration says of the test, for who reads numbers alone.
void describe(const scan::Test& test, TestResult& result) {
  result.window = scan::window_of(test);
  std::visit(
      [&](const auto& kind) {
        result.kind = kind.kind;
        if constexpr (requires { kind.form.has_value(); })
          if (kind.form) result.form = word(*kind.form);
      },
      test.kind);
}

/// That ensembles of its points ended too small for the error that the scan asks for.
void tell_short_of_error(TestResult& result) {
  const std::string mark = words_of_marks(error_not_reached());
  const auto parts = static_cast<std::size_t>(std::ranges::count_if(
      result.parts, [&](const TestResult::Part& part) { return part.flag.find(mark) != std::string::npos; }));
  if (parts > 0)
    add_sentence(
        result.because,
        fmt::format("{} of {} stand on ensembles that ended at `max` before the error that `until` asks for: a "
                    "larger ensemble.until.max reaches it",
                    parts, counted(result.parts.size(), "statement")));
}

/// Places at which a condition on results has no value: which they are, and why, for each of the test's formulas once.
WhereUnknown where_unknown_of(const Context& context, const scan::Test& test) {
  WhereUnknown result;
  std::set<std::string> seen;
  for (const scan::Formula& formula : test.of) {
    const UnknownSites sites = unknown_sites(context, selection_of(context, test, formula));
    result.of = std::max(result.of, sites.of);
    for (const auto& [site, why] : sites.unknown)
      if (std::string label = place_of(context, site); seen.insert(label).second)
        result.places.push_back({std::move(label), why.problem});
  }
  return result;
}

/// "`where` has no value at 2 of 8 points, which are left out: width = 64; width = 128 (no results yet)".
std::string words_of(const WhereUnknown& where) {
  constexpr std::size_t most_shown = 4;
  std::string places;
  for (std::size_t k = 0; k < where.places.size() && k < most_shown; ++k)
    places += fmt::format("{}{}", k ? "; " : "", where.places[k].label);
  if (where.places.size() > most_shown) places += fmt::format("; … and {} more", where.places.size() - most_shown);
  return fmt::format("`where` has no value at {} of {}, which are left out: {}{}({})", where.places.size(),
                     counted(where.of, "place"), places, places.empty() ? "" : " ", where.places.front().reason);
}

TestResult evaluate_one(const Context& context, const scan::Test& test) {
  const std::string sentence = sentence_of(test);
  const std::string name = test.name.empty() ? sentence : test.name;
  std::vector<Finding> findings = statements_of(context, test);
  if (findings.empty())
    if (const auto why = nothing_to_compare(context)) findings.push_back(nothing_to_judge(*why));
  TestResult result = join(name, sentence, findings);
  describe(test, result);
  tell_short_of_error(result);
  result.where_unknown = where_unknown_of(context, test);
  if (!result.where_unknown.places.empty()) add_sentence(result.because, words_of(result.where_unknown));
  const auto* agreement = std::get_if<scan::Agreement>(&test.kind);
  if (agreement && agreement->between.empty())
    if (const std::string domain = validity_domain(result); !domain.empty()) result.statement += "; " + domain;
  const std::set<std::string> names = names_in(context, test);
  if (const std::string references = references_of(context, names); !references.empty())
    result.statement += fmt::format("; reference: {}", references);
  for (const std::string& theory : names) {
    if (const auto residual = solver_residual(*context.table, theory))
      result.solver_residual[theory] = residual->largest;
    if (const auto most = largest_of(*context.table, theory, listed("start_difference")))
      result.start_difference[theory] = most;
    if (const auto most = largest_of(*context.table, theory, listed("solver_error")))
      result.solver_error[theory] = most;
  }
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

std::vector<Finding> statements_of(const Context& context, const scan::Test& test) {
  std::vector<Finding> findings = evaluate(context, test);
  const auto says_nothing = [](const Finding& f) { return f.outcome == Finding::Outcome::not_applicable; };
  if (!std::ranges::all_of(findings, says_nothing)) std::erase_if(findings, says_nothing);
  return findings;
}

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
  std::vector<TestResult> results = evaluate_tests(make_context(scan, table), scan.tests());
  for (TestResult& result : results) result.there = partly_there(table);
  return results;
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
