#include "../../../src/analysis/report/methods_theories.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "../../../src/analysis/report/methods_settings.hpp"
#include "../synthetic.hpp"
#include "catch.hpp"
#include "fieldscan/analysis/analysis.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/list.hpp"
#include "temporary.hpp"

namespace fieldscan::analysis {
namespace methods_cases {
namespace {

namespace syn = fieldscan::analysis::synthetic;

/// Two points with a theory in two solvers and one that iterates.
Table table_with_theories() {
  Table table = syn::make_table({.widths = {64, 128}, .draws = 2, .initialisations = 2});
  for (TablePoint& point : table.points) {
    point.point.theories = {
        {.name = "nngp", .theory = theory::Nngp{}},
        {.name = "fast", .theory = theory::Nngp{.solver = theory::Solver::conjugate_gradients, .tolerance = 1e-6}},
        {.name = "wide", .theory = theory::VariationalAdaptation{}}};
    for (const char* name : {"nngp", "fast", "wide"}) syn::add_theory(point, name, 3);
  }
  return table;
}

void change(Table& table, const std::string& theory, const std::function<void(Series&)>& how) {
  for (TablePoint& point : table.points) {
    auto series = std::make_shared<Series>(*point.theories[theory]);
    how(*series);
    point.theories[theory] = series;
  }
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

bool has(const std::string& text, const std::string& part) { return count_of(text, part) > 0; }

constexpr const char* sphere =
    "input: {kind: sphere, dim: 4}\n  target: {kind: gegenbauer, levels: {1: 1}}\n  train_size: 16\n  test_size: 30\n";

std::string methods_of_scan(const std::string& training, const std::string& name, const std::string& data = sphere,
                            const std::string& grid = "data.train_size: [16, 32]") {
  const std::string text = "fieldscan: 1\nname: " + name + "\nseed: 5\ndata:\n  " + data +
                           "network: {depth: 1, width: 128, activation: erf}\nridge: 0.25\ntraining: " + training +
                           "\nensemble: {data_draws: 3}\ntheory: [nngp]\nobserve: [error_test]\nscan: {grid: {" + grid +
                           "}}\n";
  const scan::ReadResult result = scan::read_scan(text, "scan.yaml");
  INFO(scan::render(result.diagnostics, "scan.yaml", text));
  REQUIRE(result.scan);
  const std::filesystem::path directory = fieldscan::test::temporary("methods-" + name);
  store::Store store = store::Store::open(directory, store::Mode::write);
  store.put_scan("scan.yaml", text, {}, "0.2");
  write_report(*result.scan, store, directory / "report");
  std::ifstream file(directory / "report" / "methods.txt");
  std::ostringstream all;
  all << file.rdbuf();
  return all.str();
}

}  // namespace
TEST_CASE("variants of one theory are one paragraph, which says in what they differ") {
  const std::string text = theories_text(table_with_theories());
  CHECK(has(text, "  fast, nngp: Posterior of infinitely wide networks"));
  CHECK(count_of(text, "Posterior of infinitely wide networks") == 1);
  CHECK(has(text, "fast has solver = conjugate_gradients, tolerance = 1e-06; nngp has its defaults"));
  CHECK_FALSE(has(text, "wide has"));
}

TEST_CASE("how many predictions did not converge is said, of every name, also where it is none") {
  Table table = table_with_theories();
  CHECK(has(theories_text(table), " nngp: Of 6 predictions 0 did not converge."));
  CHECK_FALSE(has(theories_text(table), "Its equations"));  // no prediction has a number
  change(table, "wide", [](Series& series) {
    for (Member& member : series.members) member.rows.push_back({.observable = Observable::error_test, .value = 1});
  });
  CHECK(has(theories_text(table),
            " Of 6 predictions 0 did not converge. Its equations are solved by iteration: the "
            "largest residual over all predictions is not stored."));
  change(table, "wide", [](Series& series) {
    series.members[0].outcome = Outcome::not_converged;
    series.members[1].outcome = Outcome::not_applicable;
    series.members[2].rows.push_back({.observable = listed("start_difference"), .value = 0.4});
  });
  CHECK(has(theories_text(table), "Of 6 predictions 2 did not converge, 2 do not apply."));
  CHECK(has(theories_text(table), "Other starts lead to other solutions, 0.4 apart"));
  change(table, "wide", [](Series& series) { series.members[2].rows.back().value = 1e-7; });
  CHECK(has(theories_text(table), "All starts lead to one solution (to 1e-07, relative)."));
  CHECK_FALSE(has(theories_text(table), "Other starts"));
}

TEST_CASE("missing predictions, those beyond their range, and the error of what is sampled are told") {
  Table table = table_with_theories();
  change(table, "wide", [](Series& series) {
    series.wanted = 5;
    series.members[0].rows = {{.observable = Observable::validity, .value = 0.2, .flag = Flag::outside_validity}};
    series.members[1].rows = {{.observable = Observable::validity, .value = 4}};
    series.members[1].rows.push_back({.observable = listed("predictor_error"), .value = 0.015});
    series.members[2].outcome = Outcome::failed;
    series.members[2].reason = "needs about 9.0 GB of memory, the largest node has 8.0 GB";
  });
  const std::string text = theories_text(table);
  for (
      const char* part :
      {"Of 6 predictions 0 did not converge, 2 failed (needs about 9.0 GB of memory, the largest node has 8.0 GB); 4 more "
       "have not run.",
       " Its `validity` lies between 0.2 and 4.", " Beyond its stated range are 2 of the 4 that have numbers.",
       " Its predictor is sampled: the largest Monte Carlo error, root mean square over test points, is 0.015."}) {
    INFO(text);
    CHECK(has(text, part));
  }
  CHECK(count_of(text, "is sampled") == 1);
  // What a prediction had before it diverged counts nowhere.
  Table lost = table;
  change(lost, "wide", [](Series& series) {
    series.members[0].outcome = Outcome::diverged;
    series.members[2].outcome = Outcome::diverged;
    series.members[2].rows = {{.observable = listed("predictor_error"), .value = 0.29}};
  });
  const std::string without = theories_text(lost);
  INFO(without);
  CHECK(has(without, " Its `validity` is 4."));
  CHECK_FALSE(has(without, "stated range are"));
  CHECK(has(without, "the largest Monte Carlo error, root mean square over test points, is 0.015."));
  CHECK(count_of(text, "stated range") == 1);
  CHECK(count_of(text, "solved by iteration") == 1);
  // Where nothing is done there is nothing to say of solvers.
  change(table, "wide", [](Series& series) {
    series.wanted = 3;
    for (Member& member : series.members) member.outcome = Outcome::not_applicable, member.rows.clear();
  });
  CHECK_FALSE(has(theories_text(table), "solved by iteration"));  // `fast` has no number either
  change(table, "fast", [](Series& series) {
    for (Member& member : series.members) member.rows.push_back({.observable = Observable::error_test, .value = 1});
  });
  CHECK(count_of(theories_text(table), "solved by iteration") == 1);  // of `fast` alone
}

TEST_CASE("a prediction that several points share counts once") {
  Table table = table_with_theories();
  for (TablePoint& point : table.points) point.theories["nngp"] = table.points[0].theories["nngp"];
  CHECK(has(theories_text(table), " nngp: Of 3 predictions 0 did not converge."));
  // The same prediction loaded for points whose draws are copies, and for others, is two series of one id.
  auto again = std::make_shared<Series>(*table.points[0].theories["nngp"]);
  again->id = {1, 2};
  table.points[0].theories["nngp"] = again;
  table.points[1].theories["nngp"] = std::make_shared<Series>(*again);
  CHECK(has(theories_text(table), " nngp: Of 3 predictions 0 did not converge."));
  again->id = {1, 3};
  CHECK(has(theories_text(table), " nngp: Of 6 predictions 0 did not converge."));
}

TEST_CASE("endings of networks and chains are counted, and what is missing") {
  Table table = table_with_theories();
  std::vector<const Series*> all;
  for (TablePoint& point : table.points) all.push_back(&point.measured);
  CHECK(endings_of(all, "chains", Outcome::not_equilibrated) == "Of 8 chains 0 did not equilibrate.");
  table.points[0].measured.members[1].outcome = Outcome::not_equilibrated;
  table.points[1].measured.members[2].outcome = Outcome::numerical_error;
  table.points[1].measured.wanted = 10;
  CHECK(endings_of(all, "chains", Outcome::not_equilibrated) ==
        "Of 8 chains 1 did not equilibrate, 1 ended in a numerical error; 6 more have not run.");
  const Series none{.level = Level::replica, .members = {}, .wanted = 6};
  CHECK(endings_of({&none}, "chains", Outcome::not_equilibrated) == "None of 6 chains has run.");
  CHECK(endings_of({}, "networks", Outcome::diverged).empty());
}

TEST_CASE("without networks methods name the settings, and say nothing of samplers and single networks") {
  const std::string alone = methods_of_scan("none", "alone");
  INFO(alone);
  for (const char* part : {"Predictions alone, without networks (`training: none`), at 2 points, on 3 data draws",
                           "data.train_size = 16 | 32", "ridge = 0.25", "K + κ I", "None of 6 predictions has run."})
    CHECK(has(alone, part));
  CHECK_FALSE(has(alone, " \n"));
  for (const char* part : {"samplers draw", "chains", "initialisations", "½ Σ", "single networks", "trained by"}) {
    INFO(part);
    CHECK_FALSE(has(alone, part));
  }
  const std::string descent = methods_of_scan("{kind: gradient_descent, time: 2}", "descent");
  INFO(descent);
  for (const char* part :
       {"Networks at 2 points were trained by gradient_descent, 3 data draws × 1 initialisation each: ", "½ Σ",
        "single networks"})
    CHECK(has(descent, part));
  for (const char* part : {"samplers draw", "chains", "Predictions alone", "cross_entropy"})
    CHECK_FALSE(has(descent, part));
  CHECK(has(methods_of_scan("{kind: hmc, samples: 10}", "sampler"), "samplers draw from the posterior"));
  CHECK_FALSE(has(descent, "copies"));
}

TEST_CASE("settings stand as a reader writes them, with the digits that networks were trained with") {
  CHECK(plain_value("sphere@1") == "sphere");
  CHECK(plain_value("[48]") == "48");
  CHECK(plain_value("[48,32]") == "[48, 32]");
  CHECK(plain_value("{1:0.7,3:0.3,}") == "{1: 0.7, 3: 0.3}");
  CHECK(plain_value("a@b") == "a@b");
  CHECK(plain_value("") == "");
  const std::string rates = methods_of_scan("{kind: gradient_descent, time: 2}", "digits", sphere,
                                            "training.learning_rate: {logspace: [0.01, 1], num: 4}");
  INFO(rates);
  CHECK(has(rates, "training.learning_rate = 0.01 | 0.0464158883361 | 0.215443469003 | 1"));
  CHECK(has(rates, "data.input.kind = sphere,"));
  CHECK_FALSE(has(rates, "@"));
  CHECK(has(methods_of_scan("{kind: gradient_descent, time: 2}", "many", sphere, "ridge: [0.1, 0.2, 1, 2, 4, 8, 16]"),
            "ridge of 7 values from 0.1 to 16"));
}

TEST_CASE("what a chain has to reach to count as equilibrated is said") {
  const std::string chains = methods_of_scan("{kind: hmc, samples: 10, until: {rhat: 1.02, ess: 40}}", "criterion");
  INFO(chains);
  CHECK(has(chains, "equilibrated with split R-hat ≤ 1.02 and an effective sample size ≥ 40, of all that it watches"));
  CHECK(has(methods_of_scan("{kind: langevin, step: 0.01, steps: 4000}", "criterion-langevin"),
            "split R-hat ≤ 1.1 and an effective sample size ≥ 10,"));
}

TEST_CASE("draws that are copies of one another are told to be, and to count as one") {
  const std::string whole =
      "input: {kind: hypercube, dim: 4}\n  target: {kind: linear}\n  train_size: whole\n  test_size: 12\n  test_set: shared\n";
  const std::string descent =
      methods_of_scan("{kind: gradient_descent, time: 2}", "copies", whole, "ridge: [0.1, 0.2]");
  INFO(descent);
  CHECK(has(descent, "3 data draws (copies of one another, which count as one) × 1 initialisation each"));
  CHECK(has(descent, "count as one, and errors are those of initialisations."));
  const std::string alone = methods_of_scan("none", "copied-alone", whole, "ridge: [0.1, 0.2]");
  CHECK(has(alone, "on 3 data draws (copies of one another, which count as one) where a theory"));
  CHECK(has(methods_of_scan("{kind: hmc, samples: 10}", "copied-chains", whole, "ridge: [0.1, 0.2]"),
            "3 data draws (of the same rows) × 1 chain each"));
}

}  // namespace methods_cases
}  // namespace fieldscan::analysis
