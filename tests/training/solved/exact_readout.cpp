#include "fieldscan/training/solved/exact_readout.hpp"

#include "../../../src/training/solved/ridge_readout.hpp"
#include "../support.hpp"
#include "near.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;
using enum fieldscan::Observable;

namespace {

network::Spec frozen(int width, double chi = 1) {
  return {.depth = 2,
          .width = width,
          .bias_variance = 0.2,
          .readout_variance = 1.4,
          .chi = chi,
          .train = network::Trained::readout};
}

/// K_N(X*, X)(K_N + κ)⁻¹ y by brute force.
Vector regression(const Case& c, double ridge) {
  const Matrix train = initial_features(c, c.data.train.x), test = initial_features(c, c.data.test.x);
  const Matrix kernel = train * train.transpose();
  const Matrix unit = Matrix::Identity(kernel.rows(), kernel.cols());
  return test * train.transpose() * (kernel + ridge * unit).inverse() * c.data.train.label;
}

Result run(const Case& c, std::vector<Observable> observables = {predictor}) {
  return train(c.problem(), ExactReadout{}, plan_of(std::move(observables)));
}

}  // namespace

TEST_CASE("the solved readout is regression with the network's own kernel, in both forms and whatever χ") {
  for (const int width : {4, 9, 40})
    for (const double chi : {1.0, 7.0}) {
      CAPTURE(width, chi);
      Case c = make_case(9, 20, 3, frozen(width, chi));
      c.ridge = 0.15;
      const Vector f = predictor_of(run(c));
      CHECK(near::distance(f, regression(c, 0.15)) < 1e-11);
      // Negative controls: a ridge times P, a ridge divided by χ.
      CHECK(near::distance(f, regression(c, 9 * 0.15)) > 1e-2);
      if (chi > 1) CHECK(near::distance(f, regression(c, 0.15 / chi)) > 1e-3);
    }
}

TEST_CASE("its rows are those of the solution") {
  Case c = make_case(12, 30, 3, frozen(8));
  c.ridge = 0.05;
  const Result r = run(c, {predictor, error_test, error_train, error_validation, learnability, condition_number, jitter,
                           weight_norm, steps_done});
  const Vector f = regression(c, 0.05);
  CHECK(value_of(r, error_test) == Approx((f - c.data.test.target).squaredNorm() / 30).epsilon(1e-10));
  const Vector g = c.data.test.modes.col(0);
  CHECK(value_of(r, learnability, 1) == Approx(f.dot(g) / g.squaredNorm()).epsilon(1e-10));
  Case on_train = c;
  on_train.data.test = c.data.train;
  const Vector residual = c.data.train.label - regression(on_train, 0.05);
  CHECK(value_of(r, error_train) == Approx(residual.squaredNorm() / 12).epsilon(1e-9));
  CHECK(value_of(r, error_validation) > 0);
  CHECK(value_of(r, condition_number) > 1);
  CHECK(value_of(r, jitter) == 0);
  for (const Row& row : r.rows) CHECK(row.time == equilibrium);
  CHECK(record_times(ExactReadout{}, {c.network, c.spec}, {.values = {1, 2}}) == std::vector<double>{equilibrium});
}

TEST_CASE("without a ridge the solution interpolates with the smallest norm, or fits least squares") {
  for (const int width : {5, 30}) {
    Case c = make_case(9, 20, 3, frozen(width));
    const Matrix features = initial_features(c, c.data.train.x);
    const RidgeReadout solved = solve_readout(features, c.data.train.label, 0, features);
    const Vector direct = features.completeOrthogonalDecomposition().solve(c.data.train.label);
    CHECK(near::distance(solved.weights, direct) < 1e-8 * direct.norm());
    CHECK(near::distance(predictor_of(run(c)), initial_features(c, c.data.test.x) * direct) < 1e-7);
    if (width > 9) CHECK(value_of(run(c, {error_train}), error_train) < 1e-16);
  }
  // A feature that occurs twice, and a direction that nothing reaches: the smallest norm shares and leaves out.
  Matrix features = Matrix::Zero(3, 4);
  features.col(0) << 1, 2, 0;
  features.col(1) = features.col(0);
  const Vector y = Vector::Ones(3);
  const RidgeReadout solved = solve_readout(features, y, 0, features);
  CHECK(solved.weights[0] == Approx(0.3));
  CHECK(solved.weights[1] == Approx(0.3));
  CHECK(solved.weights.tail(2).norm() == 0);
  CHECK(solve_readout(Matrix::Zero(3, 2), y, 0, Matrix::Zero(1, 2)).weights.norm() == 0);
}

TEST_CASE("it is where the gradient flow of a readout that starts at zero ends") {
  Case c = make_case(6, 10, 3, frozen(12, 3));
  c.ridge = 0.2;
  const Vector exact = predictor_of(run(c));
  c.network.centred = true;
  const auto descend = [&](Anchor anchor) {
    return predictor_of(train(c.problem(), GradientDescent{.time = 300, .anchor = anchor}, plan_of({predictor})));
  };
  CHECK(near::distance(descend(Anchor::initial), exact) < 1e-6);
  // Negative control: the anchor at zero with a readout that does not start there.
  CHECK(near::distance(descend(Anchor::zero), exact) > 1e-2);
}

TEST_CASE("it is the mean of the posterior of the readout") {
  Case c = make_case(6, 10, 3, frozen(12));
  c.ridge = 0.2;
  const Vector exact = predictor_of(run(c));
  const Vector sampled = predictor_of(train(c.problem(), Hmc{.samples = 8}, plan_of({predictor})));
  CHECK(near::distance(sampled, exact) < 1e-9);
}

TEST_CASE("what it can not solve is said beforehand") {
  Case c = make_case(6, 10, 3, frozen(4));
  const auto said = [&] { return problem(ExactReadout{}, c.network, c.spec, 0.1).value_or(""); };
  CHECK(said().empty());
  c.network.train = network::Trained::all;
  CHECK(said().find("network.train: readout") != std::string::npos);
  c.network.train = network::Trained::readout;
  c.network.centred = true;
  CHECK(said().find("centred") != std::string::npos);
  c.network.centred = false;
  c.spec.train_size = data::TrainSizeWord::online;
  CHECK(said().find("online") != std::string::npos);
}

TEST_CASE("a readout that leaves few digits says so") {
  // Points on a line: the features are smooth functions of one number, and the eigenvalues of their kernel fall fast.
  Case c =
      make_case(30, 5, 1, {.depth = 1, .width = 60, .activation = network::Erf{}, .train = network::Trained::readout});
  const auto plan = plan_of({predictor, condition_number});
  c.ridge = 1e-14;
  const Result poor = train(c.problem(), ExactReadout{}, plan);
  REQUIRE(value_of(poor, condition_number) > 1e14);
  CHECK(poor.outcome == Outcome::done);
  CHECK(poor.reason.find("digits of the predictor are left") != std::string::npos);
  c.ridge = 1e-3;
  CHECK(train(c.problem(), ExactReadout{}, plan).reason.empty());
}
