#include "fieldscan/store/observed.hpp"

#include "catch.hpp"
#include "fieldscan/training/observe/observe.hpp"

using namespace fieldscan;
using namespace fieldscan::store;

TEST_CASE("observing more covers observing less, and not the other way round", "[store][observed]") {
  training::ObservePlan less;
  less.observables = {Observable::error_test};
  less.times.values = {1, 10};
  training::ObservePlan more = less;
  more.observables = {Observable::error_train, Observable::error_test, Observable::predictor};
  more.times.values = {0.1, 1, 10};
  CHECK(covers(training::plan_text(less), training::plan_text(less)));
  CHECK(covers(training::plan_text(more), training::plan_text(less)));
  CHECK_FALSE(covers(training::plan_text(less), training::plan_text(more)));
  CHECK(covers(training::plan_text(less), ""));
  CHECK_FALSE(covers("", training::plan_text(less)));
}

TEST_CASE("what changes an entry's meaning is part of it", "[store][observed]") {
  training::ObservePlan plan;
  plan.observables = {Observable::predictor, Observable::ntk_empirical};
  plan.times.values = {1};
  const std::string text = training::plan_text(plan);
  training::ObservePlan other = plan;
  SECTION("the unit of times") { other.times.unit = training::TimeUnit::steps; }
  SECTION("predictor on the grid") { other.predictor_on_grid = true; }
  SECTION("points of an empirical kernel") {
    other.views = {{.observable = Observable::ntk_empirical, .points = 100, .moments = training::Moments::end}};
    CHECK_FALSE(covers(training::plan_text(other), text));
  }
  SECTION("the set of an empirical kernel") {
    other.views = {
        {.observable = Observable::ntk_empirical, .on = training::PointSet::test, .moments = training::Moments::end}};
  }
  SECTION("an empirical kernel at all times") {
    other.views = {{.observable = Observable::ntk_empirical}};
    CHECK(covers(training::plan_text(other), text));
  }
  CHECK_FALSE(covers(text, training::plan_text(other)));
}

TEST_CASE("droplets beyond another threshold are another number; what does not use it keeps its text",
          "[store][observed]") {
  training::ObservePlan plan;
  plan.observables = {Observable::droplet_fraction};
  plan.droplet_beyond = 0.5;
  training::ObservePlan other = plan;
  other.droplet_beyond = 0.6;
  CHECK_FALSE(covers(training::plan_text(plan), training::plan_text(other)));
  CHECK(training::plan_text(plan) == "droplet_fraction\ndroplet_fraction beyond 0.5\n");
  plan.observables = {Observable::error_test};
  CHECK(training::plan_text(plan) == "error_test\n");
}

TEST_CASE("a name that begins another one is not that one", "[store][observed]") {
  CHECK_FALSE(covers("error_test_more\n", "error_test\n"));
  CHECK(covers("a\nb\nc\n", "c\na\n"));
}

TEST_CASE("points of kernels do not matter where no kernel is observed", "[store][observed]") {
  training::ObservePlan plan;
  plan.observables = {Observable::error_test};
  training::ObservePlan other = plan;
  other.views = {{.observable = Observable::ntk_empirical, .points = 100}};
  CHECK(training::plan_text(plan) == training::plan_text(other));
}
