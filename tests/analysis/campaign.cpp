#include <cmath>

#include "../../src/analysis/formula/definition.hpp"
#include "../../src/analysis/quantity/observed.hpp"
#include "../../src/analysis/test/evaluate.hpp"
#include "../../src/analysis/test/list.hpp"
#include "catch.hpp"
#include "synthetic.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace {

scan::Formula formula(const std::string& text) { return {.text = text, .place = {}}; }

scan::Agreement with_theory(const std::string& theory, double within) {
  return {.with = {.text = theory}, .within = scan::Margin{within, true}};
}

scan::Test agreement(double within) {
  return {.of = {formula("error_test")}, .where = formula("width >= 512"), .kind = with_theory("nngp", within)};
}

scan::PowerLaw exponent(double expect, double within) {
  return {.versus = {formula("width")},
          .expect = {{formula(std::to_string(expect))}},
          .within = scan::Margin{within, false}};
}

scan::Test power_law(double expect, double within) {
  scan::PowerLaw law = exponent(expect, within);
  law.window = scan::Window(64, 1024);
  return {.of = {formula("deviation(nngp)")}, .kind = law};
}

Verdict verdict_of(const Table& table, const scan::Test& test) {
  return evaluate_tests(syn::make_context(table), std::vector{test}).at(0).verdict;
}

}  // namespace

TEST_CASE("a theory that holds is supported, one that is 5 % off is found") {
  const syn::Spread spread{.draws = 0.3, .initialisations = 0, .rest = 0.04};
  Table table = syn::make_table({.draws = 24});
  syn::add_errors(table, 11, spread);
  CHECK(verdict_of(table, agreement(0.03)) == Verdict::supported);
  Table wrong = syn::make_table({.draws = 24});
  syn::add_errors(wrong, 11, spread, 1.05);
  CHECK(verdict_of(wrong, agreement(0.03)) == Verdict::contradicted);
  Table low = syn::make_table({.draws = 24});
  syn::add_errors(low, 11, spread, 0.95);
  CHECK(verdict_of(low, agreement(0.03)) == Verdict::contradicted);
}

TEST_CASE("theories on more draws than were measured enter on the measured ones") {
  const syn::Spread spread{.draws = 0.3, .initialisations = 0, .rest = 0.04};
  Table table = syn::make_table({.draws = 24});
  syn::add_errors(table, 12, spread, 1, 200);
  CHECK(verdict_of(table, agreement(0.03)) == Verdict::supported);
}

TEST_CASE("a theory is compared with another one, not with itself") {
  for (const double factor : {1.0, 1.05, 0.95}) {
    Table table = syn::make_table({.draws = 24});
    syn::add_errors(table, 14, {.draws = 0.05, .rest = 0.04}, 1, 400);
    for (TablePoint& point : table.points) {
      point.measured.members.clear();  // theory alone
      Series& curve = syn::add_theory(point, "learning_curve", 1, Level::nothing);
      curve.members[0].rows.push_back({.observable = Observable::error_test, .value = 0.3 * factor});
    }
    const scan::Test test{.of = {formula("nngp.error_test")},
                          .where = formula("width >= 512"),
                          .kind = with_theory("learning_curve", 0.03)};
    CHECK(verdict_of(table, test) == (factor == 1 ? Verdict::supported : Verdict::contradicted));
  }
}

TEST_CASE("too few members: undecided, whatever the numbers") {
  Table table = syn::make_table({.draws = 4, .initialisations = 2, .sampler = false});
  syn::add_errors(table, 13, {.draws = 0.3, .rest = 0.001});
  CHECK(verdict_of(table, agreement(0.03)) == Verdict::undecided);
}

TEST_CASE("results that are missing leave a test undecided") {
  Table table = syn::make_table({.draws = 0});
  for (TablePoint& p : table.points) syn::add_theory(p, "nngp", 4);
  CHECK(verdict_of(table, agreement(0.03)) == Verdict::undecided);
}

TEST_CASE("diverged members do not enter means") {
  const syn::Spread spread{.draws = 0.3, .rest = 0.04};
  Table table = syn::make_table({.draws = 24});
  syn::add_errors(table, 11, spread);
  for (TablePoint& p : table.points) {
    p.measured.members[3].outcome = Outcome::diverged;
    p.measured.members[3].rows[0].value = 1e9;
  }
  const TestResult result = evaluate_tests(syn::make_context(table), std::vector{agreement(0.03)}).at(0);
  CHECK(result.verdict == Verdict::supported);
  CHECK(result.parts.at(0).statement.find("survived") != std::string::npos);
  const Quantity share = observe(table.points[0], "", Observable::diverged, 0, {}, std::nullopt);
  CHECK(share.value == Approx(1.0 / 96));
}

TEST_CASE("the exponent of a deviation is found through noise larger than the deviation itself") {
  // dev = 4/N: 0.0625 … 0.004, noise of one network 0.05, of the mean of four 0.025.
  Table table = syn::make_table({});
  syn::add_predictors(table, 21, 40, 4, -1, 0.05);
  const Context context = syn::make_context(table);
  const auto findings = evaluate(context, power_law(-1, 0.3));
  REQUIRE(findings.size() == 1);
  INFO(findings[0].statement << " " << findings[0].because);
  CHECK(findings[0].inside);
  CHECK(verdict_of(table, power_law(-0.5, 0.2)) == Verdict::contradicted);
  CHECK(verdict_of(table, power_law(-1.5, 0.2)) == Verdict::contradicted);
}

TEST_CASE("power laws with a floor, and collapses, are tested in a campaign") {
  Table table = syn::make_table({.widths = {16, 32, 64, 128, 256, 512, 1024}, .draws = 24});
  for (TablePoint& p : table.points) {
    const double width = std::get<double>(p.point.names[0].value);
    for (Member& m : p.measured.members)
      m.rows.push_back(
          {.observable = Observable::error_test,
           .value = (0.1 + 4 / width) * (1 + 0.01 * syn::normal(5, std::to_string(width), m.draw, m.initialisation))});
  }
  const auto with = [](double expect, std::optional<scan::PowerLaw::Form> form) {
    scan::PowerLaw law = exponent(expect, 0.2);
    law.form = form;
    return scan::Test{.of = {formula("error_test")}, .kind = law};
  };
  const TestResult plain = evaluate_tests(syn::make_context(table), std::vector{with(-1, {})}).at(0);
  CHECK(plain.verdict == Verdict::contradicted);
  INFO(plain.because);
  CHECK(plain.because.find("describes the curve better") != std::string::npos);
  CHECK(verdict_of(table, with(-1, scan::PowerLaw::Form::floor)) == Verdict::supported);
  CHECK(verdict_of(table, with(-0.5, scan::PowerLaw::Form::floor)) == Verdict::contradicted);
}

TEST_CASE("a χ² over all widths, a sum that must hold, and the domain of a theory") {
  const syn::Spread spread{.draws = 0.3, .initialisations = 0, .rest = 0.04};
  for (const double factor : {1.0, 1.05}) {
    Table table = syn::make_table({.draws = 24});
    syn::add_errors(table, 17, spread, factor);
    const scan::Test chi2{.of = {formula("error_test")},
                          .kind = scan::Chi2{.with = {.text = "nngp"}, .over = {"width"}}};
    const TestResult result = evaluate_tests(syn::make_context(table), std::vector{chi2}).at(0);
    INFO(result.statement);
    CHECK(result.parts.size() == 1);
    CHECK(result.verdict == (factor == 1 ? Verdict::supported : Verdict::contradicted));
    const std::string other = factor == 1 ? "error_test + error_test" : "2.1 * error_test";
    const scan::Test sum{.of = {formula("2 * error_test")},
                         .kind = scan::Conservation{.within = scan::Margin{1e-9, false}, .with = {.text = other}}};
    CHECK(verdict_of(table, sum) == (factor == 1 ? Verdict::supported : Verdict::contradicted));
    scan::Test everywhere = agreement(0.03);
    everywhere.where = {};
    const std::string domain = evaluate_tests(syn::make_context(table), std::vector{everywhere}).at(0).statement;
    CHECK(domain.find(factor == 1 ? "holds for all width" : "fails for") != std::string::npos);
  }
}

TEST_CASE("chi-squared: the theory itself passes, a shift and too little spread fail") {
  const scan::Test test{
      .of = {formula("predictor")}, .where = formula("width == 1024"), .kind = scan::Chi2{.with = {.text = "nngp"}}};
  Table exact = syn::make_table({});
  syn::add_predictors(exact, 31, 40, 0, 0, 0.05);
  CHECK(verdict_of(exact, test) == Verdict::supported);
  Table shifted = syn::make_table({});
  syn::add_predictors(shifted, 31, 40, 0.05, 0, 0.05);
  CHECK(verdict_of(shifted, test) == Verdict::contradicted);
  // The other tail: the mean of the networks sits on the theory closer than independent networks can.
  Table close = exact;
  for (TablePoint& p : close.points)
    for (std::size_t k = 0; k < p.measured.members.size(); k += 2) {
      auto& a = p.measured.members[k].arrays[0].data;
      auto& b = p.measured.members[k + 1].arrays[0].data;
      const Series& theory = *p.theories.at("nngp");
      const auto& reference = theory.members[static_cast<std::size_t>(p.measured.members[k].draw)].arrays[0].data;
      for (std::size_t x = 0; x < a.size(); ++x) b[x] = 2 * reference[x] - a[x];
    }
  CHECK(verdict_of(close, test) == Verdict::contradicted);
}

TEST_CASE("a test that can not be evaluated says why, and the others are") {
  Table table = syn::make_table({});
  syn::add_errors(table, 3, {.draws = 0.1, .initialisations = 0, .rest = 0.05});
  Context context = syn::make_context(table);
  context.resolve = [resolve = context.resolve](const std::string& text) {
    if (text == "broken") throw std::runtime_error("a reason");
    return resolve(text);
  };
  const scan::Test good{.name = "good", .of = {formula("error_test")}, .kind = scan::Bound{.below = 10}};
  scan::Test bad = good;
  bad.name = "bad";
  bad.of = {formula("broken")};
  const auto results = evaluate_tests(context, std::vector{bad, good});
  REQUIRE(results.size() == 2);
  CHECK(results[0].verdict == Verdict::undecided);
  CHECK(results[0].because.find("can not be evaluated: a reason") != std::string::npos);
  CHECK(results[1].verdict == Verdict::supported);
  // The same of a definition.
  scan::Define broken{.name = "edge", .of = formula("broken")}, whole{.name = "error", .of = formula("error_test")};
  whole.where = formula("width == 64");
  evaluate_definitions(context, {broken, whole});
  CHECK(context.definitions.at("edge").at(0).quantity.problem == "edge can not be evaluated: a reason");
  CHECK(context.definitions.at("error").at(0).quantity.has_value());
}

TEST_CASE("bound and monotone see both sides") {
  Table table = syn::make_table({});
  for (TablePoint& p : table.points) {
    const double width = std::get<double>(p.point.names[0].value);
    for (Member& m : p.measured.members)
      m.rows.push_back({.observable = Observable::error_test,
                        .value = 64 / width + 0.01 * syn::normal(6, std::to_string(width), m.draw, m.initialisation)});
  }
  const auto verdict = [&](scan::TestKind kind) {
    return verdict_of(table, {.of = {formula("error_test")}, .kind = std::move(kind)});
  };
  CHECK(verdict(scan::Bound{.below = 1.1}) == Verdict::supported);
  CHECK(verdict(scan::Bound{.below = 0.9}) == Verdict::contradicted);
  // One bound beyond zero is one: numbers above 0.9 lie above −1, their negatives below 1.
  CHECK(verdict(scan::Bound{.above = -1}) == Verdict::supported);
  const auto negative = [&](scan::Bound bound) {
    return verdict_of(table, {.of = {formula("-error_test")}, .kind = std::move(bound)});
  };
  CHECK(negative(scan::Bound{.below = 1}) == Verdict::supported);
  CHECK(negative(scan::Bound{.below = -1.1}) == Verdict::contradicted);
  // Three networks of 0.1, 0.2 and 3: below 7 as far as their interval says, by their logarithms not; nor is it where
  // a second bound is written that asks nothing of them.
  Table skewed = syn::make_table({.widths = {64}, .draws = 3, .initialisations = 1, .sampler = false});
  for (Member& m : skewed.points[0].measured.members)
    m.rows.push_back({.observable = Observable::error_test, .value = m.draw == 2 ? 3 : m.draw == 1 ? 0.2 : 0.1});
  const auto below = [&](scan::Bound bound) {
    return verdict_of(skewed, {.of = {formula("error_test")}, .kind = std::move(bound)});
  };
  CHECK(below(scan::Bound{.below = 7}) == Verdict::undecided);
  CHECK(below(scan::Bound{.below = 7, .above = -1}) == Verdict::undecided);
  CHECK(below(scan::Bound{.below = 70, .above = -4}) == Verdict::supported);
  using Direction = scan::Monotone::Direction;
  CHECK(verdict(scan::Monotone{.versus = {formula("width")}, .direction = Direction::down}) == Verdict::supported);
  CHECK(verdict(scan::Monotone{.versus = {formula("width")}, .direction = Direction::up}) == Verdict::contradicted);
}

TEST_CASE("what is constant up to rounding is a straight line of slope 0, and no other") {
  Table table = syn::make_table({});
  for (TablePoint& p : table.points)
    for (Member& m : p.measured.members)
      m.rows.push_back({.observable = Observable::error_test,
                        .value = 0.3 * (1 + 1e-16 * std::get<double>(p.point.names[0].value))});
  const auto verdict = [&](scan::Linear kind) {
    kind.versus = {formula("width")};
    return verdict_of(table, {.of = {formula("error_test")}, .kind = std::move(kind)});
  };
  CHECK(verdict({}) == Verdict::supported);
  CHECK(verdict({.expect = {formula("0")}}) == Verdict::supported);
  CHECK(verdict({.expect = {formula("1")}, .within = scan::Margin{0.1, false}}) == Verdict::contradicted);
}

TEST_CASE("χ² of predictors is that of the time it names, of networks and theory alike") {
  Table table = syn::make_table({.sampler = false});
  for (TablePoint& p : table.points) {
    const std::string key = std::to_string(std::get<double>(p.point.names[0].value));
    const auto outputs = [](double time, auto value) {
      Array array{.observable = Observable::predictor, .time = time, .shape = {20}, .data = {}};
      for (std::uint64_t x = 0; x < 20; ++x) array.data.push_back(value(x));
      return array;
    };
    // At the start networks are the theory and noise; at the end they are something else.
    for (Member& m : p.measured.members)
      for (const double time : {0.0, 2.0})
        m.arrays.push_back(outputs(time, [&](std::uint64_t x) {
          return 3 * time * syn::normal(7, "far", m.draw, 0, x) + syn::normal(7, key, m.draw, m.initialisation, x);
        }));
    for (Member& m : syn::add_theory(p, "flow", 24).members)
      for (const double time : {0.0, 2.0})
        m.arrays.push_back(outputs(time, [&](std::uint64_t x) { return time * syn::normal(8, "own", m.draw, 0, x); }));
  }
  const auto verdict = [&](const std::string& at) {
    return verdict_of(
        table,
        {.of = {formula("predictor")},
         .kind = scan::Chi2{.with = {.text = "flow", .theory = true}, .within = scan::Margin{0.3, false}, .at = {at}}});
  };
  CHECK(verdict("start") != Verdict::contradicted);
  CHECK(verdict("0") != Verdict::contradicted);
  CHECK(verdict("2") == Verdict::contradicted);
  CHECK(verdict("end") == Verdict::contradicted);
  CHECK(verdict("1") == Verdict::undecided);  // nothing was recorded then
}
