// Data draws that are copies in some of their rows: of the numbers formed from these, draws are one.
#include <cmath>

#include "../../src/analysis/quantity/observe.hpp"
#include "../../src/analysis/quantity/products.hpp"
#include "../../src/analysis/test/evaluate.hpp"
#include "catch.hpp"
#include "synthetic.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace {

/// All draws train on the same rows, and are tested on others.
const scan::SameRows same_training{.train = true, .target = true};
/// Draws of other training rows, with one test set.
const scan::SameRows same_test{.test = true, .target = true};

struct PartCopies {
  int draws = 10, initialisations = 1;
  double rounding = 1e-17;  ///< what error_train differs by from draw to draw
  double of_networks = 0;   ///< and from initialisation to initialisation
  scan::SameRows same = same_training;
};

/// error_train is 0.0089 but for that; error_test of networks and of the theory differs by data draw.
Table part_copies(const PartCopies& shape) {
  Table table = syn::make_table(
      {.widths = {64}, .draws = shape.draws, .initialisations = shape.initialisations, .sampler = false});
  TablePoint& point = table.points[0];
  point.measured.same = shape.same;
  const auto of_test = [](std::int64_t draw) { return 0.3 + 0.02 * syn::normal(1, "test rows", draw, 0); };
  for (Member& m : point.measured.members) {
    m.rows.push_back({.observable = Observable::error_train,
                      .value = 0.0089 + shape.of_networks * syn::normal(1, "init", 0, m.initialisation) +
                               shape.rounding * syn::normal(1, "rounding", m.draw, m.initialisation)});
    m.rows.push_back({.observable = Observable::error_test, .value = of_test(m.draw)});
  }
  Series theory = syn::add_theory(point, "nngp", shape.draws);
  theory.same = shape.same;
  for (Member& m : theory.members) {
    m.rows.push_back({.observable = Observable::error_train,
                      .value = 0.009 + shape.rounding * syn::normal(2, "rounding", m.draw, 0)});
    m.rows.push_back({.observable = Observable::error_test, .value = of_test(m.draw)});
  }
  point.theories["nngp"] = std::make_shared<Series>(theory);
  return table;
}

TestResult bound_in_part(const Table& table, const std::string& of, double below) {
  const scan::Test test{.of = {{.text = of, .place = {}}}, .kind = scan::Bound{.below = below}};
  return evaluate_tests(syn::make_context(table), std::vector{test}).at(0);
}
Quantity measured_number(const Table& table, Observable observable, double time = equilibrium) {
  return mean_of_rows(table.points[0].measured, observable, time, 0);
}
bool has_text(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("draws with the same training rows are one for training errors, and an ensemble for test errors") {
  const Table table = part_copies({});
  const Estimate train = estimate(measured_number(table, Observable::error_train)),
                 test = estimate(measured_number(table, Observable::error_test));
  CHECK(std::isnan(train.standard_error));
  CHECK(train.draws == 1);
  CHECK(test.draws == 10);
  CHECK(test.standard_error == Approx(0.02 / std::sqrt(10)).epsilon(0.5));
  CHECK(bound_in_part(table, "error_test", 0.5).verdict == Verdict::supported);
  const TestResult one = bound_in_part(table, "error_train", 0.5);
  CHECK(one.verdict == Verdict::undecided);
  CHECK(has_text(one.because, "count as one, with 1 initialisation; 3 are needed"));
  CHECK(one.enough.initialisations == 3);
  const TestResult theory = bound_in_part(table, "nngp.error_train", 0.5);
  CHECK(theory.verdict == Verdict::undecided);
  CHECK(has_text(theory.because, "a theory has one number for them"));
  CHECK(bound_in_part(table, "nngp.error_test", 0.5).verdict == Verdict::supported);
  CHECK(bound_in_part(table, "error_train / nngp.error_train", 1.5).verdict == Verdict::undecided);
}

TEST_CASE("rounding of single precision is no error either") {
  const Table table = part_copies({.rounding = 1e-8});
  CHECK(std::isnan(estimate(measured_number(table, Observable::error_train)).standard_error));
}

TEST_CASE("what draws really differ by stays their error, however small it is") {
  // The same numbers of draws that are not known to be copies: the control of all that is above.
  const Table table = part_copies({.rounding = 1e-13, .same = {}});
  const Estimate e = estimate(measured_number(table, Observable::error_train));
  CHECK(e.draws == 10);
  CHECK(e.standard_error == Approx(1e-13 / std::sqrt(10)).epsilon(0.6));
  CHECK(bound_in_part(table, "error_train", 0.5).verdict == Verdict::supported);
}

TEST_CASE("networks on the same training rows have the error of their initialisations") {
  const PartCopies shape{.draws = 8, .initialisations = 6, .of_networks = 1e-3};
  const Estimate e = estimate(measured_number(part_copies(shape), Observable::error_train));
  PartCopies alone = shape;
  alone.draws = 1;
  alone.same = {};
  CHECK(e.standard_error ==
        Approx(estimate(measured_number(part_copies(alone), Observable::error_train)).standard_error).epsilon(1e-6));
  CHECK(e.standard_error == Approx(1e-3 / std::sqrt(6)).epsilon(0.6));
  const TestResult result = bound_in_part(part_copies(shape), "error_train", 0.5);
  CHECK(result.verdict == Verdict::supported);
  CHECK(has_text(result.because, "about this one set of data"));
}

TEST_CASE("beside a number that varies over draws, what is of one draw belongs to all of them") {
  PartCopies shape{.draws = 8, .initialisations = 6, .rounding = 0, .of_networks = 1e-3};
  const auto ratio = [](const Table& table) {
    const std::vector<Quantity> parts{measured_number(table, Observable::error_test),
                                      measured_number(table, Observable::error_train)};
    const std::vector<double> slopes{1 / parts[1].value, -parts[0].value / std::pow(parts[1].value, 2)};
    return combine(parts[0].value / parts[1].value, parts, slopes);
  };
  const Quantity told = ratio(part_copies(shape));
  shape.same = {};  // exact copies, every draw with its own cells: the same influences
  const Quantity untold = ratio(part_copies(shape));
  REQUIRE(told.influence.size() == untold.influence.size());
  for (std::size_t k = 0; k < told.influence.size(); ++k)
    CHECK(told.influence[k].value == Approx(untold.influence[k].value).margin(1e-12));
  CHECK(estimate(told).standard_error == Approx(estimate(untold).standard_error).epsilon(1e-9));
  CHECK(estimate(told).draws == 8);
}

TEST_CASE("before training networks on other rows are the same, where they are tested on the same rows") {
  Table table = part_copies({.draws = 6, .initialisations = 4, .same = same_test});
  for (Member& m : table.points[0].measured.members) {
    const double start = 1 + 0.1 * syn::normal(3, "start", 0, m.initialisation);
    m.rows.push_back({.observable = Observable::error_test, .time = 0, .value = start});
    m.rows.push_back(
        {.observable = Observable::error_train, .time = 0, .value = start + 0.1 * syn::normal(3, "rows", m.draw, 0)});
    for (const double time : {0.0, 1.0}) {
      Array f{.observable = Observable::predictor, .time = time, .shape = {2}, .data = {start, -start}};
      if (time > 0) f.data[0] += 0.1 * syn::normal(3, "learned", m.draw, 0);
      m.arrays.push_back(std::move(f));
    }
  }
  sort_series(table.points[0].measured);
  const auto draws_at = [&](Observable observable, double time) {
    return estimate(measured_number(table, observable, time)).draws;
  };
  CHECK(draws_at(Observable::error_test, 0) == 1);
  CHECK(draws_at(Observable::error_test, equilibrium) == 6);
  CHECK(draws_at(Observable::error_train, 0) == 6);
  const auto predictors = [&](double time) { return distances_from_zero(table.points[0].measured, time); };
  CHECK(predictors(0).items.size() == 4);
  CHECK(predictors(0).of_one_draw);
  CHECK(predictors(1).items.size() == 24);
  CHECK_FALSE(predictors(1).of_one_draw);
}

TEST_CASE("noise of trainings on the same rows is an error, about this one set of data") {
  scan::SameRows noisy = same_training;
  noisy.own_noise = true;
  const Table table = part_copies({.rounding = 1e-3, .same = noisy});
  const Quantity q = measured_number(table, Observable::error_train);
  CHECK(estimate(q).standard_error == Approx(1e-3 / std::sqrt(10)).epsilon(0.6));
  CHECK(q.same_data);
  CHECK_FALSE(q.of_one_draw);
  CHECK_FALSE(measured_number(table, Observable::error_test).same_data);
}
