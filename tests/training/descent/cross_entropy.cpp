#include "../support.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/data/classes.hpp"
#include "fieldscan/network/summed_loss.hpp"
#include "near.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;
using enum fieldscan::Observable;

namespace {

constexpr LossFunction cross_entropy = LossFunction::cross_entropy;
constexpr Observable entropy_test = listed("cross_entropy_test"), brier = listed("brier_score"),
                     calibration = listed("calibration_error");

/// Test inputs and labels are those of the training set.
Case classified(Index points, Index outputs, const network::Spec& spec) {
  Case c = make_case(points, 2, 3, spec);
  if (outputs > 1) {
    c.data.train.target = normals(points, outputs, 21);
    c.data.train.label = c.data.train.target;
  }
  c.data.train.modes.resize(points, 0);
  c.data.test = c.data.validation = c.data.train;
  c.data.test.target = c.data.train.label;
  return c;
}

/// The loss of parameters, and its gradient.
double loss_of(const Case& c, const Vector& theta, Vector& gradient) {
  const network::Network network(c.network, 3, output_count(c.problem()));
  auto work = network.workspace(c.data.train.x.rows());
  const Vector codes = data::class_codes(c.data.train.label);
  const Vector offset = c.network.centred ? network.evaluate(initial_of(c), c.data.train.x) : Vector();
  Vector slope(codes.size());
  return network::summed_loss(network, theta, c.data.train.x, {cross_entropy, codes, offset}, work, slope, gradient);
}

/// Parameters after steps θ ← θ − η ∇loss − η (κ/χ)(θ − θ₀) of what is trained.
Vector by_hand(const Case& c, double rate, int steps) {
  const Vector start = initial_of(c);
  const network::Network network(c.network, 3, output_count(c.problem()));
  Vector moves = Vector::Zero(start.size());
  for (const network::Tensor& tensor : network.tensors())
    if (tensor.rate_factor > 0) moves.segment(tensor.offset, tensor.size()).setOnes();
  Vector theta = start, gradient(start.size());
  for (int k = 0; k < steps; ++k) {
    loss_of(c, theta, gradient);
    theta -= rate * moves.cwiseProduct(gradient + c.ridge / c.network.chi * (theta - start));
  }
  return theta;
}

}  // namespace

TEST_CASE("descent of the cross-entropy is the iteration by hand, centred or not, and goes down") {
  for (const Index outputs : {1, 3})
    for (const bool centred : {false, true})
      for (const Precision precision : {Precision::double_, Precision::single}) {
        Case c = classified(7, outputs, {.depth = 2, .width = 6, .bias_variance = 0.1, .chi = 2, .centred = centred});
        c.ridge = 0.2;
        c.precision = precision;
        const Vector theta = by_hand(c, 0.1, 12);
        const network::Network network(c.network, 3, static_cast<int>(outputs));
        Vector expected = network.evaluate(theta, c.data.train.x), gradient(theta.size());
        if (centred) expected -= network.evaluate(initial_of(c), c.data.train.x);
        const double tolerance = precision == Precision::single ? 1e-5 : 1e-12;
        const Result result =
            train(c.problem(), GradientDescent{.learning_rate = 0.1, .steps = 12, .loss = cross_entropy},
                  plan_of({predictor, loss_train, gradient_norm}));
        CAPTURE(outputs, centred);
        CHECK(near::distance(predictor_of(result), expected) <= tolerance);
        const double loss = loss_of(c, theta, gradient);
        CHECK(value_of(result, loss_train) == Approx(loss).epsilon(tolerance));
        CHECK(value_of(result, gradient_norm) == Approx(gradient.norm()).epsilon(100 * tolerance));
        CHECK(loss < 0.95 * loss_of(c, initial_of(c), gradient));
        // Batches of all points, in another order, are the same descent; the square loss is another.
        const TrainerChoice batches = Sgd{.learning_rate = 0.1, .batch = 7, .steps = 12, .loss = cross_entropy};
        CHECK(near::distance(predictor_of(train(c.problem(), batches, plan_of({predictor}))), expected) <=
              10 * tolerance);
        const TrainerChoice square = GradientDescent{.learning_rate = 0.1, .steps = 12};
        CHECK(near::distance(predictor_of(train(c.problem(), square, plan_of({predictor}))), expected) > 1e-2);
      }
}

TEST_CASE("all descents find the minimum of a convex cross-entropy") {
  // The readout alone, with a ridge: the loss is strictly convex, and where its gradient vanishes is its one minimum.
  for (const Index outputs : {1, 3}) {
    Case c = classified(9, outputs, {.width = 8, .train = network::Trained::readout});
    c.ridge = 0.3;
    const Vector minimum = by_hand(c, 0.5, 4000);
    const network::Network network(c.network, 3, static_cast<int>(outputs));
    const Vector expected = network.evaluate(minimum, c.data.train.x);
    Vector gradient(minimum.size());
    const double least = loss_of(c, minimum, gradient);
    const TrainerChoice trainers[] = {
        GradientDescent{.time = 200.0, .loss = cross_entropy},
        GradientDescent{.learning_rate = 0.5, .momentum = 0.5, .steps = 2000, .loss = cross_entropy},
        Sgd{.learning_rate = 0.1, .batch = 9, .momentum = 0.3, .epochs = 4000, .loss = cross_entropy},
    };
    for (const TrainerChoice& trainer : trainers) {
      CAPTURE(kind_of(trainer), outputs);
      const Result result = train(c.problem(), trainer, plan_of({predictor, loss_train}));
      CHECK(result.outcome == Outcome::done);
      CHECK(near::distance(predictor_of(result), expected) <= 1e-6);
      CHECK(value_of(result, loss_train) == Approx(least).epsilon(1e-6));
    }
    // Adam knows no ridge: with all weights it separates the points, and the loss vanishes.
    c.network.train = network::Trained::all;
    for (const TrainerChoice& trainer :
         {TrainerChoice{
              Adam{.learning_rate = 0.05, .schedule = RateSchedule::cosine, .steps = 3000, .loss = cross_entropy}},
          TrainerChoice{Adam{.learning_rate = 0.05, .batch = 3, .epochs = 1000, .loss = cross_entropy}}}) {
      const Result result = train(c.problem(), trainer, plan_of({loss_train, accuracy}));
      CHECK(value_of(result, loss_train) < 0.2 * least);
      CHECK(value_of(result, accuracy) == 1);
    }
  }
}

TEST_CASE("calibration, Brier score and cross-entropy of a test set by hand") {
  Case c = classified(4, 1, {.width = 3, .train = network::Trained::readout});
  c.data.test.target = Matrix{{1}, {-1}, {1}, {1}};
  c.data.test.label = c.data.test.target;
  const Result result = train(c.problem(), GradientDescent{.learning_rate = 1e-9, .steps = 1, .loss = cross_entropy},
                              plan_of({entropy_test, brier, calibration, predictor}));
  const Vector f = predictor_of(result);
  double entropy = 0, score = 0;
  std::map<int, double> bins;
  for (Index k = 0; k < 4; ++k) {
    const double right = 1 / (1 + std::exp(-c.data.test.target(k, 0) * f[k])), confidence = std::max(right, 1 - right);
    entropy -= std::log(right) / 4;
    score += 2 * (1 - right) * (1 - right) / 4;
    bins[static_cast<int>(std::ceil(15 * confidence))] += (right > 0.5 ? 1 : 0) - confidence;
  }
  double error = 0;
  for (const auto& [bin, excess] : bins) error += std::abs(excess) / 4;
  CHECK(value_of(result, entropy_test) == Approx(entropy).epsilon(1e-12));
  CHECK(value_of(result, brier) == Approx(score).epsilon(1e-12));
  CHECK(value_of(result, calibration) == Approx(error).epsilon(1e-12));
}

TEST_CASE("a steep network of three classes: the scores of certain outputs") {
  // Long descent of separable points without a ridge: confident and right, so that all scores vanish.
  const Case c = classified(6, 3, {.width = 40});
  const Result result = train(c.problem(), GradientDescent{.time = 3000.0, .loss = cross_entropy},
                              plan_of({entropy_test, brier, calibration, accuracy, loss_train}));
  CHECK(value_of(result, accuracy) == 1);
  CHECK(value_of(result, entropy_test) < 0.02);
  CHECK(value_of(result, entropy_test) == Approx(value_of(result, loss_train) / 6).epsilon(1e-10));
  CHECK(value_of(result, brier) < 0.01);
  CHECK(value_of(result, calibration) < 0.02);
}

TEST_CASE("early stopping and stops follow the cross-entropy") {
  Case c = classified(6, 3, {.width = 20});
  c.spec.validation_size = 6;
  c.data.validation.label = -c.data.validation.label;  // what is learned is wrong there
  const Result result =
      train(c.problem(), GradientDescent{.learning_rate = 0.1, .steps = 500, .patience = 5, .loss = cross_entropy},
            plan_of({steps_done}));
  CHECK(value_of(result, steps_done) < 100);
  const Result stopped = train(
      c.problem(), GradientDescent{.learning_rate = 0.1, .stop_loss = 2.0, .max_steps = 5000, .loss = cross_entropy},
      plan_of({steps_done, loss_train}));
  CHECK(stopped.outcome == Outcome::done);
  CHECK((value_of(stopped, loss_train) <= 2 && value_of(stopped, loss_train) > 1.8));
}

TEST_CASE("what has no cross-entropy says so") {
  const Case c = classified(6, 3, {.width = 4});
  const auto problem_of = [&](const TrainerChoice& trainer, const data::Spec& data) {
    return problem(trainer, c.network, data, 0).value_or("");
  };
  const GradientDescent stops{.learning_rate = 0.1, .stop = {1e-3}, .max_steps = 10, .loss = cross_entropy};
  CHECK(problem_of(stops, c.spec).find("stop_loss") != std::string::npos);
  data::Spec numbers = c.spec;
  numbers.input = data::File{.path = "images"};
  numbers.target = data::FileLabels{};
  const Adam adam{.steps = 10, .loss = cross_entropy};
  CHECK(problem_of(adam, numbers).find("one_hot") != std::string::npos);
  std::get<data::File>(numbers.input).classes = {2, 4};
  CHECK(problem_of(adam, numbers).empty());
  Case zero = c;
  zero.data.train.label.setZero();
  CHECK_THROWS_AS(train(zero.problem(), adam, plan_of({loss_train})), NumericalError);
  // Which theories describe it: none.
  CHECK(std::holds_alternative<dynamics::Unlike>(dynamics_of(stops, {c.network, c.spec, 0})));
}
