#include "fieldscan/analysis/test/outlook.hpp"

#include <fmt/format.h>

#include <cmath>

#include "../text/number.hpp"
#include "../verdict/power.hpp"
#include "evaluate.hpp"
#include "fieldscan/scan/statement/few_members.hpp"
#include "outlook.hpp"

namespace fieldscan::analysis {
namespace {

/// What the members resolve where the truth is what the test expects; empty where it has no margin of that kind.
std::string resolution(const scan::Test& test, const scan::TestMembers& members) {
  const auto& margin = scan::within_of(test);
  const std::int64_t n = members_that_count(members);
  if (!margin) return "";
  if (std::holds_alternative<scan::Agreement>(test.kind)) {
    const double deviation = deviation_to_find(margin->value, n);
    return fmt::format("decides within {} with 80 % where single networks vary by up to {}",
                       margin->relative ? percent(margin->value) : fmt::format("{:g}", margin->value),
                       margin->relative ? percent(deviation) : fmt::format("{:.2g}", deviation));
  }
  const bool positive = members.abscissas.size() >= 3 && *members.abscissas.begin() > 0;
  if (!std::holds_alternative<scan::PowerLaw>(test.kind) || margin->relative || !positive) return "";
  const double deviation = deviation_to_find(margin->value, n) * spread_of_logs(members.abscissas);
  return fmt::format(
      "decides an exponent within {:g} with 80 % where single networks vary by up to {} at each of {} points",
      margin->value, percent(deviation), members.abscissas.size());
}

scan::TestOutlook before_results(const scan::Test& test, const scan::TestMembers& members) {
  scan::TestOutlook outlook{.name = test.name, .needed = members.needed, .members = members.members};
  if (members.applicable == 0 && !members.inapplicable.empty()) {
    outlook.decidable = false;
    outlook.sentences.push_back(fmt::format("can not be decided: {}", members.inapplicable));
    return outlook;
  }
  if (members.needed == 0) {
    outlook.sentences.emplace_back("about predictions that are the same for every draw: it needs no ensemble");
    return outlook;
  }
  if (members.points == 0) {
    outlook.sentences.push_back(
        fmt::format("needs {} members; at which points it stands depends on results", members.needed));
    return outlook;
  }
  outlook.decidable = members.too_few == 0;
  const std::string there = scan::text_of(members.least, members.sampler);
  const char* grows = members.least.until ? ", and more until they are enough" : "";
  if (outlook.decidable) {
    outlook.sentences.push_back(fmt::format("needs {} members, has {} or more{}", members.needed, there, grows));
    if (std::string text = resolution(test, members); !text.empty()) outlook.sentences.push_back(std::move(text));
    return outlook;
  }
  outlook.options = scan::options_for(members);
  const std::string needs =
      members.members < members.needed
          ? fmt::format("{} members", members.needed)
          : fmt::format("{} of the smaller level beside more than that, or 1, or 3 beside 3", scan::members_beside);
  outlook.sentences.push_back(fmt::format("can not be decided: needs {}, and {} of {} points have {}: {}", needs,
                                          members.too_few, members.points, there, outlook.options));
  return outlook;
}

/// What came of it so far.
void add_result(scan::TestOutlook& outlook, const TestResult& result) {
  std::string sentence = fmt::format("so far {}", word_of(result.verdict));
  if (result.verdict == Verdict::undecided && outlook.decidable) {
    outlook.options = options_of(result.enough);
    if (!outlook.options.empty()) sentence += fmt::format("; decides with 80 %: {}", outlook.options);
  }
  outlook.sentences.push_back(std::move(sentence));
  if (result.verdict == Verdict::undecided && !result.because.empty()) outlook.sentences.push_back(result.because);
}

}  // namespace

std::int64_t members_that_count(const scan::TestMembers& members) {
  const bool nested = members.sampler && members.least.data_draws > 1;
  return std::max<std::int64_t>(nested ? members.least.data_draws : members.members, 2);
}

double spread_of_logs(const std::set<double>& x) {
  double mean = 0, square = 0;
  for (const double value : x) mean += std::log(value) / static_cast<double>(x.size());
  for (const double value : x) square += std::pow(std::log(value) - mean, 2);
  return std::sqrt(square);
}

std::vector<scan::TestOutlook> outlook_of_tests(const scan::Scan& scan, const store::Store* store) {
  std::vector<scan::TestOutlook> outlooks;
  const auto members = scan::members_of_tests(scan);
  for (std::size_t k = 0; k < members.size(); ++k) outlooks.push_back(before_results(scan.tests()[k], members[k]));
  if (!store) return outlooks;
  const std::vector<TestResult> results = evaluate_tests(scan, *store);
  for (std::size_t k = 0; k < results.size(); ++k) add_result(outlooks[k], results[k]);
  return outlooks;
}

}  // namespace fieldscan::analysis
