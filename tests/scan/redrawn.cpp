#include "fieldscan/scan/task/redrawn.hpp"

#include <memory>

#include "catch.hpp"
#include "fieldscan/core/observable_list.hpp"

using namespace fieldscan;
using namespace fieldscan::scan;

namespace {

/// 30 training rows and 10 that are held out.
Point of_a_file(const auto& change) {
  Point point;
  point.spec.data = {.input = data::File{.facts = std::make_shared<data::FileFacts>(data::FileFacts{
                                             .dimension = 4, .has_test = true, .train_rows = 30, .test_rows = 10})},
                     .target = data::FileLabels{},
                     .train_size = data::TrainSizeWord::whole,
                     .test_size = 3};
  point.spec.training = training::GradientDescent{};
  change(point);
  return point;
}
SameRows networks(const auto& change) { return same_rows(of_a_file(change), Side::measured); }

}  // namespace

TEST_CASE("training rows, test rows and the noise of trainings are told apart") {
  const SameRows whole = networks([](Point&) {});
  CHECK(whole.train);
  CHECK_FALSE(whole.test);
  CHECK(whole.target);
  CHECK_FALSE(whole.own_noise);
  const SameRows part = networks([](Point& p) { p.spec.data.train_size = 20, p.spec.data.test_size = 10; });
  CHECK_FALSE(part.train);
  CHECK(part.test);
  CHECK_FALSE(part.test_order);
  CHECK(networks([](Point& p) { p.spec.data.test_set = data::TestSet::shared; }).test_order);
  CHECK_FALSE(networks([](Point& p) { p.spec.data.train_size = 20, p.spec.training = training::Hmc{}; }).own_noise);
  CHECK_FALSE(networks([](Point& p) { p.spec.data.noise = 0.1; }).train);
  CHECK_FALSE(networks([](Point& p) { p.spec.data.target = data::Linear{.draw = data::Redraw::each}; }).target);
  CHECK(networks([](Point& p) { p.spec.training = training::Hmc{}; }).own_noise);
  CHECK_FALSE(same_rows(of_a_file([](Point& p) { p.spec.training = training::Hmc{}; }), Side::predicted).own_noise);
}

TEST_CASE("what a number is formed from says whether draws differ in it") {
  const SameRows train{.train = true, .target = true}, test{.test = true, .target = true};
  const auto one = [](const SameRows& same, Observable o, double time) {
    return redrawn(same, o, time) == Redrawn::nothing;
  };
  using enum Observable;
  for (const Observable o : {error_train, loss_train, norm_excess, weight_norm, ntk_top, spectrum, kernel_change,
                             overlap, ntk_empirical, ntk_variance, log_evidence, kappa_eff, error_loo, discrepancy}) {
    INFO(word(o));
    CHECK(one(train, o, equilibrium));
    CHECK(one(train, o, 1));
    CHECK_FALSE(one(test, o, 1));
    CHECK_FALSE(one({}, o, 1));
  }
  for (const Observable o : {error_test, accuracy, predictor, learnability, error_mean_predictor, bias2,
                             variance_posterior, rhat, error_validation, error_after_kernel}) {
    INFO(word(o));
    CHECK_FALSE(one(train, o, equilibrium));
    CHECK_FALSE(one(test, o, equilibrium));
  }
  // Before training.
  for (const Observable o : {error_test, predictor, learnability, bias2, weight_norm, overlap}) CHECK(one(test, o, 0));
  for (const Observable o : {error_train, ntk_top, hessian_top, spectrum, error_validation})
    CHECK_FALSE(one(test, o, 0));
  CHECK(one({.target = true}, overlap, 0));
  CHECK_FALSE(one({}, overlap, 0));
  CHECK(one({}, weight_norm, 0));
  CHECK_FALSE(one({}, error_test, 0));
}

TEST_CASE("a start along the labels is of the training rows") {
  const auto start_of = [](network::StartDirection direction) {
    const auto change = [&](Point& p) {
      p.spec.data.train_size = 20, p.spec.data.test_size = 10;
      p.spec.network.initial.hidden = {.law = network::HiddenLaw::balanced, .direction = direction};
    };
    return same_rows(of_a_file(change), Side::measured);
  };
  const SameRows random = start_of(network::StartDirection::random), labels = start_of(network::StartDirection::labels);
  for (const Observable o : {Observable::error_test, Observable::predictor, Observable::weight_norm}) {
    INFO(word(o));
    CHECK(redrawn(random, o, 0) == Redrawn::nothing);
    CHECK(redrawn(labels, o, 0) == Redrawn::rows);
  }
  CHECK(redrawn({.train = true, .start_on_rows = true}, Observable::weight_norm, 0) == Redrawn::nothing);
}

TEST_CASE("the inputs of training rows are told apart from their labels") {
  for (const SameRows& same : {networks([](Point& p) { p.spec.data.noise = 0.1; }),
                               networks([](Point& p) { p.spec.data.labels = data::Labels::shuffled; })}) {
    CHECK(same.train_inputs);
    CHECK_FALSE(same.train);
    using enum Observable;
    for (const Observable o : {ntk_top, condition_number, eigenvalue, kappa_eff, jitter, spectrum, ntk_empirical}) {
      INFO(word(o));
      CHECK(redrawn(same, o, 0) == Redrawn::rows);
      CHECK(redrawn_without_labels(same, o, 0) == Redrawn::nothing);
    }
    CHECK(redrawn_without_labels(same, variance_posterior, equilibrium) == Redrawn::rows);  // of other test points
    for (const Observable o : {error_train, alignment, hessian_top, log_evidence, gradient_norm})
      CHECK(redrawn_without_labels(same, o, 0) == Redrawn::rows);
  }
  CHECK(redrawn_without_labels(networks([](Point& p) { p.spec.data.train_size = 20; }), Observable::ntk_top, 0) ==
        Redrawn::rows);
}

TEST_CASE("views on test points, and on the first points of a set, are of these") {
  SameRows train{.train = true, .target = true}, test{.test = true, .target = true};
  const auto viewed = [](SameRows same, training::PointSet on, Index points) {
    same.views = {{.observable = Observable::alignment, .on = on, .points = points}};
    return redrawn(same, Observable::alignment, 0) == Redrawn::nothing;
  };
  using training::PointSet;
  CHECK(viewed(train, PointSet::train, 0));
  CHECK_FALSE(viewed(train, PointSet::train, 8));  // the first eight in the order of the draw
  CHECK_FALSE(viewed(train, PointSet::test, 0));
  CHECK(viewed(test, PointSet::test, 0));
  CHECK_FALSE(viewed(test, PointSet::test, 8));
  test.test_order = true;
  CHECK(viewed(test, PointSet::test, 8));
}

TEST_CASE("noise of trainings on the same rows is told from rows, and is none before they begin") {
  const SameRows noisy{.train = true, .target = true, .own_noise = true};
  CHECK(redrawn(noisy, Observable::error_train, 1) == Redrawn::noise);
  CHECK(redrawn(noisy, Observable::error_train, 0) == Redrawn::nothing);
  CHECK(redrawn(noisy, Observable::error_test, 1) == Redrawn::rows);
}
