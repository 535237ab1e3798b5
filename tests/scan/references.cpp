// Theories beside any trainer, and observables at times of their own.
#include "catch.hpp"
#include "fieldscan/scan/help/explain.hpp"
#include "fieldscan/scan/points/names.hpp"
#include "fieldscan/scan/task/predictions.hpp"
#include "fieldscan/scan/task/run_task.hpp"
#include "helpers.hpp"

using namespace fieldscan;
using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

namespace references_beside_trainers {

namespace {

/// A scan of a trainer with these theories.
std::string beside(const std::string& theories, const std::string& training, const std::string& more = "") {
  std::string text = base(more, training);
  text.replace(text.find("theory: [nngp]"), 14, "theory: " + theories);
  return text;
}
const std::string adam = "{kind: adam, steps: 20}";

}  // namespace

TEST_CASE("a reference is computed beside any trainer, as it is without one") {
  // Beside Adam neither theory describes the networks; as references both apply, with the ids that they have alone.
  const Point with =
      points_of(must_read(beside("[{kind: ntk, role: reference}, {kind: nngp, role: reference}]", adam)))[0];
  const Point alone = points_of(must_read(beside("[ntk, nngp]", "none")))[0];
  for (std::size_t k = 0; k < 2; ++k) {
    const TheoryUse& use = with.theories[k];
    CHECK(theory::applicability(use.theory, setting_of(with, use)).applies);
    CHECK_FALSE(theory::applicability(use.theory, setting_of(with)).applies);  // negative control
    CHECK(prediction_id(use, with) == prediction_id(alone.theories[k], alone));
  }
  // What is no reference keeps its identity.
  const Point described = points_of(must_read(base()))[0];
  CHECK(prediction_id(described.theories[0], described) ==
        hash128(theory::prediction_text(described.theories[0].theory, setting_of(described))));
}

TEST_CASE("a reference has a ridge of its own") {
  const Point point = points_of(must_read(beside(
      "[{kind: ntk, role: reference}, {kind: ntk, name: ntk_ridge, ridge: 0.01}, {kind: ntk, name: same, ridge: 0.1}]",
      adam)))[0];
  CHECK(point.theories[1].role == Role::reference);
  CHECK(setting_of(point, point.theories[1]).ridge == 0.01);
  CHECK(setting_of(point, point.theories[0]).ridge == 0.1);
  const auto id = [&](std::size_t k) { return prediction_id(point.theories[k], point); };
  CHECK(id(0) == id(2));
  CHECK_FALSE(id(0) == id(1));
  // At other chi and width it is the same ridge; the point's own hash knows nothing of it.
  CHECK(points_of(must_read(beside("[ntk]", adam)))[0].id == point.id);
}

TEST_CASE("roles and ridges that mean nothing are refused") {
  CHECK(codes(beside("[{kind: ntk, role: yardstick}]", adam)).find("FS0107") != std::string::npos);
  CHECK(codes(beside("[{kind: ntk, role: reference, ridge: -1}]", adam)).find("FS0202") != std::string::npos);
  CHECK(codes(beside("[{kind: ntk, role: description, ridge: 1}]", adam)).find("FS0306") != std::string::npos);
}

TEST_CASE("an observable at a time of its own is measured there") {
  const std::string axis = "scan: {grid: {network.width: [16, 32]}}\n";
  const std::string gd = "{kind: gradient_descent, time: 4}";
  const auto bound = [&](const std::string& of, const std::string& more = "") {
    return base(axis + more + "tests: [{kind: bound, of: \"" + of + "\", above: 0}]\n", gd);
  };
  const Scan scan = must_read(bound("alignment(end) - alignment(start)"));
  const Mentions formula = mentions(scan, scan.tests()[0].of[0].text);
  REQUIRE(formula.atoms.size() == 2);
  CHECK(formula.atoms[0].text == "alignment(end)");
  CHECK(formula.atoms[1].at == "start");
  CHECK(formula.atoms[1].observable == Observable::alignment);
  const auto views_all = [](const Scan& s) {
    return points_of(s)[0].observe.view_of(Observable::alignment).moments == training::Moments::all;
  };
  CHECK(views_all(scan));
  const std::string at_end = "observe: [{kind: alignment, at: end}]\n";
  CHECK(views_all(must_read(bound("alignment(start)", at_end))));
  CHECK_FALSE(views_all(must_read(bound("alignment", at_end))));  // negative control
  CHECK(views_all(must_read(bound("alignment", "observe: [{kind: alignment, at: [start, end]}]\n"))));
  // The best time needs a validation set; what has no times has none to choose from.
  CHECK(codes(bound("error_test(best)")).find("FS0307") != std::string::npos);
  CHECK(codes(bound("width(start)")).find("FS0509") != std::string::npos);
  CHECK(codes(bound("error_test(middle)")).find("FS0410") != std::string::npos);
  CHECK(codes(bound("nngp.error_test(start) + error_test(start)")).find("FS05") == std::string::npos);
  CHECK(codes(base("scan: {where: \"width(start) > 1\"}\n")).find("FS0410") != std::string::npos);
}

TEST_CASE("words that plans and verdicts use are explained") {
  for (const char* word : {"E", "tr(GK)", "outside_validity", "not_equilibrated", "not_converged", "numerical_error",
                           "not_applicable", "single_index", "renormalisation", "role", "reference", "best", "on"}) {
    CAPTURE(word);
    CHECK(explain(word).found);
  }
  // Those of verdicts, maps and tables have a page of their own.
  for (const char* word : {"supported", "undecided", "contradicted", "holds", "fails", "open", "unsettled", "censored",
                           "failed", "flag", "outcome", "asked", "members", "interval", "standard error", "p"}) {
    CAPTURE(word);
    const Explanation page = explain(word);
    CHECK(page.found);
    CHECK(page.text.find(std::string(word) + ": ") != std::string::npos);
    CHECK(explain_all().find(std::string(" ") + word + ",") != std::string::npos);
  }
  CHECK(explain("p").text.find("p-value") != std::string::npos);
  CHECK(explain("p").text.find("data.train_size") != std::string::npos);
  CHECK(explain("members").text.find("error_ensemble") != std::string::npos);  // the key of `observe`, too
}

TEST_CASE("on: {test: 64} are so many test points") {
  const auto view = [](const std::string& on) {
    return points_of(must_read(
        base("observe: [{kind: alignment, on: " + on + "}]\n", "{kind: gradient_descent, time: 4}")))[0]
        .observe.view_of(Observable::alignment);
  };
  CHECK(view("{test: 20}").points == 20);
  CHECK(view("{test: 20}") == view("20"));
  CHECK(codes(base("observe: [{kind: alignment, on: {train: 20}}]\n")).find("FS0303") != std::string::npos);
}

}  // namespace references_beside_trainers
