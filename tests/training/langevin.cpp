#include "exact_posterior.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;

TEST_CASE("unadjusted Langevin dynamics has exactly the bias of its step") {
  // At frozen features U is quadratic, and the stationary covariance of the readout is (Λ (1 − εΛ/2))⁻¹ with Λ = 1 + ΨᵀΨ/κ, whatever χ.
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
