#include <algorithm>
#include <set>

#include "../support.hpp"
#include "fieldscan/core/observable_list.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;

namespace {

/// A problem that has all that observables need: three sets, a component, one direction, a ridge. Of several outputs
/// the target has no components.
Case complete_case(Index outputs = 1) {
  Case c = make_case(6, 5, 2, {.width = 3});
  if (outputs > 1) give_outputs(c, outputs);
  c.ridge = 0.5;
  c.spec.validation_size = 3;
  c.data.directions = Matrix{{1.0, 0.0}};
  return c;
}

/// A short training by a trainer's own defaults.
template <class T>
T short_one(LossFunction loss = LossFunction::square) {
  T trainer;
  if constexpr (requires { trainer.loss; }) trainer.loss = loss;
  if constexpr (requires { trainer.learning_rate; }) trainer.steps = 4;
  if constexpr (requires { trainer.learning_rate = 0.01; }) trainer.learning_rate = 0.01;
  if constexpr (requires { trainer.batch = 3; }) trainer.batch = 3;
  if constexpr (requires { trainer.samples = 40; }) trainer.samples = 40;
  if constexpr (requires { trainer.thin* trainer.steps; }) trainer.step = 0.01, trainer.steps = 400;
  return trainer;
}

/// What the rows and arrays of a replica tell of, beside what belongs to the data draw.
std::set<std::string_view> told(const Result& result, Source source = Source::network) {
  std::set<std::string_view> names;
  for (const Row& row : result.rows)
    if (info(row.observable).source == source) names.insert(info(row.observable).name);
  for (const Array& array : result.arrays)
    if (info(array.observable).source == source) names.insert(info(array.observable).name);
  return names;
}

/// With a time on the way where the observable is of two times.
Result observed(const TrainerChoice& trainer, std::vector<Observable> observables, Index outputs = 1) {
  Case c = complete_case(outputs);
  const bool of_two_times = std::ranges::any_of(
      observables, [](Observable observable) { return has_any(info(observable).needs, Need::two_times); });
  if (problem(trainer, c.network, c.spec, c.ridge)) c.network.train = network::Trained::readout;
  ObservePlan plan = plan_of(std::move(observables));
  plan.droplet_beyond = 0.1;
  if (of_two_times) plan.times = {.unit = TimeUnit::steps, .values = {2}};
  return train(c.problem(), trainer, plan);
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("a replica tells of what it was asked for, and of nothing else", "", VariantOf<TrainerChoice>) {
  const TrainerChoice trainer = short_one<TestType>();
  for (const ObservableInfo& about : all_observables()) {
    const Observable observable = *find_observable(about.name);
    INFO(about.name);
    if (about.source == Source::ensemble || about.source == Source::theory) {
      CHECK_FALSE(observes(trainer, observable));
      continue;
    }
    const Result result = observed(trainer, {observable});
    CHECK(result.outcome != Outcome::diverged);
    std::set<std::string_view> expected;
    if (observes(trainer, observable)) expected.insert(about.name);
    CHECK(told(result, about.source) == expected);
    CHECK(told(result, about.source == Source::data ? Source::network : Source::theory).empty());
  }
  CHECK(told(observed(trainer, {})).empty());
}

TEMPLATE_LIST_TEST_CASE("a replica of the cross-entropy tells of what it was asked for, and of nothing else", "",
                        VariantOf<TrainerChoice>) {
  const TrainerChoice trainer = short_one<TestType>(LossFunction::cross_entropy);
  const bool has = loss_of(trainer) == LossFunction::cross_entropy;
  CHECK(observes(trainer, listed("calibration_error")) == has);
  for (const ObservableInfo& about : all_observables()) {
    const Observable observable = *find_observable(about.name);
    if (!has || about.source != Source::network) continue;
    INFO(about.name);
    const Result result = observed(trainer, {observable});
    CHECK(result.outcome != Outcome::diverged);
    CHECK(told(result) == (observes(trainer, observable) ? std::set{about.name} : std::set<std::string_view>{}));
  }
}

TEMPLATE_LIST_TEST_CASE("a replica of three outputs tells of all that it is asked for at once", "",
                        VariantOf<TrainerChoice>) {
  const TrainerChoice trainer = short_one<TestType>();
  std::vector<Observable> all;
  std::set<std::string_view> expected;
  for (const ObservableInfo& about : all_observables()) {
    const Observable observable = *find_observable(about.name);
    if (about.source != Source::network || !observes(trainer, observable)) continue;
    all.push_back(observable);
    expected.insert(about.name);
  }
  expected.erase("learnability");
  const Result result = observed(trainer, all, 3);
  CHECK(result.outcome != Outcome::diverged);
  CHECK(told(result) == expected);
  if (expected.empty()) return;
  // Errors are sums over outputs: of one network that of its predictor, by hand.
  const data::Draw draw = complete_case(3).data;
  double square = 0;
  for (const Array& array : result.arrays) {
    if (array.observable != Observable::predictor) continue;
    CHECK(array.shape == std::vector<std::int64_t>{5, 3});
    for (Index k = 0; k < 5; ++k)
      for (Index c = 0; c < 3; ++c)
        square += std::pow(array.data[static_cast<std::size_t>(3 * k + c)] - draw.test.target(k, c), 2);
  }
  if (yield_of(trainer) == Yield::network)
    CHECK(value_of(result, Observable::error_test) == Approx(square / 5).epsilon(1e-12));
}

TEST_CASE("what an observable needs is needed: without it there are no numbers") {
  // The controls of the law above: a set that is empty, directions that are none, labels that vanish.
  Case c = complete_case();
  c.data.directions.resize(0, 2);
  c.data.test = {.x = Matrix(0, 2)};
  const TrainerChoice trainer = short_one<GradientDescent>();
  for (const ObservableInfo& about : all_observables()) {
    if (!has_any(about.needs, Need::test_outputs | Need::first_layer)) continue;
    INFO(about.name);
    CHECK(told(train(c.problem(), trainer, plan_of({*find_observable(about.name)}))).empty());
  }
  c.data.train.label.setZero();
  CHECK(told(train(c.problem(), trainer, plan_of({Observable::discrepancy}))).empty());
  CHECK(told(train(c.problem(), trainer, plan_of({Observable::error_train}))).size() == 1);
}

TEST_CASE("what a plan asks for is all in its text, but for what is left to single replicas") {
  ObservePlan plan;
  for (const ObservableInfo& about : all_observables()) plan.observables.push_back(*find_observable(about.name));
  plan.times = {.unit = TimeUnit::steps, .values = {1, 2}};
  plan.views = {default_view(Observable::spectrum)};
  const std::string text = plan_text(plan);
  const ObservePlan other{.observables = {},
                          .times = {.unit = TimeUnit::steps, .values = {1}},
                          .predictor_on_grid = true,
                          .views = {{.observable = Observable::spectrum, .points = 3}},
                          .overlap_bins = {.count = 3},
                          .droplet_beyond = 0.2,
                          .limits = {{Observable::predictor, 2}},
                          .members = {3}};
  for_each_field<ObservePlan>([&](const auto& f) {
    ObservePlan changed = plan;
    changed.*(f.member) = other.*(f.member);
    INFO(f.name);
    CHECK(changed != plan);
    CHECK((plan_text(changed) != text) == (f.identity == Identity::part));
  });
  const View elsewhere{.observable = Observable::alignment,
                       .kernel = EmpiricalKernel::nngp,
                       .on = PointSet::test,
                       .points = 2,
                       .moments = Moments::end};
  for_each_field<View>([&](const auto& f) {
    ObservePlan changed = plan;
    changed.views.front().*(f.member) = elsewhere.*(f.member);
    INFO(f.name);
    if (f.name != "kind") CHECK(plan_text(changed) != text);
  });
}
