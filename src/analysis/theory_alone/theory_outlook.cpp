#include "fieldscan/analysis/theory_alone/theory_outlook.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../test/evaluate.hpp"
#include "../test/outlook.hpp"
#include "../text/number.hpp"
#include "../verdict/power.hpp"
#include "expected_table.hpp"
#include "fieldscan/core/flat.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/scan/points/names.hpp"
#include "fieldscan/scan/task/test_members.hpp"
#include "limited.hpp"
#include "world.hpp"

namespace fieldscan::analysis {
namespace expected {
namespace {

using Kind = scan::ResolvedName::Kind;
constexpr double affordable_seconds = 2;  // by estimate
constexpr double most_seconds = 6;        // of processor time, where the estimate was wrong

/// Whether a formula is about networks, by itself or through a definition.
bool is_of_networks(const scan::Scan& scan, const scan::Mentions& formula) {
  return mentions_measurement(formula) || std::ranges::any_of(formula.atoms, [&](const scan::ResolvedName& name) {
           const auto define = std::ranges::find(scan.definitions(), name.name, &scan::Define::name);
           return name.kind == Kind::definition && define != scan.definitions().end() && define->from.empty();
         });
}

/// Whether the statements of a test are one number each, about networks.
bool is_foretold(const scan::Scan& scan, const scan::Test& test, const scan::TestMembers& members) {
  const auto* law = std::get_if<scan::PowerLaw>(&test.kind);
  const bool one_number =
      std::holds_alternative<scan::Agreement>(test.kind) || std::holds_alternative<scan::Bound>(test.kind) ||
      (law && !law->expect.empty() && members.abscissas.size() >= 3 && *members.abscissas.begin() > 0);
  return one_number && std::ranges::all_of(test.of, [&](const scan::Formula& of) {
           const scan::Mentions formula = scan::mentions(scan, of.text);
           // Beside a theory in `with`, predictions that are named would be taken for its own.
           return is_of_networks(scan, formula) && (scan::with_of(test).empty() || !formula.any(Kind::prediction));
         });
}

/// One statement that a theory foretells, and the spread of single members up to which it is found out.
struct Foretold {
  const Finding* finding = nullptr;
  bool inside = false;
  double deviation = 0;
};

/// The statement on which the verdict hangs: of those outside the one that is found most easily, else the one inside
/// that is hardest to find.
Foretold deciding(const std::vector<Finding>& findings, std::int64_t members, std::size_t tests) {
  const double level = error_rate / static_cast<double>(findings.size() * tests);
  Foretold found;
  for (const Finding& finding : findings) {
    if (!finding.judged) continue;
    const auto& [value, low, high, beyond] = *finding.judged;
    Allowed allowed{.low = low, .high = high};
    const bool inside = value > low && value < high;
    // A number that is positive may be skewed: judge() looks at its logarithm as well.
    if (inside && std::isinf(low) && value > 0) allowed.high = value + value * std::log(high / value);
    const double deviation = deviation_to_decide(value, allowed, members, level);
    const bool first = !found.finding || (found.inside && !inside);
    if (first || (found.inside == inside && (inside ? deviation < found.deviation : deviation > found.deviation)))
      found = {&finding, inside, deviation};
  }
  return found;
}

/// The spread in words: relative to the number where it has a size.
std::string spread_text(const scan::Test& test, const scan::TestMembers& members, const Foretold& foretold) {
  const double value = foretold.finding->judged->value, deviation = foretold.deviation;
  if (std::holds_alternative<scan::PowerLaw>(test.kind))
    return fmt::format("{} at each of {}", percent(deviation * spread_of_logs(members.abscissas)),
                       counted(members.abscissas.size(), "point"));
  if (std::holds_alternative<scan::Agreement>(test.kind))
    return scan::within_of(test).value_or(scan::Margin{}).relative ? percent(deviation / std::abs(1 + value))
                                                                   : fmt::format("{:.2g}", deviation);
  return value != 0 ? percent(deviation / std::abs(value)) : fmt::format("{:.2g}", deviation);
}

/// Empty where the theory says nothing, or nothing that is not said anyway: that it agrees with itself.
std::string sentence_of(const Context& context, const scan::Test& test, const scan::TestMembers& members,
                        const std::string& theory, std::size_t tests) {
  const std::vector<Finding> findings = statements_of(context, test);
  const Foretold foretold = deciding(findings, members_that_count(members), tests);
  if (!foretold.finding) return "";
  const auto& [value, low, high, beyond] = *foretold.finding->judged;
  const double room = std::min(value - low, high - value);
  if (std::isfinite(low) && foretold.inside && std::abs(value) < 1e-9 * (high - low)) return "";
  std::string text = fmt::format("if {} is right: {}{}{}", theory, foretold.finding->label,
                                 foretold.finding->label.empty() ? "" : ": ", foretold.finding->statement);
  if (findings.size() > 1)
    text += fmt::format(" (the {} of {} statements)", foretold.inside ? "hardest" : "clearest", findings.size());
  if (beyond) text += ", where a theory is beyond its stated range of validity";
  const bool rooted =
      std::ranges::any_of(test.of, [&](const scan::Formula& of) { return has_root(context.resolve(of.text)); });
  if (rooted && foretold.inside && room > std::abs(value) && !std::holds_alternative<scan::PowerLaw>(test.kind))
    return text + "; so near to zero the noise of single networks decides, which a small run tells";
  if (foretold.deviation == 0) return text + "; that is the end of what is allowed: no ensemble decides";
  return text + fmt::format("; {} with 80 % where single networks vary by up to {}",
                            foretold.inside ? "supported" : "contradicted", spread_text(test, members, foretold));
}

/// A sentence on one of the tests.
struct Said {
  std::uint64_t test = 0;
  std::string text;
};

std::vector<Said> foretell(const scan::Scan& scan, const Affordable& theories, const std::vector<std::size_t>& tests,
                           const std::vector<scan::TestMembers>& members) {
  set_linear_algebra_threads(1);
  const Table table = expected_table(scan, theories.all);
  std::vector<Said> said;
  for (const std::string& theory : theories.describing) {
    const Context world = world_of(scan, table, theory);
    for (const std::size_t k : tests) try {
        std::string text = sentence_of(world, scan.tests()[k], members[k], theory, scan.tests().size());
        if (!text.empty()) said.push_back({k, std::move(text)});
      } catch (const std::exception&) {  // a test that can not be evaluated says so when it is
      }
  }
  return said;
}

Bytes bytes_of(const std::vector<Said>& said) {
  FlatWriter out;
  out.put(static_cast<std::uint64_t>(said.size()));
  for (const auto& [test, text] : said) {
    out.put(test);
    out.put(std::string_view(text));
  }
  return out.take();
}

std::vector<Said> said_in(const Bytes& bytes) {
  FlatReader in(bytes);
  std::vector<Said> said(in.length(1));
  for (Said& one : said) {
    one.test = in.get<std::uint64_t>();
    one.text = in.text();
  }
  return said;
}

}  // namespace
}  // namespace expected

void add_expected(std::vector<scan::TestOutlook>& outlooks, const scan::Scan& scan) {
  const std::vector<scan::TestMembers> members = scan::members_of_tests(scan);
  std::vector<std::size_t> tests;
  for (std::size_t k = 0; k < outlooks.size(); ++k)
    if (outlooks[k].decidable && members[k].needed > 0 && members[k].points > 0 &&
        expected::is_foretold(scan, scan.tests()[k], members[k]))
      tests.push_back(k);
  if (tests.empty()) return;
  const Affordable theories = affordable_theories(scan, expected::affordable_seconds);
  std::string not_computed;
  if (!theories.dear.empty())
    not_computed =
        fmt::format("what {} expect{} is not computed: it takes about {:.{}f} s", fmt::join(theories.dear, ", "),
                    theories.dear.size() == 1 ? "s" : "", theories.dear_seconds, theories.dear_seconds < 10 ? 1 : 0);
  if (!theories.describing.empty()) {
    const auto bytes = compute_within(
        expected::most_seconds, [&] { return expected::bytes_of(expected::foretell(scan, theories, tests, members)); });
    if (bytes)
      for (auto& [test, text] : expected::said_in(*bytes)) outlooks[test].sentences.push_back(std::move(text));
    else
      not_computed =
          fmt::format("what theories expect is not computed: it takes more than {:g} s", expected::most_seconds);
  }
  if (not_computed.empty()) return;
  for (const std::size_t k : tests) outlooks[k].sentences.push_back(not_computed);
}

}  // namespace fieldscan::analysis
