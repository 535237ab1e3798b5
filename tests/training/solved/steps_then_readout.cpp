#include "fieldscan/training/solved/steps_then_readout.hpp"

#include "../support.hpp"
#include "near.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;
using enum fieldscan::Observable;

namespace steps_then_readout_tests {
namespace {

network::Spec learning(network::ReadoutLaw law = network::ReadoutLaw::normal) {
  return {.depth = 2,
          .width = 8,
          .activation = network::Erf{},
          .bias_variance = 0.2,
          .readout_variance = 1.4,
          .chi = 2,
          .initial = {.readout = {.law = law}}};
}

/// The hidden layers after the steps on the first `seen` points, by the Jacobian; the readout as it started.
Vector moved(const Case& c, double rate, int steps, Index seen) {
  const network::Network network(c.network, static_cast<int>(c.data.train.x.cols()));
  const Matrix x = c.data.train.x.topRows(seen);
  Vector theta = initial_of(c);
  const Index hidden = theta.size() - network.tensors().back().size();
  for (int step = 0; step < steps; ++step) {
    const Vector residual = network.evaluate(theta, x) - c.data.train.label.topRows(seen);
    const Matrix jacobian = network.jacobian(theta, x);
    theta.head(hidden) -= rate * (jacobian.transpose() * residual).head(hidden);
  }
  return theta;
}

/// Ridge regression on the points from `first` on, with the features of θ.
Vector regression(const Case& c, const Vector& theta, Index first) {
  const auto features = [&](const Matrix& x) -> Matrix {
    const network::Network network(c.network, static_cast<int>(x.cols()));
    auto work = network.workspace(x.rows());
    Vector out(x.rows());
    network.forward(theta, x, work, out);
    return std::sqrt(c.network.readout_variance / network::last_width(c.network)) * work.activation.back();
  };
  const Index rest = c.data.train.x.rows() - first;
  const Matrix train = features(c.data.train.x.bottomRows(rest)), test = features(c.data.test.x);
  const Matrix kernel = train * train.transpose() + c.ridge * Matrix::Identity(rest, rest);
  return test * train.transpose() * kernel.inverse() * c.data.train.label.bottomRows(rest);
}

Vector run(const Case& c, const TrainerChoice& trainer) {
  return predictor_of(train(c.problem(), trainer, plan_of({predictor})));
}

}  // namespace

TEST_CASE("the readout is solved over features after the steps, on the same points or on others") {
  for (const auto law : {network::ReadoutLaw::normal, network::ReadoutLaw::ones})
    for (const int steps : {1, 4})
      for (const int seen : {0, 5}) {
        CAPTURE(word(law), steps, seen);
        Case c = make_case(12, 20, 3, learning(law));
        c.ridge = 0.15;
        StepsThenReadout trainer{.learning_rate = 0.7, .steps = steps};
        if (seen > 0) trainer.points = seen;
        const Vector theta = moved(c, 0.7, steps, seen > 0 ? seen : 12), f = run(c, trainer);
        CHECK(near::distance(f, regression(c, theta, seen)) < 1e-10);
        // Controls: features as they are drawn; the readout solved on what the steps saw too; another ridge.
        CHECK(near::distance(f, regression(c, initial_of(c), seen)) > 1e-2);
        if (seen > 0) CHECK(near::distance(f, regression(c, theta, 0)) > 1e-2);
        c.ridge = 0.3;
        CHECK(near::distance(f, run(c, trainer)) > 1e-3);
      }
}

TEST_CASE("steps of no length are exact_readout") {
  Case c = make_case(12, 20, 3, learning());
  c.ridge = 0.15;
  const Vector f = run(c, StepsThenReadout{.learning_rate = 1e-300});
  c.network.train = network::Trained::readout;
  CHECK(near::distance(f, run(c, ExactReadout{})) < 1e-13);
}

TEST_CASE("a giant step that can not be is said beforehand") {
  Case c = make_case(12, 20, 3, learning());
  const auto said = [&](StepsThenReadout trainer = {}) {
    return problem(trainer, c.network, c.spec, 0.1).value_or("");
  };
  CHECK(said().empty());
  CHECK(said({.points = 11}).empty());
  CHECK(said({.points = 12}).find("none are left") != std::string::npos);
  c.network.train = network::Trained::readout;
  CHECK(said().find("exact_readout") != std::string::npos);
  c.network.train = network::Trained::hidden;
  CHECK(said().find("network.train: all") != std::string::npos);
  c.network.train = network::Trained::all;
  c.network.centred = true;
  CHECK(said().find("centred") != std::string::npos);
  c.network.centred = false;
  c.spec.train_size = data::TrainSizeWord::online;
  CHECK(said().find("online") != std::string::npos);
}

TEST_CASE("every trainer begins at the start that the network tells") {
  for (const auto law : {network::ReadoutLaw::normal, network::ReadoutLaw::ones}) {
    Case c = make_case(12, 20, 3, learning(law));
    c.ridge = 0.1;
    const network::Network network(c.network, 3);
    const Vector start = network.evaluate(initial_of(c), c.data.test.x);
    const TrainerChoice trainers[] = {GradientDescent{.learning_rate = 1e-300, .steps = 1},
                                      Sgd{.learning_rate = 1e-300, .batch = 2, .steps = 1},
                                      Adam{.learning_rate = 1e-300, .batch = 2, .steps = 1}};
    for (const auto& trainer : trainers) CHECK(near::distance(run(c, trainer), start) < 1e-12);
  }
  // A balanced start along the labels looks along those of its own draw.
  Case c = make_case(12, 20, 3, {.depth = 2, .width = 5, .activation = network::Linear{}});
  c.network.initial.hidden = {
      .law = network::HiddenLaw::balanced, .strength = 0.2, .direction = network::StartDirection::labels};
  const Vector along = c.data.train.x.transpose() * c.data.train.label;
  const Vector f = run(c, GradientDescent{.learning_rate = 1e-300, .steps = 1});
  CHECK(near::distance(f, 0.2 * c.data.test.x * along.normalized()) < 1e-12);
  c.spec.train_size = data::TrainSizeWord::online;
  CHECK(problem(Sgd{.steps = 1}, c.network, c.spec, 0).value_or("").find("labels to start along") != std::string::npos);
}

}  // namespace steps_then_readout_tests
