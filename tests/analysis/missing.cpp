// Half-done and lost runs: what is compared, and what is said to be missing.
#include "../../src/analysis/test/evaluate.hpp"
#include "../../src/analysis/text/number.hpp"
#include "catch.hpp"
#include "fieldscan/analysis/verdict/render.hpp"
#include "studies.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;
namespace studies = fieldscan::analysis::studies;

namespace {

scan::Formula formula(const std::string& text) { return {.text = text, .place = {}}; }

scan::Test agreement() {
  return {.of = {formula("error_test")},
          .kind = scan::Agreement{.with = {.text = "nngp"}, .within = scan::Margin{0.03, true}}};
}

scan::Test bound_of(const std::string& of, double below, const std::string& at = "") {
  return {.of = {formula(of)}, .kind = scan::Bound{.below = below, .at = {at}}};
}

scan::Test power_law_of(const std::string& of, const std::string& expect, double within) {
  return {.of = {formula(of)},
          .kind = scan::PowerLaw{
              .versus = {formula("width")}, .expect = {{formula(expect)}}, .within = scan::Margin{within, false}}};
}

TestResult result_of(const Table& table, const scan::Test& test) {
  return evaluate_tests(syn::make_context(table), std::vector{test}).at(0);
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

constexpr syn::Spread spread{.draws = 0.3, .initialisations = 0, .rest = 0.01};

/// Networks on 24 draws, their theory on the first `theory_draws`.
Table half_done(int theory_draws) {
  Table table = syn::make_table({.widths = {512}, .draws = 24});
  syn::add_errors(table, 11, spread, 1, theory_draws);
  return table;
}

/// All replicas of a width ended as said.
Table ended(Outcome outcome, int missing = 0) {
  Table table = syn::make_table({.widths = {512}, .draws = 24, .initialisations = 1, .sampler = false});
  syn::add_errors(table, 11, spread, 1, 24);
  Series& series = table.points[0].measured;
  series.wanted = 24;
  series.members.resize(series.members.size() - static_cast<std::size_t>(missing));
  for (Member& m : series.members) m.outcome = outcome, m.reason = "because of it", m.rows.clear();
  return table;
}

}  // namespace

TEST_CASE("sides are compared on the draws that both have") {
  const TestResult half = result_of(half_done(10), agreement()), whole = result_of(half_done(24), agreement());
  INFO(half.statement << " | " << half.because);
  CHECK(whole.verdict == Verdict::supported);
  CHECK_FALSE(has(whole.statement, "that both have"));
  CHECK(half.verdict == Verdict::supported);
  CHECK(has(half.statement, "on the 10 of 24 data draws that both have"));
  // Theories on more draws than networks yet.
  Table other = half_done(24);
  std::erase_if(other.points[0].measured.members, [](const Member& m) { return m.draw % 2 == 0; });
  CHECK(result_of(other, agreement()).verdict == Verdict::supported);
  CHECK(has(result_of(other, agreement()).statement, "on the 12 of 24 data draws"));
  // No draw in common: nothing is compared.
  Table apart = half_done(10);
  std::erase_if(apart.points[0].measured.members, [](const Member& m) { return m.draw < 10; });
  const TestResult none = result_of(apart, agreement());
  CHECK(none.verdict == Verdict::undecided);
  CHECK(has(none.because, "no data draw has results of both sides yet"));
}

TEST_CASE("widths are compared on the draws that both have, and so are steps and sums of squares") {
  Table table = syn::make_table({.widths = {256, 512}, .draws = 24});
  syn::add_errors(table, 11, spread);
  std::erase_if(table.points[0].measured.members, [](const Member& m) { return m.draw >= 10; });
  const scan::Test between{.of = {formula("error_test")},
                           .kind = scan::Agreement{.between = {"width"}, .within = scan::Margin{0.03, true}}};
  CHECK(result_of(table, between).verdict == Verdict::supported);
  CHECK(has(result_of(table, between).statement, "on the 10 of 24 data draws that both have"));
  // A step of 5 % is seen on the same draws alone: these spread by 30 %.
  const scan::Test monotone{.of = {formula("error_test")}, .kind = scan::Monotone{.versus = {formula("width")}}};
  Table rising = table;
  for (Member& m : rising.points[1].measured.members) m.rows[0].value *= 1.05;
  CHECK(result_of(rising, monotone).verdict == Verdict::supported);
  const scan::Test chi2{.of = {formula("error_test")}, .kind = scan::Chi2{.with = {.text = "nngp"}, .over = {"width"}}};
  Table theories = syn::make_table({.widths = {256, 512}, .draws = 24});
  syn::add_errors(theories, 11, {.draws = 0.3, .initialisations = 0, .rest = 0.02}, 1.05, 10);
  CHECK(result_of(theories, chi2).verdict == Verdict::contradicted);  // unpaired, 5 % is hidden by the draws
  // Widths on different draws stand for themselves.
  for (Member& m : table.points[0].measured.members) m.draw += 100;
  CHECK(has(result_of(table, between).statement, "difference"));
}

TEST_CASE("exponents of networks and of their theory are those of the same draws") {
  // The draws differ in their exponents, which networks and theory share: on the same draws the difference is exactly
  // zero.
  Table table = syn::make_table({.widths = {16, 32, 64, 128}, .draws = 40, .initialisations = 1, .sampler = false});
  for (TablePoint& p : table.points) {
    const double width = std::get<double>(p.point.names[0].value);
    const auto value = [&](std::int64_t r) { return std::pow(width / 45, -1 + 0.3 * syn::normal(2, "own", r, 0)); };
    for (Member& m : p.measured.members)
      m.rows.push_back({.observable = Observable::error_test, .value = value(m.draw)});
    for (Member& m : syn::add_theory(p, "nngp", 24).members)
      m.rows.push_back({.observable = Observable::error_test, .value = value(m.draw)});
  }
  const scan::Test law = power_law_of("error_test", "nngp", 0.02);
  const auto half = result_of(table, law);
  INFO(half.statement << " | " << half.because);
  CHECK(half.verdict == Verdict::supported);
  CHECK(has(half.statement, "on the 24 of 40 data draws that both have"));
  for (TablePoint& p : table.points)
    std::erase_if(p.measured.members, [](const Member& m) { return m.draw >= 20; });  // fewer networks than predictions
  CHECK(result_of(table, law).verdict == Verdict::supported);
}

TEST_CASE("what is missing is named") {
  Table table = half_done(24);
  syn::add_predictors(table, 3, 10, 0.1, 0, 0.01);
  table.points[0].theories["nngp"] =
      std::make_shared<Series>(Series{.level = Level::draw, .sampler = false, .members = {}});
  CHECK(has(result_of(table, agreement()).because, "no results of nngp yet for error_test"));
  CHECK(has(result_of(table, bound_of("deviation(nngp)", 1)).because, "no results of nngp yet for predictor"));
  const scan::Test chi2{.of = {formula("predictor")}, .kind = scan::Chi2{.with = {.text = "nngp"}}};
  CHECK(has(result_of(table, chi2).because, "no results of nngp yet for predictor"));
  CHECK(
      has(result_of(table, power_law_of("deviation(nngp)", "-1", 0)).because, "no results of nngp yet for predictor"));
  Table untrained = half_done(24);
  untrained.points[0].measured.members.clear();
  CHECK(has(result_of(untrained, agreement()).because, "no results yet for error_test"));
}

TEST_CASE("replicas that are done without an observable are not waited for, unless they were not asked for it") {
  Table table = half_done(24);
  Series& series = table.points[0].measured;
  for (Member& m : series.members) m.rows.clear();
  CHECK(has(result_of(table, agreement()).because, "no results yet for error_test"));
  series.asked = {Observable::error_test};
  CHECK(has(result_of(table, agreement()).because, "replicas are done, but without error_test"));
  table = half_done(24);
  Series theory = *table.points[0].theories.at("nngp");
  for (Member& m : theory.members) m.rows.clear();
  table.points[0].theories["nngp"] = std::make_shared<Series>(theory);
  CHECK(has(result_of(table, agreement()).because, "24 evaluations of nngp are done, but without error_test"));
}

TEST_CASE("where all replicas ended without a number, that is the reason, and more compute is not asked for") {
  for (const auto& [outcome, words] :
       {std::pair{Outcome::diverged, "all 24 replicas diverged"},
        {Outcome::numerical_error, "all 24 replicas ended in a numerical error (because of it)"},
        {Outcome::failed, "all 24 replicas failed (because of it)"}}) {
    const Table table = ended(outcome);
    const std::vector<scan::Test> tests{agreement(), bound_of("bias2", 1), bound_of("deviation(nngp)", 1),
                                        power_law_of("error_test", "-1", 0), bound_of("error_test", 1, "all")};
    const auto results = evaluate_tests(syn::make_context(table), tests);
    for (const TestResult& r : results) {
      INFO(r.statement << " | " << r.because);
      CHECK(r.verdict == Verdict::undecided);
      CHECK(has(r.because, std::string("no numbers: ") + words));
    }
    CHECK(exit_status(results) == 4);
  }
  Table both = ended(Outcome::diverged);
  both.points[0].measured.members[0].outcome = Outcome::failed;
  CHECK(has(result_of(both, agreement()).because,
            "all 24 replicas ended without: 23 diverged, 1 failed (because of it)"));
  // Some are still to come; some are there.
  CHECK(has(result_of(ended(Outcome::diverged, 4), agreement()).because,
            "no numbers yet: all 20 replicas so far diverged"));
  CHECK(exit_status({result_of(ended(Outcome::diverged, 4), agreement())}) == 6);
  Table one = half_done(24);
  one.points[0].measured.members[0].outcome = Outcome::diverged;
  CHECK(result_of(one, agreement()).verdict == Verdict::supported);
}

TEST_CASE("a share that no member, or every member, has is not known exactly") {
  const auto below = [](int draws, double bound) {
    Table table = syn::make_table({.widths = {512}, .draws = draws, .initialisations = 1, .sampler = false});
    syn::add_errors(table, 11, spread, 1, draws);
    return result_of(table, bound_of("diverged", bound)).verdict;
  };
  // 0 of n: the exact 95 % interval ends at 1 − 0.025^(1/n), 0.37 at 8 and 0.036 at 100.
  CHECK(below(8, 0.05) == Verdict::undecided);
  CHECK(below(100, 0.05) == Verdict::supported);
  CHECK(below(100, 0.02) == Verdict::undecided);
}

TEST_CASE("a tenth of the chains may not have equilibrated, which is told; with more of them nothing is judged") {
  Table predictors = half_done(24);
  syn::add_predictors(predictors, 3, 10, 0.01, 0, 0.01);
  for (auto [table, test] : {std::pair{half_done(24), agreement()}, {predictors, bound_of("deviation(nngp)", 1)}}) {
    auto& members = table.points[0].measured.members;
    REQUIRE(members.size() == 96);
    const auto with = [&, &table = table, &test = test](std::size_t unequilibrated) {
      for (std::size_t k = 0; k < members.size(); ++k)
        members[k].outcome = k < unequilibrated ? Outcome::not_equilibrated : Outcome::done;
      return result_of(table, test);
    };
    CHECK(with(0).verdict == Verdict::supported);
    CHECK_FALSE(has(with(0).because, "equilibrate"));
    CHECK(with(9).verdict == Verdict::supported);
    CHECK(has(with(9).because, "as many as 9.4 % of the chains did not equilibrate"));
    CHECK(with(10).verdict == Verdict::undecided);
    CHECK(has(with(10).because, "10 of 96 chains did not equilibrate"));
    CHECK(with(38).verdict == Verdict::undecided);
    CHECK(has(with(96).because, "none of 96 chains equilibrated"));
  }
}

TEST_CASE("a theory beyond its stated range is named beside the verdict") {
  Table table = half_done(24);
  CHECK_FALSE(has(result_of(table, agreement()).because, "validity"));
  auto theory = std::make_shared<Series>(*table.points[0].theories["nngp"]);
  theory->members[3].rows[0].flag = Flag::outside_validity;
  table.points[0].theories["nngp"] = theory;
  const TestResult result = result_of(table, agreement());
  CHECK(result.verdict == Verdict::supported);
  CHECK(has(result.because, "nngp is beyond its stated range of validity"));
  CHECK_FALSE(has(result_of(table, bound_of("error_test", 10)).because, "validity"));  // nothing of a theory in it
}

TEST_CASE("counts and medians are worded as a reader expects") {
  CHECK(counted(1, "point") == "1 point");
  CHECK(counted(0, "test") == "0 tests");
  CHECK(has(render(std::vector{result_of(half_done(24), agreement())}), "1 test: 1 supported"));
  CHECK(number_beside(-2.8e-17, 0.3) == "0");
  CHECK(number_beside(-2.8e-17, 1e-16) == "-2.8e-17");
}

TEST_CASE("censored numbers are no points of a fit") {
  Table table = syn::make_table({.widths = {16, 32, 64, 128, 256, 512}, .draws = 0});
  const auto result_with = [&](double first_bound) {
    Context context = syn::make_context(table);
    for (std::size_t p = 0; p < table.points.size(); ++p) {
      const double width = std::get<double>(table.points[p].point.names[0].value);
      Quantity q = studies::measure(3, std::to_string(width), {24, 1, {0.02, 0, 0.02}}, 2 * width);
      if (p >= 4) q.value = first_bound, q.censored = Censored::above;
      context.definitions["onset"].push_back({.site = {p, {}, std::nullopt, ""},
                                              .key = {{"network.width", text_of(scan::AxisValue(width))}},
                                              .quantity = q});
    }
    return evaluate_tests(context, std::vector{power_law_of("onset", "1", 0.1)}).at(0);
  };
  const TestResult result = result_with(300);
  INFO(result.statement << " | " << result.because);
  CHECK(result.verdict == Verdict::supported);
  CHECK(has(result.statement, "from 4 points"));
  CHECK(has(result.because, "2 of 6 points left out: their numbers lie beyond the range that was looked at"));
  // A law below the bounds is not supported.
  const TestResult below = result_with(3000);
  CHECK(below.verdict == Verdict::undecided);
  CHECK(has(below.because, "only known to lie above 3000"));
  // Two bounds on opposite sides leave no number.
  Quantity above = exact_quantity(1);
  above.censored = Censored::above;
  CHECK_FALSE(combine(2, std::array{above, above}, std::array{1.0, -1.0}).has_value());
  CHECK(combine(2, std::array{above, above}, std::array{1.0, 1.0}).censored == Censored::above);
}
