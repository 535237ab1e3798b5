#include "../exact_posterior.hpp"
#include "fieldscan/core/observable_list.hpp"

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

TEST_CASE("Langevin dynamics is recorded on the time grid: the exact numbers of a quadratic potential, at two times") {
  // z' = (1 − εΛ) z + ε √χ Ψᵀy/κ + √(2ε) ξ with the features and z₀ frozen: after n steps a normal vector of known mean
  // and covariance, (1 − εΛ)^(n − m) times the earlier one between two of them.
  Case c = make_case(5, 4, 3, {.depth = 1, .width = 6, .chi = 3, .train = network::Trained::readout});
  c.ridge = 0.3;
  const Matrix features = initial_features(c, c.data.train.x), unit = Matrix::Identity(6, 6);
  const Matrix stiffness = unit + features.transpose() * features / c.ridge;
  const double step = 0.3 / stiffness.eigenvalues().real().maxCoeff();
  constexpr int waiting = 4;
  struct Expected {
    Vector mean;
    Matrix covariance, response;  ///< of z; of f to labels shifted from the waiting time on
  };
  const auto expected = [&](int steps) {
    const Matrix decay = unit - step * stiffness;
    Expected out{initial_of(c).tail(6), Matrix::Zero(6, 6), Matrix::Zero(6, 6)};
    const Matrix pull = step * std::sqrt(c.network.chi) / c.ridge * unit;
    for (int n = 0; n < steps; ++n) {
      out.mean = decay * out.mean + pull * features.transpose() * c.data.train.label;
      out.covariance = decay * out.covariance * decay + 2 * step * unit;
      if (n >= waiting) out.response = decay * out.response + pull;
    }
    return out;
  };
  const double per_point = 1 / (5 * c.network.chi);
  const auto mean_square = [&](const Vector& z, const Matrix& covariance) {
    return per_point * ((features * z).squaredNorm() + (features * covariance * features.transpose()).trace());
  };
  const auto error = [&](int steps) {
    const Expected at = expected(steps);
    const Vector residual = features * at.mean / std::sqrt(c.network.chi) - c.data.train.label;
    return (residual.squaredNorm() + (features * at.covariance * features.transpose()).trace() / c.network.chi) / 5;
  };
  const Observable correlation = listed("two_time_correlation"), displacement = listed("displacement"),
                   response = listed("response");
  ObservePlan plan = plan_of({Observable::error_train, correlation, displacement, response});
  plan.times = {.unit = TimeUnit::steps, .values = {waiting, 6}};
  constexpr int chains = 1000;
  Vector early(chains), late(chains), product(chains), moved(chains), responded(chains);
  const double time = step / c.ridge;
  for (int k = 0; k < chains; ++k) {
    c.draw = k;
    const Langevin trainer{.step = step, .steps = 40, .burn_in = 20, .thin = 1, .waiting = waiting * time};
    const Result result = train(c.problem(), trainer, plan);
    std::vector<double> times;
    int of_two_times = 0;
    for (const Row& row : result.rows) {
      const bool at_end = row.time == Approx(40 * time);
      if (row.observable == correlation && at_end) product[k] = row.value;
      if (row.observable == displacement && at_end) moved[k] = row.value;
      if (row.observable == response && at_end) responded[k] = row.value;
      of_two_times += row.observable == response || row.observable == displacement ? 1 : 0;
      if (row.observable != Observable::error_train) continue;
      times.push_back(row.time);
      if (row.time == Approx(6 * time)) early[k] = row.value;
      if (at_end) late[k] = row.value;
      if (row.time == 0) CHECK(row.value == Approx(error(0)));
    }
    CHECK(times.size() == 5);
    CHECK((times[0] == equilibrium && times[1] == 0));
    CHECK(times[3] == Approx(6 * time));
    CHECK(times[4] == Approx(40 * time));
    CHECK(of_two_times == 6);  // none before the waiting time
  }
  CHECK(std::abs(z_of(early, error(6))) < 4.5);
  CHECK(std::abs(z_of(late, error(40))) < 4.5);
  CHECK(std::abs(z_of(early, error(9))) > 6);

  const Expected before = expected(waiting), after = expected(40);
  Matrix between = before.covariance;
  for (int n = waiting; n < 40; ++n) between = (unit - step * stiffness) * between;
  const double products = per_point * ((features * after.mean).dot(features * before.mean) +
                                       (features * between * features.transpose()).trace());
  const Matrix apart = after.covariance + before.covariance - between - between.transpose();
  const double answer = (features * after.response * features.transpose()).trace() / (5 * std::sqrt(c.network.chi));
  CHECK(std::abs(z_of(product, products)) < 4.5);
  CHECK(std::abs(z_of(moved, mean_square(after.mean - before.mean, apart))) < 4.5);
  CHECK(std::abs(z_of(responded, answer)) < 4.5);  // the spread is that of the signs alone
  CHECK(std::abs(z_of(responded, 0.7 * answer)) > 5);
  CHECK(std::abs(z_of(moved, mean_square(after.mean - before.mean, after.covariance))) > 6);
}

TEST_CASE("at equilibrium a network of any width moves as it responds: 2 T response = displacement", "[slow]") {
  // Three units on five points, far from any limit; the temperature is κ/χ, and no other one fits. Nor do they agree on
  // the way down, from the start on.
  Case c = make_case(5, 4, 3, {.depth = 1, .width = 3, .activation = network::Erf{}, .chi = 2});
  c.ridge = 0.6;
  ObservePlan plan = plan_of({listed("displacement"), listed("response")});
  plan.times = {.unit = TimeUnit::steps, .values = {}};
  constexpr int chains = 500;
  const double step = 0.01;
  const auto differences = [&](int waiting, double temperature) {
    plan.times.values = {waiting + 60.0};
    Vector out(chains);
    for (int k = 0; k < chains; ++k) {
      c.draw = c.initialisation = k;
      const Langevin trainer{
          .step = step, .steps = waiting + 60, .burn_in = waiting, .waiting = waiting * step / c.ridge};
      const Result result = train(c.problem(), trainer, plan);
      out[k] = value_of(result, listed("displacement")) - 2 * temperature * value_of(result, listed("response"));
    }
    return out;
  };
  const double temperature = c.ridge / c.network.chi;
  const Vector settled = differences(250, temperature);
  CHECK(std::abs(z_of(settled, 0)) < 4.5);
  const Case one_output = c;
  give_outputs(c, 2);  // displacement and response are sums over outputs
  CHECK(std::abs(z_of(differences(250, temperature), 0)) < 4.5);
  CHECK(std::abs(z_of(differences(250, 0.5 * temperature), 0)) > 5);
  c = one_output;
  CHECK(std::abs(z_of(differences(250, 1.5 * temperature), 0)) > 5);
  CHECK(std::abs(z_of(differences(0, temperature), 0)) > 5);
}
