#include "../../src/training/descent/adam_step.hpp"
#include "../../src/training/descent/descent.hpp"
#include "near.hpp"
#include "support.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;
using enum fieldscan::Observable;

namespace {

/// Steps of plain gradient descent with a rate per step, by Jacobians.
Vector by_hand(const Case& c, int steps, const std::function<double(int)>& rate, std::optional<double> clip,
               const std::vector<double>& factors) {
  const network::Network network(c.network, 3);
  Vector theta = initial_of(c);
  for (int step = 0; step < steps; ++step) {
    const Vector residual = network.evaluate(theta, c.data.train.x) - c.data.train.label;
    Vector gradient = network.jacobian(theta, c.data.train.x).transpose() * residual;
    if (clip && gradient.norm() > *clip) gradient *= *clip / gradient.norm();
    for (std::size_t k = 0; k < factors.size(); ++k) {
      const auto& tensor = network.tensors()[k];
      gradient.segment(tensor.offset, tensor.size()) *= factors[k];
    }
    theta -= rate(step) * gradient;
  }
  return network.evaluate(theta, c.data.test.x);
}

}  // namespace

TEST_CASE("schedules, clipping and rates per tensor of gradient descent and SGD, by hand", "[options]") {
  const Case c = make_case(5, 4, 3, {.depth = 2, .width = 4, .activation = network::Tanh{}, .bias_variance = 0.2});
  const auto plan = plan_of({predictor});
  // Tensors W1 b1 W2 b2 a.
  const RateFactors rates{
      .weights = std::vector<double>{0.5, 2.0}, .biases = std::vector<double>{0.0, 3.0}, .readout = 0.25};
  const std::vector<double> factors{0.5, 0, 2, 3, 0.25}, ones(5, 1.0);
  const auto linear = [](int step) { return 0.1 * (step < 4 ? (step + 1) / 4.0 : 1 - (step - 4) / 16.0); };
  const auto constant = [](int) { return 0.1; };

  const GradientDescent scheduled{.learning_rate = 0.1, .steps = 20, .schedule = RateSchedule::linear, .warmup = 4};
  CHECK(near::distance(predictor_of(train(c.problem(), scheduled, plan)), by_hand(c, 20, linear, {}, ones)) < 1e-12);
  const Sgd whole{.learning_rate = 0.1, .batch = 5, .steps = 20, .schedule = RateSchedule::linear, .warmup = 4};
  CHECK(near::distance(predictor_of(train(c.problem(), whole, plan)), by_hand(c, 20, linear, {}, ones)) < 1e-12);

  const GradientDescent clipped{.learning_rate = 0.1, .steps = 6, .clip = 0.3};
  const Vector short_steps = predictor_of(train(c.problem(), clipped, plan));
  CHECK(near::distance(short_steps, by_hand(c, 6, constant, 0.3, ones)) < 1e-12);
  CHECK(near::distance(short_steps, by_hand(c, 6, constant, {}, ones)) > 1e-3);

  const GradientDescent uneven{.learning_rate = 0.1, .steps = 8, .rates = rates};
  CHECK(near::distance(predictor_of(train(c.problem(), uneven, plan)), by_hand(c, 8, constant, {}, factors)) < 1e-12);
}

TEST_CASE("a factor 0 freezes a tensor, for Adam too", "[options]") {
  const Case c = make_case(5, 4, 3, {.width = 4});
  const RateFactors rates{.weights = 0.0};
  const auto plan = plan_of({weight_norm});
  const double start = initial_of(c).head(12).norm();
  CHECK(value_of(train(c.problem(), Adam{.steps = 9, .rates = rates}, plan), weight_norm, 1) == Approx(start));
  CHECK(value_of(train(c.problem(), Adam{.steps = 9}, plan), weight_norm, 1) != Approx(start));
  const GradientDescent flow{.time = 1.0, .rates = rates};
  CHECK(value_of(train(c.problem(), flow, plan), weight_norm, 1) == Approx(start));
}

TEST_CASE("the decoupled decay of Adam has one rate for all tensors, at every width", "[options]") {
  using network::Parameterisation;
  const double rate = 0.1, decay = 0.3;
  const auto shrinks = [&](const network::Network& network, DecayRate decay_rate) {
    AdamStep adam(network, Adam{.weight_decay = decay, .decay_rate = decay_rate, .steps = 1});
    Vector theta = Vector::Ones(network.parameter_count());
    adam.step(0, rate, Vector::Zero(theta.size()), theta);
    std::vector<double> out;
    for (const auto& tensor : network.tensors()) out.push_back(theta[tensor.offset]);
    return out;
  };
  for (const auto parameterisation : {Parameterisation::ntk, Parameterisation::standard, Parameterisation::mup})
    for (const int width : {16, 64, 256}) {
      const network::Network network({.depth = 2, .width = width, .parameterisation = parameterisation}, 3);
      for (const double left : shrinks(network, DecayRate::common)) CHECK(left == Approx(1 - rate * decay));
      const auto own = shrinks(network, DecayRate::tensor);
      for (std::size_t k = 0; k < own.size(); ++k)
        CHECK(own[k] == Approx(1 - rate * network.tensors()[k].adam_factor * decay));
    }
  // What is not trained does not decay.
  const network::Network frozen({.width = 16, .train = network::Trained::readout}, 3);
  CHECK(shrinks(frozen, DecayRate::common) == std::vector<double>{1, 1 - rate * decay});
}

TEST_CASE("where a descent with a ridge ends does not depend on the rates of its tensors", "[options]") {
  Case c = make_case(5, 4, 3, {.width = 6, .activation = network::Linear{}, .train = network::Trained::readout});
  c.ridge = 0.5;
  const auto plan = plan_of({predictor});
  const auto end = [&](double factor, double rate) {
    return predictor_of(
        train(c.problem(), GradientDescent{.learning_rate = rate, .steps = 4000, .rates = {.readout = factor}}, plan));
  };
  const Vector plain = end(1, 0.1);
  CHECK(near::distance(end(4, 0.025), plain) < 1e-10);
  CHECK(near::distance(end(0.5, 0.1), plain) < 1e-8);
}

TEST_CASE("frozen tensors take no part in the clipped norm", "[options]") {
  const network::Network network({.width = 2, .train = network::Trained::readout}, 2);
  Vector gradient(6);
  gradient << 10, 20, 30, 40, 3, 4;
  clip_gradient(network, 10.0, gradient);
  CHECK(gradient.tail(2).norm() == Approx(5));
  clip_gradient(network, 1.0, gradient);
  CHECK(gradient.norm() == Approx(1));
}

TEST_CASE("early stopping keeps the network of the smallest validation error", "[options]") {
  // Noise is fitted late: the validation error falls and rises again.
  Case c = make_case(12, 50, 3, {.width = 60});
  c.data.train.label += 2 * normals(12, 1, 90);
  c.spec.validation_size = 3;
  c.data.validation = c.data.test;
  ObservePlan plan = plan_of({error_validation, steps_done});
  plan.times = {.unit = TimeUnit::steps, .values = {}};
  for (int step = 1; step < 400; ++step) plan.times.values.push_back(step);
  GradientDescent trainer{.learning_rate = 0.02, .steps = 400};
  const Result all = train(c.problem(), trainer, plan);
  double least = 1e300;
  for (const Row& row : all.rows)
    if (row.observable == error_validation) least = std::min(least, row.value);
  REQUIRE(value_of(all, error_validation) > 1.01 * least);  // else there is nothing to stop
  trainer.patience = 5;
  const Result early = train(c.problem(), trainer, plan);
  CHECK(value_of(early, error_validation) == Approx(least).epsilon(1e-12));
  CHECK(value_of(early, steps_done) < 400);
  CHECK(early.outcome == Outcome::done);
  // Patience beyond the end: the last network is still the best one.
  trainer.patience = 1000;
  const Result patient = train(c.problem(), trainer, plan);
  CHECK(value_of(patient, error_validation) == Approx(least).epsilon(1e-12));
  CHECK(value_of(patient, steps_done) == 400);
  CHECK(patient.reason.empty());
}

TEST_CASE("a descent that ends where it should not says so", "[options]") {
  Case c = make_case(12, 50, 3, {.width = 60});
  c.spec.validation_size = 3;
  const auto plan = plan_of({error_validation, steps_done});
  const auto reason = [&](const GradientDescent& trainer) {
    const Result result = train(c.problem(), trainer, plan);
    CHECK(result.outcome == Outcome::done);
    return result.reason;
  };
  CHECK(reason({.learning_rate = 1e-3, .steps = 5}).empty());
  // Validation labels of the other sign: whatever is learned is wrong.
  c.data.validation = c.data.train;
  c.data.validation.label *= -3;
  CHECK(reason({.learning_rate = 1e-3, .steps = 50, .patience = 5}).find("at the start") != std::string::npos);
  c.data.validation = c.data.train;
  CHECK(reason({.learning_rate = 1e-4, .steps = 5, .patience = 5}).find("still falling") != std::string::npos);
  // Linear in its parameters and a little beyond the stable rate: the loss grows, and is far from 10⁴ times the first
  // one.
  c.network = {.width = 6, .activation = network::Linear{}, .train = network::Trained::readout};
  const Matrix features = initial_features(c, c.data.train.x);
  const double largest = (features * features.transpose()).eigenvalues().real().maxCoeff();
  CHECK(reason({.learning_rate = 2.4 / largest, .steps = 10}).find("has risen") != std::string::npos);
}

TEST_CASE("options that do not fit are said beforehand", "[options]") {
  network::Spec network{.depth = 2};
  data::Spec data;
  data.input = data::Sphere{.dim = 4};
  CHECK(problem(GradientDescent{.learning_rate = 0.1, .steps = 3, .patience = 2}, network, data, 0.0));
  data.validation_size = 5;
  CHECK_FALSE(problem(GradientDescent{.learning_rate = 0.1, .steps = 3, .patience = 2}, network, data, 0.0));
  CHECK(problem(GradientDescent{.time = 3.0, .patience = 2}, network, data, 0.0));
  CHECK(problem(GradientDescent{.time = 3.0, .clip = 2.0}, network, data, 0.0));
  CHECK(problem(Sgd{.steps = 2, .rates = {.weights = std::vector<double>{1, 2, 3}}}, network, data, 0.0));
  CHECK_FALSE(problem(Sgd{.steps = 2, .rates = {.weights = std::vector<double>{1, 2}}}, network, data, 0.0));
}
