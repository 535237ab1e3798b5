#include "../support.hpp"
#include "near.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;
using enum fieldscan::Observable;

namespace {

/// Test inputs are the training inputs, so that `predictor` is the output on the training set.
Case on_training_set(Index points, const network::Spec& spec, double ridge) {
  Case c = make_case(points, 2, 3, spec);
  c.data.test = c.data.train;
  c.ridge = ridge;
  return c;
}

network::Spec readout_only(double chi) {
  return {.depth = 1, .width = 12, .chi = chi, .train = network::Trained::readout};
}

/// Output of the initial network on the training set.
Vector first_output(const Case& c) { return network::Network(c.network, 3).evaluate(initial_of(c), c.data.train.x); }

/// Descent in function space, with a kernel of the outputs without 1/χ:
/// u ← β u − Δt (Θ (f − y) + κ (f − f₀)), f ← f + u.
Vector iterate(const Matrix& kernel, const Case& c, const Vector& first, double step, double momentum, double ridge,
               int steps) {
  Vector f = first, u = Vector::Zero(f.size());
  for (int k = 0; k < steps; ++k) {
    u = momentum * u - step * (kernel * (f - c.data.train.label) + ridge * (f - first));
    f += u;
  }
  return f;
}

Result run(const Case& c, const GradientDescent& trainer, ObservePlan plan = plan_of({predictor})) {
  return train(c.problem(), trainer, plan);
}

}  // namespace

TEST_CASE("descent of the readout is the exact iteration in function space, whatever χ") {
  for (const double chi : {1.0, 5.0}) {
    for (const double momentum : {0.0, 0.6}) {
      const Case c = on_training_set(6, readout_only(chi), 0.3);
      const Matrix features = initial_features(c, c.data.train.x);
      const Matrix kernel = features * features.transpose();
      const Vector first = first_output(c);
      const double step = 0.2;
      const GradientDescent trainer{.learning_rate = step * chi, .momentum = momentum, .steps = 25};
      const Vector f = predictor_of(run(c, trainer));
      CHECK(near::distance(f, iterate(kernel, c, first, step, momentum, 0.3, 25)) < 1e-11);
      // Negative controls: a ridge times P, and a ridge that is not divided by χ.
      CHECK(near::distance(f, iterate(kernel, c, first, step, momentum, 6 * 0.3, 25)) > 1e-2);
      if (chi > 1) CHECK(near::distance(f, iterate(kernel, c, first, step, momentum, chi * 0.3, 25)) > 1e-2);
    }
  }
}

TEST_CASE("over frozen features an output of several is trained as if alone, whatever the trainer") {
  Case several = make_case(9, 4, 3, readout_only(3));
  several.ridge = 0.2;
  give_outputs(several, 3);
  Case one = several;
  for (data::Sample* sample : {&one.data.train, &one.data.test, &one.data.validation}) {
    sample->label = Matrix(sample->label.leftCols(1));
    sample->target = Matrix(sample->target.leftCols(1));
  }
  const auto output = [](const Vector& all, Index c) { return Vector(all(Eigen::seqN(c, 4, 3))); };
  const auto both = [&](const TrainerChoice& trainer) {
    return std::pair(predictor_of(train(several.problem(), trainer, plan_of({predictor}))),
                     predictor_of(train(one.problem(), trainer, plan_of({predictor}))));
  };
  const Sgd sgd{.learning_rate = 0.05, .batch = 4, .steps = 20};
  Sgd again = sgd;
  again.sampling = Sampling::with_replacement;
  for (const TrainerChoice& trainer :
       {TrainerChoice(GradientDescent{.learning_rate = 0.3, .momentum = 0.5, .steps = 20}), TrainerChoice(sgd),
        TrainerChoice(again), TrainerChoice(Adam{.learning_rate = 0.05, .steps = 20}), TrainerChoice(ExactReadout{})}) {
    CAPTURE(kind_of(trainer));
    const auto [all, alone] = both(trainer);
    CHECK(near::distance(output(all, 0), alone) < 1e-12);
    CHECK(near::distance(output(all, 1), alone) > 1e-2);
  }
  several.precision = one.precision = Precision::single;
  const auto [single, single_alone] = both(sgd);
  CHECK(near::distance(output(single, 0), single_alone) < 1e-5);
  // Control: hidden layers that move are moved by all outputs.
  several.network.train = one.network.train = network::Trained::all;
  const auto [coupled, uncoupled] = both(sgd);
  CHECK(near::distance(output(coupled, 0), uncoupled) > 1e-4);
}

TEST_CASE("the end of descent is kernel regression with ridge κ around the initial network") {
  const Case c = on_training_set(5, readout_only(3), 0.2);
  const Matrix features = initial_features(c, c.data.train.x);
  const Matrix kernel = features * features.transpose();
  const Vector first = first_output(c);
  const Matrix unit = Matrix::Identity(5, 5);
  const auto regression = [&](double ridge, const Vector& around) {
    return Vector(around + kernel * (kernel + ridge * unit).inverse() * (c.data.train.label - around));
  };
  GradientDescent trainer{.time = 200};
  CHECK(near::distance(predictor_of(run(c, trainer)), regression(0.2, first)) < 1e-6);
  CHECK(near::distance(predictor_of(run(c, trainer)), regression(5 * 0.2, first)) > 1e-2);
  trainer.anchor = Anchor::zero;
  CHECK(near::distance(predictor_of(run(c, trainer)), regression(0.2, Vector::Zero(5))) < 1e-6);
}

TEST_CASE("a centred network starts at zero and descends the same way") {
  Case c = on_training_set(5, readout_only(3), 0.2);
  c.network.centred = true;
  const Matrix features = initial_features(c, c.data.train.x);
  const Vector f = predictor_of(run(c, {.learning_rate = 0.3, .steps = 10}));
  CHECK(near::distance(f, iterate(features * features.transpose(), c, Vector::Zero(5), 0.1, 0, 0.2, 10)) < 1e-11);
}

TEST_CASE("learning_rate auto follows the gradient flow and meets the grid exactly") {
  const Case c = on_training_set(6, readout_only(2), 0.1);
  const Matrix features = initial_features(c, c.data.train.x);
  const Matrix generator = features * features.transpose() + 0.1 * Matrix::Identity(6, 6);
  const Eigen::SelfAdjointEigenSolver<Matrix> modes(generator);
  const Vector first = first_output(c);
  const Vector last = generator.inverse() * (features * features.transpose() * c.data.train.label + 0.1 * first);
  auto plan = plan_of({predictor, error_train});
  plan.predictor_on_grid = true;
  plan.times.values = {0.01, 0.1, 0.5, 1, 3, 10};
  const GradientDescent trainer{.time = 30};
  const Result result = run(c, trainer, plan);
  const auto times = record_times(trainer, {c.network, c.spec}, plan.times);
  CHECK(times == std::vector<double>{0, 0.01, 0.1, 0.5, 1, 3, 10, 30});
  std::size_t at = 0;
  for (const Array& array : result.arrays) {
    if (array.observable != predictor) continue;
    CHECK(array.time == times.at(at++));
    const Eigen::Map<const Vector> f(array.data.data(), 6);
    const Vector decay = (-array.time * modes.eigenvalues().array()).exp();
    const Vector exact =
        last + modes.eigenvectors() * decay.cwiseProduct(modes.eigenvectors().transpose() * (first - last));
    CHECK(near::distance(f, exact) < 0.01 * near::distance(first, last));
  }
  CHECK(at == times.size());
}

TEST_CASE("lazy networks follow the flow of their own tangent kernel, rich ones do not") {
  const auto deviation = [](double chi) {
    Case c = on_training_set(4, {.depth = 2, .width = 24, .bias_variance = 0.2, .chi = chi, .centred = true}, 0.1);
    const network::Network network(c.network, 3);
    const Matrix jacobian = network.jacobian(initial_of(c), c.data.train.x);
    const Matrix kernel = chi * jacobian * jacobian.transpose();
    const double step = 0.1;
    const Vector f = predictor_of(run(c, {.learning_rate = step * chi, .steps = 20}));
    return (f - iterate(kernel, c, Vector::Zero(4), step, 0, 0.1, 20)).norm() / c.data.train.label.norm();
  };
  CHECK(deviation(1e-6) < 1e-3);
  CHECK(deviation(1e-4) < 1e-2);
  CHECK(deviation(24) > 0.05);
}

TEST_CASE("recorded times: steps nearest to the grid, with momentum and χ") {
  const network::Spec spec{.width = 4, .chi = 2};
  const data::Spec data;
  TimeGrid grid{.unit = TimeUnit::time, .values = {0, 0.1, 0.33, 5}};
  // One step is 0.1/(2·(1 − 0.5)) = 0.1.
  GradientDescent trainer{.learning_rate = 0.1, .momentum = 0.5, .time = 1.0};
  const auto times = record_times(trainer, {spec, data}, grid);
  REQUIRE(times.size() == 4);
  CHECK(times[1] == Approx(0.1));
  CHECK(times[2] == Approx(0.3));
  CHECK(times[3] == Approx(1.0));
  grid = {.unit = TimeUnit::steps, .values = {1, 2, 7}};
  CHECK(record_times(trainer, {spec, data}, grid).size() == 5);
  auto plan = plan_of({error_train, steps_done});
  plan.times = grid;
  const Case c = make_case(3, 2, 3, spec);
  const Result result = run(c, trainer, plan);
  std::vector<double> recorded;
  for (const Row& row : result.rows)
    if (row.observable == error_train) recorded.push_back(row.time);
  CHECK(recorded == record_times(trainer, {spec, data}, grid));
  CHECK(value_of(result, steps_done) == 10);
}

TEST_CASE("divergence is an outcome with its reason, and keeps the rows before it") {
  Case c = make_case(6, 3, 3, {.width = 8, .activation = network::Linear{}});
  auto plan = plan_of({error_train, error_test, predictor});
  plan.times = {.unit = TimeUnit::steps, .values = {1, 1000}};
  const Result result = run(c, {.learning_rate = 10.0, .steps = 2000}, plan);
  CHECK(result.outcome == Outcome::diverged);
  CHECK_FALSE(result.reason.empty());
  CHECK(result.rows.size() >= 2);
  for (const Row& row : result.rows) CHECK(std::isfinite(row.value));
}

TEST_CASE("stop_loss ends a descent, and the times after it show the network where it stopped") {
  const Case c = make_case(4, 3, 3, {.width = 64});
  auto plan = plan_of({loss_train, steps_done});
  plan.times = {.unit = TimeUnit::steps, .values = {10, 500}};
  const Result stopped = run(c, {.learning_rate = 0.1, .steps = 100000, .stop_loss = 0.05}, plan);
  CHECK(stopped.outcome == Outcome::done);
  CHECK(value_of(stopped, loss_train) <= 0.05);
  CHECK(value_of(stopped, loss_train) > 0.02);
  CHECK(value_of(stopped, steps_done) < 10000);
  CHECK(value_of(stopped, end_time) == Approx(0.1 * value_of(stopped, steps_done)));
  CHECK(row_of(stopped, loss_train)->time == Approx(1e4));
  const Result flow = run(c, {.time = 1e4, .stop_loss = 0.05}, plan);
  CHECK(value_of(flow, end_time) == Approx(value_of(stopped, end_time)).epsilon(0.2));
  const Result short_one = run(c, {.learning_rate = 0.1, .steps = 2, .stop_loss = 1e-6}, plan);
  CHECK(short_one.outcome == Outcome::not_converged);
  CHECK_FALSE(short_one.reason.empty());
  CHECK_FALSE(row_of(short_one, end_time));
}

TEST_CASE("stop: {error_train} is a loss per point, whatever trains") {
  const Case c = make_case(4, 3, 3, {.width = 64});
  auto plan = plan_of({loss_train, error_train, steps_done});
  const Stop rule{.error_train = 0.025};  // ½ · 4 · 0.025 = 0.05
  const Result by_loss = run(c, {.learning_rate = 0.1, .steps = 100000, .stop_loss = 0.05}, plan);
  for (const TrainerChoice& trainer :
       {TrainerChoice(GradientDescent{.learning_rate = 0.1, .stop = rule, .max_steps = 100000}),
        TrainerChoice(Sgd{.learning_rate = 0.1, .batch = 4, .steps = 100000, .stop = rule})}) {
    const Result stopped = train(c.problem(), trainer, plan);
    CHECK(stopped.outcome == Outcome::done);
    CHECK(value_of(stopped, error_train) <= 0.025);
    CHECK(value_of(stopped, steps_done) == value_of(by_loss, steps_done));
  }
  const Result adam = train(c.problem(), Adam{.learning_rate = 0.02, .stop = rule, .max_steps = 5000}, plan);
  CHECK(adam.outcome == Outcome::done);
  CHECK(value_of(adam, error_train) <= 0.025);
  const Result never = run(c, {.learning_rate = 0.1, .stop = {.error_train = 1e-9}, .max_steps = 2}, plan);
  CHECK(never.outcome == Outcome::not_converged);
  CHECK(never.reason.find("training error") != std::string::npos);
}

TEST_CASE("max_steps ends a training before its length, and it has not converged") {
  const Case c = make_case(4, 3, 3, {.width = 64});
  auto plan = plan_of({loss_train, steps_done, predictor});
  const GradientDescent fixed{.learning_rate = 0.1, .time = 2.0, .schedule = RateSchedule::cosine};
  GradientDescent bounded = fixed, flow{.time = 2.0}, bounded_flow = flow;
  bounded.max_steps = bounded_flow.max_steps = 7;
  for (const auto& [whole, cut] : {std::pair(fixed, bounded), std::pair(flow, bounded_flow)}) {
    const Result ended = run(c, cut, plan);
    CHECK(ended.outcome == Outcome::not_converged);
    CHECK(ended.reason.find("max_steps = 7") != std::string::npos);
    CHECK(value_of(ended, steps_done) == 7);
    GradientDescent ample = cut;
    ample.max_steps = 100000;
    CHECK(run(c, ample, plan).outcome == Outcome::done);
    CHECK(run(c, ample, plan).rows == run(c, whole, plan).rows);
  }
  // A time that the flow did not reach has no numbers, but for the end, where its network stands.
  plan.times = {.unit = TimeUnit::time, .values = {0.001, 1.9}};
  const Result cut = run(c, bounded_flow, plan);
  const auto has_time = [&](double time) {
    return std::ranges::any_of(cut.rows,
                               [&](const Row& row) { return row.observable == loss_train && row.time == time; });
  };
  CHECK(has_time(0.001));
  CHECK_FALSE(has_time(1.9));
  CHECK(has_time(2));
  plan.times = {};
  // What is cut short has had the steps of the whole training, in its schedule: those of 7 of 20.
  const Setting setting{c.network, c.spec, 0};
  CHECK(record_times(bounded, setting, {}).back() == Approx(0.7));
  const GradientDescent plain{.learning_rate = 0.1, .steps = 7};
  CHECK(near::distance(predictor_of(run(c, bounded, plan)), predictor_of(run(c, plain, plan))) > 1e-4);
}

TEST_CASE("a replica is a function of its numbers; an initialisation is the same for every draw") {
  Case c = make_case(4, 3, 3, {.width = 16});
  const GradientDescent trainer{.learning_rate = 0.1, .steps = 5};
  const Result once = run(c, trainer), again = run(c, trainer);
  CHECK(once.arrays == again.arrays);
  c.draw = 3;
  CHECK(near::equal(predictor_of(run(c, trainer)), predictor_of(once)));
  c.initialisation = 1;
  CHECK(predictor_of(run(c, trainer)) != predictor_of(once));
  // Only initialisation 0 stores the target.
  CHECK(once.arrays.front().observable == target);
  CHECK(once.arrays.front().time == equilibrium);
  CHECK(run(c, trainer).arrays.size() == 1);
}
