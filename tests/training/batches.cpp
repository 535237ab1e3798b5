#include "../../src/training/descent/adam_step.hpp"
#include "near.hpp"
#include "support.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;
using enum fieldscan::Observable;

namespace {

Case readout_case(Index points) {
  Case c = make_case(points, 2, 3, {.depth = 1, .width = 12, .chi = 2, .train = network::Trained::readout});
  c.data.test = c.data.train;
  return c;
}

Vector kernel_step(const Case& c, const Vector& f, double time) {
  const Matrix features = initial_features(c, c.data.train.x);
  return f - time * features * (features.transpose() * (f - c.data.train.label));
}

}  // namespace

TEST_CASE("sgd with the whole set as batch is gradient descent") {
  Case c = make_case(5, 4, 3, {.width = 16});
  c.ridge = 0.1;
  const auto plan = plan_of({predictor});
  const Vector whole = predictor_of(train(c.problem(), GradientDescent{.learning_rate = 0.1, .steps = 9}, plan));
  CHECK(predictor_of(train(c.problem(), Sgd{.learning_rate = 0.1, .batch = 5, .steps = 9}, plan)) == whole);
  CHECK(predictor_of(train(c.problem(), Sgd{.learning_rate = 0.1, .batch = 100, .steps = 9}, plan)) == whole);
  CHECK(predictor_of(train(c.problem(), Sgd{.learning_rate = 0.1, .batch = 2, .steps = 9}, plan)) != whole);
}

TEST_CASE("an epoch sees every point once, with the factor P/B") {
  // At first order in the rate an epoch in batches of B is P/B steps of gradient descent.
  Case c = readout_case(6);
  const double rate = 1e-5;
  const Vector first =
      predictor_of(train(c.problem(), GradientDescent{.learning_rate = 1e-300, .steps = 1}, plan_of({predictor})));
  const Vector after =
      predictor_of(train(c.problem(), Sgd{.learning_rate = rate, .batch = 2, .epochs = 1}, plan_of({predictor})));
  const Vector expected = kernel_step(c, first, 3 * rate / 2);
  CHECK(near::distance(after, expected) < 1e-3 * near::distance(expected, first));
  CHECK(near::distance(after, kernel_step(c, first, rate / 2)) > 0.1 * near::distance(expected, first));
}

// 400 replicas of one step: the mean within 4 standard errors of a step of gradient descent, which the odds of 16 times
// 6e-5 leave once in a thousand seeds; a batch of all P points is another step than theirs.
TEST_CASE("with replacement a step is one of gradient descent on average, whatever the batch") {
  Case c = readout_case(6);
  const double rate = 0.05;
  const auto plan = plan_of({predictor});
  const Vector whole = predictor_of(train(c.problem(), GradientDescent{.learning_rate = rate, .steps = 1}, plan));
  for (const int batch : {1, 6}) {
    const Sgd trainer{.learning_rate = rate, .batch = batch, .steps = 1, .sampling = Sampling::with_replacement};
    Vector sum = Vector::Zero(6), square = sum;
    for (c.draw = 0; c.draw < 400; ++c.draw) {
      const Vector f = predictor_of(train(c.problem(), trainer, plan));
      sum += f, square += f.cwiseAbs2();
    }
    const Vector mean = sum / 400, error = ((square / 400 - mean.cwiseAbs2()) / 399).cwiseSqrt();
    CAPTURE(batch);
    for (Index i = 0; i < 6; ++i) {
      CHECK(std::abs(mean[i] - whole[i]) < 4 * error[i]);
      CHECK(error[i] > 0);
    }
    c.draw = 0;
  }
}

TEST_CASE("batches are drawn anew in every epoch and for every replica") {
  Case c = readout_case(6);
  const Sgd trainer{.learning_rate = 0.3, .batch = 2, .epochs = 2};
  const auto plan = plan_of({predictor});
  const Vector here = predictor_of(train(c.problem(), trainer, plan));
  CHECK(near::equal(predictor_of(train(c.problem(), trainer, plan)), here));
  c.draw = 1;
  CHECK(predictor_of(train(c.problem(), trainer, plan)) != here);
}

TEST_CASE("online learning descends the sum over fresh examples, and its time is steps/d") {
  Case c = make_case(1, 6, 3, {.depth = 1, .width = 5, .chi = 2});
  c.spec.train_size = data::TrainSizeWord::online;
  c.spec.target = data::Linear{};
  c.data.train = {.x = Matrix(0, 3), .target = Matrix(0, 1), .label = Matrix(0, 1)};
  const Sgd trainer{.learning_rate = 0.4, .batch = 2, .time = 4};
  const auto times = record_times(trainer, {c.network, c.spec}, {});
  CHECK(times.back() == Approx(4.0));
  const Vector f = predictor_of(train(c.problem(), trainer, plan_of({predictor, error_test})));
  const network::Network network(c.network, 3);
  Vector theta = initial_of(c);
  data::OnlineSource source(c.spec, c.seed, c.draw, c.initialisation);
  for (int step = 0; step < 12; ++step) {
    const data::Sample sample = source.next(2);
    const Vector residual = network.evaluate(theta, sample.x) - sample.label;
    theta -= 0.4 * network.jacobian(theta, sample.x).transpose() * residual;
  }
  CHECK(near::distance(f, network.evaluate(theta, c.data.test.x)) < 1e-12);
}

TEST_CASE("a small rate learns in batches what gradient descent learns") {
  Case c = readout_case(8);
  c.ridge = 0.5;
  const auto plan = plan_of({predictor});
  const Vector slow = predictor_of(train(c.problem(), Sgd{.learning_rate = 2e-3, .batch = 4, .time = 20.0}, plan));
  const Vector whole = predictor_of(train(c.problem(), GradientDescent{.learning_rate = 2e-3, .time = 20.0}, plan));
  CHECK(near::distance(slow, whole) < 0.01 * whole.norm());
}

TEST_CASE("Adam is its formulas, by hand") {
  const network::Network network({.depth = 1, .width = 2, .activation = network::Linear{}}, 1);
  const double beta1 = 0.8, beta2 = 0.9, eps = 1e-3, rate = 0.1;
  for (const bool decoupled : {true, false}) {
    const Adam trainer{.beta1 = beta1,
                       .beta2 = beta2,
                       .epsilon = eps,
                       .weight_decay = 0.2,
                       .decoupled = decoupled,
                       .clip = 3.0,
                       .steps = 10};
    AdamStep adam(network, trainer);
    Vector theta(4), by_hand(4), m = Vector::Zero(4), v = Vector::Zero(4);
    theta << 1, -2, 0.5, 0.1;
    by_hand = theta;
    for (int step = 0; step < 6; ++step) {
      Vector g(4);
      g << 1.0 + step, -0.3, 0.01 * step, 2.0;
      adam.step(step, rate, g, theta);
      if (g.norm() > 3) g *= 3 / g.norm();
      for (Index k = 0; k < 4; ++k) {
        const double slope = g[k] + (decoupled ? 0 : 0.2 * by_hand[k]);
        m[k] = beta1 * m[k] + (1 - beta1) * slope;
        v[k] = beta2 * v[k] + (1 - beta2) * slope * slope;
        const double mean = m[k] / (1 - std::pow(beta1, step + 1)), square = v[k] / (1 - std::pow(beta2, step + 1));
        by_hand[k] -= rate * (mean / (std::sqrt(square) + eps) + (decoupled ? 0.2 * by_hand[k] : 0));
      }
      CHECK(near::distance(theta, by_hand) < 1e-13);
    }
  }
}

TEST_CASE("the schedule of Adam: linear warm-up, then constant or a half cosine") {
  Adam trainer{.learning_rate = 2, .schedule = RateSchedule::cosine, .warmup = 4, .steps = 12};
  CHECK(adam_rate(trainer, 0, 12) == Approx(0.5));
  CHECK(adam_rate(trainer, 3, 12) == Approx(2));
  CHECK(adam_rate(trainer, 4, 12) == Approx(2));
  CHECK(adam_rate(trainer, 8, 12) == Approx(1));
  CHECK(adam_rate(trainer, 12, 12) == Approx(0).margin(1e-15));
  trainer.schedule = RateSchedule::constant;
  CHECK(adam_rate(trainer, 11, 12) == 2);
}

TEST_CASE("Adam learns, and leaves frozen tensors alone") {
  Case c = make_case(6, 3, 3, {.width = 32, .train = network::Trained::readout});
  const auto plan = plan_of({loss_train, weight_norm});
  const Result result = train(c.problem(), Adam{.learning_rate = 0.05, .batch = 3, .epochs = 400}, plan);
  double first = 0;
  for (const Row& row : result.rows)
    if (row.observable == loss_train && row.time == 0) first = row.value;
  CHECK(value_of(result, loss_train) < 0.2 * first);
  const Vector start = initial_of(c);
  CHECK(value_of(result, weight_norm, 1) == Approx(start.head(96).norm()).epsilon(1e-14));
}
