#include "../exact_posterior.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;

TEST_CASE("unadjusted Langevin dynamics has exactly the bias of its step") {
  // At frozen features U is quadratic, and the stationary covariance of the readout is (Λ (1 − εΛ/2))⁻¹ with Λ = 1 +
  // ΨᵀΨ/κ, whatever χ.
  Case c = make_case(5, 4, 3, {.depth = 1, .width = 6, .chi = 3, .train = network::Trained::readout});
  c.ridge = 0.3;
  c.data.test = c.data.train;  // the stiff directions are those of the training set
  const Matrix train_features = initial_features(c, c.data.train.x), test_features = initial_features(c, c.data.test.x);
  const Matrix unit = Matrix::Identity(6, 6);
  const Matrix stiffness = unit + train_features.transpose() * train_features / c.ridge;
  const double largest = stiffness.eigenvalues().real().maxCoeff();
  const double step = 0.8 / largest;
  const auto mean_variance = [&](const Matrix& covariance) {
    return (test_features * covariance * test_features.transpose()).diagonal().mean() / c.network.chi;
  };
  const double biased = mean_variance((stiffness * (unit - step / 2 * stiffness)).inverse());
  const double unbiased = mean_variance(stiffness.inverse());
  const Chains chains = run_chains(c, Langevin{.step = step, .steps = 40000, .burn_in = 1000}, 8);
  CHECK(std::abs(z_of(chains.variance, biased)) < 4.5);
  CHECK(std::abs(z_of(chains.variance, unbiased)) > 6);
}

TEST_CASE("Langevin dynamics is recorded on the time grid: the exact mean error of a quadratic potential") {
  // z' = (1 − εΛ) z + ε √χ Ψᵀy/κ + √(2ε) ξ with the features and z₀ frozen: after n steps a normal vector of known mean
  // and covariance.
  Case c = make_case(5, 4, 3, {.depth = 1, .width = 6, .chi = 3, .train = network::Trained::readout});
  c.ridge = 0.3;
  const Matrix features = initial_features(c, c.data.train.x), unit = Matrix::Identity(6, 6);
  const Matrix stiffness = unit + features.transpose() * features / c.ridge;
  const double step = 0.3 / stiffness.eigenvalues().real().maxCoeff();
  const auto expected = [&](int steps) {
    const Matrix decay = unit - step * stiffness;
    Vector mean = initial_of(c).tail(6);
    Matrix covariance = Matrix::Zero(6, 6);
    for (int n = 0; n < steps; ++n) {
      mean = decay * mean + step * std::sqrt(c.network.chi) / c.ridge * features.transpose() * c.data.train.label;
      covariance = decay * covariance * decay + 2 * step * unit;
    }
    const Vector residual = features * mean / std::sqrt(c.network.chi) - c.data.train.label;
    return (residual.squaredNorm() + (features * covariance * features.transpose()).trace() / c.network.chi) / 5;
  };
  ObservePlan plan = plan_of({Observable::error_train});
  plan.times = {.unit = TimeUnit::steps, .values = {6}};
  constexpr int chains = 1000;
  Vector early(chains), late(chains);
  for (int k = 0; k < chains; ++k) {
    c.draw = k;
    const Result result = train(c.problem(), Langevin{.step = step, .steps = 40, .burn_in = 20, .thin = 1}, plan);
    std::vector<double> times;
    for (const Row& row : result.rows) {
      if (row.observable != Observable::error_train) continue;
      times.push_back(row.time);
      if (row.time == Approx(6 * step / c.ridge)) early[k] = row.value;
      if (row.time == Approx(40 * step / c.ridge)) late[k] = row.value;
      if (row.time == 0) CHECK(row.value == Approx(expected(0)));
    }
    CHECK(times.size() == 4);
    CHECK((times[0] == equilibrium && times[1] == 0));
    CHECK(times[2] == Approx(6 * step / c.ridge));
    CHECK(times[3] == Approx(40 * step / c.ridge));
  }
  CHECK(std::abs(z_of(early, expected(6))) < 4.5);
  CHECK(std::abs(z_of(late, expected(40))) < 4.5);
  CHECK(std::abs(z_of(early, expected(9))) > 6);
}
