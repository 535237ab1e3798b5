#include "fieldscan/analysis/theory_alone/theory_render.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "../../../src/analysis/text/number.hpp"
#include "catch.hpp"
#include "fieldscan/analysis/test/outlook.hpp"
#include "fieldscan/analysis/theory_alone/theory_outlook.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/random.hpp"
#include "fieldscan/theory/predict.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;

namespace {

scan::Scan read(const std::string& more, const std::string& theory = "[nngp, learning_curve, ntk]") {
  const auto result = scan::read_scan(
      "fieldscan: 1\nname: table\nseed: 3\ndata: {input: {kind: sphere, dim: 6}, target: {kind: linear}, train_size: "
      "10, test_size: 40}\nnetwork: {depth: 1, width: 16}\nridge: 0.1\ntraining: {kind: hmc, samples: 40}\nensemble: "
      "{data_draws: 8, chains: 2}\ntheory: " +
          theory + "\n" + more,
      "scan.yaml");
  REQUIRE(result.scan);
  return *result.scan;
}

const PredictedRow& row_of(const PredictedPoint& p, Observable observable) {
  const auto found = std::ranges::find(p.rows, observable, &PredictedRow::observable);
  REQUIRE(found != p.rows.end());
  return *found;
}

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("the table of theories holds the mean over draws, with its standard error") {
  const auto scan = read("scan: {grid: {network.width: [8, 16], ridge: [0.1, 0.3]}}\n");
  const TheoryTable table = evaluate_theories(scan);
  REQUIRE(table.points.size() == 4 * 3);
  CHECK(table.axes == std::vector<std::string>{"network.width", "ridge"});
  CHECK_FALSE(table.any_failed());
  const PredictedPoint& nngp = table.points[0];
  CHECK(nngp.theory == "nngp");
  CHECK(nngp.coordinates == std::vector<std::string>{"8", "0.1"});
  double sum = 0, square = 0;
  const auto point = *scan.point(0, 0);
  for (int r = 0; r < 8; ++r)
    for (const Row& row : theory::predict(point.theories[0].theory, scan::setting_of(point), r).rows)
      if (row.observable == Observable::error_test) sum += row.value, square += row.value * row.value;
  const PredictedRow& error = row_of(nngp, Observable::error_test);
  CHECK(error.draws == 8);
  CHECK(error.value == Approx(sum / 8).epsilon(1e-12));
  CHECK(error.standard_error == Approx(std::sqrt((square / 8 - sum * sum / 64) / 7)).epsilon(1e-9));
  CHECK(row_of(table.points[1], Observable::error_test).standard_error == 0);  // given nothing
  // A width that the theory does not see changes nothing.
  CHECK(std::ranges::find(table.points, std::vector<std::string>{"16", "0.1"}, &PredictedPoint::coordinates)->rows ==
        nngp.rows);
}

TEST_CASE("where some data draws have no number the mean over the others says so") {
  // Labels that pull so strongly that the equations of some draws have no solution.
  const auto scan =
      read("scan: {fixed: {network.depth: 2, network.activation: erf, ridge: 0.01}, grid: {network.chi: [20]}}\n",
           "[deep_adaptation, nngp]");
  const TheoryTable table = evaluate_theories(scan);
  REQUIRE(table.points.size() == 2);
  const auto point = *scan.point(0, 0);
  double sum = 0;
  int numbers = 0;
  for (int r = 0; r < 8; ++r) try {
      for (const Row& row : theory::predict(point.theories[0].theory, scan::setting_of(point), r).rows)
        if (row.observable == Observable::error_test) sum += row.value, ++numbers;
    } catch (const NumericalError&) {  // not converged
    }
  REQUIRE((numbers > 0 && numbers < 8));
  const auto says = [&](const PredictedPoint& p) {
    return std::ranges::any_of(p.problems, [&](const std::string& problem) {
      return problem.find(fmt::format("means are over {} of 8 data draws", numbers)) != std::string::npos;
    });
  };
  CHECK(says(table.points[0]));
  CHECK_FALSE(says(table.points[1]));
  CHECK(row_of(table.points[0], Observable::error_test).draws == numbers);
  CHECK(row_of(table.points[0], Observable::error_test).value == Approx(sum / numbers).epsilon(1e-12));
}

TEST_CASE("a theory that does not apply says why, and the others go on") {
  const TheoryTable table = evaluate_theories(read("", "[ntk, nngp]"));
  REQUIRE(table.points.size() == 2);
  REQUIRE(table.points[0].problems.size() == 1);
  CHECK(table.points[0].rows.empty());
  CHECK(table.points[0].problems[0].find("not applicable, because") != std::string::npos);
  CHECK_FALSE(table.points[1].rows.empty());
  CHECK_FALSE(table.any_failed());
  CHECK(problems_text(table).find("the trainer is hmc") != std::string::npos);
  CHECK(render(table, TheoryFormat::text).find("the trainer is hmc") != std::string::npos);
  CHECK(render(table, TheoryFormat::json).find("the trainer is hmc") != std::string::npos);
}

TEST_CASE("a theory that fails is named with its reason, and the others go on") {
  const auto scan = read("scan: {grid: {network.weight_variance: [1, 1e300]}}\n", "[signal_propagation, nngp]");
  const TheoryTable table = evaluate_theories(scan);
  REQUIRE(table.points.size() == 4);
  for (const PredictedPoint& p : table.points) {
    CHECK(p.rows.empty() != p.problems.empty());
    CHECK((p.problems.empty() || p.coordinates[0] == "1e+300"));
  }
  CHECK(problems_text(table).find("signal_propagation at ") != std::string::npos);
}

TEST_CASE("points are selected by the beginning of their id") {
  const auto scan = read("scan: {grid: {ridge: [0.1, 0.3, 1]}}\n", "[learning_curve]");
  const std::string id = scan.point(0, 1)->id.hex();
  const TheoryTable one = evaluate_theories(scan, {.prefixes = {id.substr(0, 10)}});
  REQUIRE(one.points.size() == 1);
  CHECK(one.points[0].coordinates[0] == "0.3");
  std::vector<std::size_t> told;
  const auto before = [&](const NextPrediction& next) {
    CHECK(next.all == 2);
    told.push_back(next.number);
  };
  const TheoryTable large = evaluate_theories(scan, {.limit = 2, .before = before, .memory = 1});
  CHECK(told == std::vector<std::size_t>{1, 2});
  for (const PredictedPoint& point : large.points) {
    CHECK(point.rows.empty());
    CHECK(point.failed);
    CHECK(point.problems.at(0).starts_with("needs about "));
  }
  CHECK(evaluate_theories(scan, {.limit = 2}).points.size() == 2);
  CHECK_THROWS_AS(evaluate_theories(scan, {.prefixes = {"not hexadecimal"}}), EnvironmentError);
}

TEST_CASE("the table is written as CSV, JSON and text") {
  const TheoryTable table = evaluate_theories(read("", "[nngp]"));
  const std::string csv = render(table, TheoryFormat::csv);
  CHECK(csv.starts_with("point,theory,observable,coordinate,time,value,standard_error,draws,flag\n"));
  CHECK(lines(csv) == table.points[0].rows.size() + 1);
  CHECK(csv.find(",error_test,,inf,") != std::string::npos);
  CHECK(csv.find(",learnability,1,inf,") != std::string::npos);
  const std::string json = render(table, TheoryFormat::json);
  CHECK(json.find("\"observable\": \"error_test\", \"time\": null, \"value\": ") != std::string::npos);
  CHECK(std::count(json.begin(), json.end(), '{') == std::count(json.begin(), json.end(), '}'));
  CHECK(render(table, TheoryFormat::text).find("error_test") != std::string::npos);
}

TEST_CASE("plans tell what tests come to where a theory is right, and which spread of networks hides it") {
  const std::string statements =
      "scan: {grid: {network.width: [8, 16, 32]}}\ntests:\n"
      "  - {kind: bound, of: error_test, below: 10}\n"                                   // 0: far below
      "  - {kind: bound, name: above, of: error_test, above: 10}\n"                      // 1: and so not above
      "  - {kind: agreement, of: error_test, with: learning_curve, within: 5 %}\n"       // 2: nngp is another one
      "  - {kind: bound, of: deviation(nngp), below: 0.5}\n"                             // 3: zero, if it is right
      "  - {kind: power_law, of: error_test, versus: width, expect: -1, within: 0.1}\n"  // 4: no width in nngp
      "  - {kind: bound, of: nngp.error_test, below: 10}\n"                              // 5: not of networks
      "  - {kind: bound, of: acceptance, above: 0.5}\n";                                 // 6: of no theory
  const auto scan = read(statements, "[nngp, learning_curve]");
  auto tests = outlook_of_tests(scan, nullptr);
  std::vector<std::size_t> before;
  for (const auto& test : tests) before.push_back(test.sentences.size());
  add_expected(tests, scan);
  const auto said = [&](std::size_t k, const std::string& theory) -> std::string {
    for (std::size_t n = before[k]; n < tests[k].sentences.size(); ++n)
      if (tests[k].sentences[n].starts_with("if " + theory + " is right: ")) return tests[k].sentences[n];
    return "";
  };
  const auto has = [](const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  };
  double sum = 0;
  for (int r = 0; r < 4; ++r)
    for (const Row& row :
         theory::predict(scan.point(0, 0)->theories[0].theory, scan::setting_of(*scan.point(0, 0)), r).rows)
      if (row.observable == Observable::error_test) sum += row.value;
  CHECK(has(said(0, "nngp"),
            fmt::format("error_test = {} (the hardest of 3 statements); supported with 80 %", number(sum / 4))));
  CHECK(has(said(1, "nngp"), "clearest of 3 statements); contradicted with 80 % where single networks vary by up to"));
  CHECK(has(said(2, "nngp"), "difference"));
  CHECK(said(2, "learning_curve").empty());  // that it agrees with itself is no news
  CHECK(has(said(3, "nngp"), "so near to zero the noise of single networks decides"));
  CHECK(has(said(4, "nngp"), "contradicted with 80 % where single networks vary by up to"));
  CHECK(has(said(4, "nngp"), "at each of 3 points"));
  for (const std::size_t k : {5, 6}) CHECK(tests[k].sentences.size() == before[k]);
}

TEST_CASE("an average that looks at a choice of rows has a standard error, and says how many there were", "[slow]") {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / fmt::format("theory-table-{}", getpid());
  std::filesystem::create_directories(folder);
  const std::string file = (folder / "data.csv").string();
  {
    std::ofstream out(file);
    const Stream random(5, Purpose::test, "theory table", 0, 0);
    std::vector<double> x(3 * 2800);
    random.normals(x);
    for (std::size_t i = 0; i < 2800; ++i)
      out << fmt::format("{},{},{},{}\n", x[3 * i], x[3 * i + 1], x[3 * i + 2], std::sin(2 * x[3 * i]) + x[3 * i + 1]);
  }
  const auto result = scan::read_scan("fieldscan: 1\nname: table\ndata: {input: {kind: file, path: '" + file +
                                          "'}, target: labels, train_size: 30, test_size: 40}\nridge: "
                                          "0.1\ntraining: none\ntheory: [learning_curve]\n",
                                      "scan.yaml");
  REQUIRE(result.scan);
  const TheoryTable table = evaluate_theories(*result.scan);
  std::filesystem::remove_all(folder);
  REQUIRE(table.points.size() == 1);
  const PredictedRow& error = row_of(table.points[0], Observable::error_test);
  CHECK(error.standard_error > 1e-4 * error.value);
  CHECK(error.standard_error < 0.2 * error.value);
  REQUIRE(table.points[0].problems.size() == 1);
  CHECK(table.points[0].problems[0].find("from 2048 of the file's 2240 rows") != std::string::npos);
  CHECK_FALSE(table.any_failed());
  CHECK(render(table, TheoryFormat::text).find("2048 of") != std::string::npos);
}
