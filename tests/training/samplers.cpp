#include "exact_posterior.hpp"
#include "fieldscan/core/error.hpp"
#include "near.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;
using enum fieldscan::Observable;

namespace {

Case readout_case(double chi) {
  Case c = make_case(5, 4, 3, {.depth = 1, .width = 6, .chi = chi, .train = network::Trained::readout});
  c.ridge = 0.3;
  return c;
}

/// The posterior of the readout at frozen features is a Gaussian process with their kernel.
Exact exact_readout(const Case& c, double ridge) {
  const Matrix train = initial_features(c, c.data.train.x), test = initial_features(c, c.data.test.x);
  const Gaussian g = gaussian_process(train * train.transpose(), test * train.transpose(), test.rowwise().squaredNorm(),
                                      c.data.train.label, ridge, c.network.chi);
  return {.mean = g.mean, .variance = g.variance};
}

/// z has Student's law with (chains − 1) degrees of freedom: of 23 for 24 chains, beyond 5.5 with probability 1.4e-5.
/// All that is compared in this file, some hundred numbers, passes with odds of 1000 to 1 on a machine whose last bits
/// differ.
void check_against(const Case& c, const Exact& exact, const Chains& chains) {
  CHECK(largest_z(chains.predictor, exact.mean) < 5.5);
  CHECK(std::abs(z_of(chains.variance, exact.variance.mean())) < 5.5);
  CHECK(std::abs(z_of(chains.error, exact_error(c, exact))) < 5.5);
}

}  // namespace

TEST_CASE("an integrated readout over frozen features is the exact Gaussian process") {
  for (const double chi : {1.0, 6.0}) {
    const Case c = readout_case(chi);
    const Exact exact = exact_readout(c, c.ridge);
    const auto plan = plan_of(
        {predictor, error_test, error_train, variance_posterior, norm_excess, kernel_scale, rhat, ess, acceptance});
    const Result result = train(c.problem(), Hmc{.samples = 10}, plan);
    CHECK(result.outcome == Outcome::done);
    CHECK(near::distance(predictor_of(result), exact.mean) < 1e-12);
    CHECK(value_of(result, variance_posterior) == Approx(exact.variance.mean()).epsilon(1e-12));
    CHECK(value_of(result, error_test) == Approx(exact_error(c, exact)).epsilon(1e-12));
    CHECK(value_of(result, acceptance) == 1);
    CHECK(value_of(result, rhat) == 1);
    CHECK(row_of(result, error_test)->time == equilibrium);
    CHECK(value_of(result, kernel_scale) == Approx(1 + value_of(result, norm_excess, 2) / 6));
    // Negative control: the ridge is κ, not κP.
    CHECK(near::distance(predictor_of(result), exact_readout(c, 5 * c.ridge).mean) > 0.05);
  }
}

TEST_CASE("HMC and MALA sample a readout like the exact Gaussian process") {
  const Case c = readout_case(6);
  const Exact exact = exact_readout(c, c.ridge);
  const Chains hmc = run_chains(c, Hmc{.samples = 1000, .readout = Readout::sampled}, 24);
  check_against(c, exact, hmc);
  CHECK(largest_z(hmc.predictor, exact_readout(c, 5 * c.ridge).mean) > 6);
  check_against(c, exact, run_chains(c, Mala{.samples = 1000, .readout = Readout::sampled}, 24));
}

TEST_CASE("the standard errors of a chain's rows are those of its mean") {
  const Case c = readout_case(1);
  const Exact exact = exact_readout(c, c.ridge);
  const int count = 40;
  const Chains chains = run_chains(c, Hmc{.samples = 1000, .readout = Readout::sampled}, count);
  const Vector errors = (chains.error.array() - exact_error(c, exact)) / chains.error_error.array();
  const Vector variances = (chains.variance.array() - exact.variance.mean()) / chains.variance_error.array();
  // χ² of 40 degrees of freedom lies between 16.9 and 73.4 with probability 0.998.
  CHECK(errors.squaredNorm() > 16.9);
  CHECK(errors.squaredNorm() < 73.4);
  CHECK(variances.squaredNorm() > 16.9);
  CHECK(variances.squaredNorm() < 73.4);
}

TEST_CASE("deep linear networks have their exact posterior", "[slow]") {
  struct Setting {
    int depth, width;
    double chi;
  };
  for (const Setting s : {Setting{1, 3, 1}, Setting{1, 3, 4}, Setting{2, 4, 1}}) {
    Case c = make_case(
        5, 4, 4,
        {.depth = s.depth, .width = s.width, .activation = network::Linear{}, .weight_variance = 1.5, .chi = s.chi});
    c.ridge = 0.2;
    const Exact exact = exact_linear(c);
    const Chains chains = run_chains(c, Hmc{.samples = 1500}, 24);
    check_against(c, exact, chains);
    // Negative control: the Gaussian process of infinite width.
    Case wide = c;
    wide.network.width = 100000;
    wide.network.depth = 1;
    wide.network.weight_variance = std::pow(1.5, s.depth);
    CHECK(std::abs(z_of(chains.error, exact_error(c, exact_linear(wide)))) > 6);
  }
}

namespace {

Case two_units() {
  const network::Spec spec{
      .depth = 1, .width = 2, .activation = network::Erf{}, .weight_variance = 2.0, .readout_variance = 3, .chi = 2};
  Case c = make_case(4, 3, 1, spec);
  c.ridge = 0.3;
  return c;
}
double error_function(double z) { return std::erf(z); }

}  // namespace

TEST_CASE("two units: the sampler agrees with the sum over all weights, from either start", "[slow]") {
  const Case c = two_units();
  const Exact exact = exact_two_units(c, error_function);
  for (const Start start : {Start::prior, Start::aligned}) {
    const Chains chains = run_chains(c, Hmc{.samples = 1000, .start = start}, 24);
    check_against(c, exact, chains);
    CHECK(std::abs(z_of(chains.hidden, exact.hidden_square)) < 4);
    CHECK(std::abs(z_of(chains.hidden, 2)) > 6);
  }
  // Negative control: the ridge times P.
  Case wrong = c;
  wrong.ridge = 4 * c.ridge;
  CHECK(largest_z(run_chains(wrong, Hmc{.samples = 1000}, 24).predictor, exact.mean) > 6);
}

TEST_CASE("two units: the other samplers agree too", "[slow]") {
  const Case c = two_units();
  const Exact exact = exact_two_units(c, error_function);
  SECTION("HMC of all parameters") {
    check_against(c, exact, run_chains(c, Hmc{.samples = 4000, .readout = Readout::sampled}, 24));
  }
  SECTION("MALA") { check_against(c, exact, run_chains(c, Mala{.samples = 2000}, 24)); }
  SECTION("MALA of all parameters") {
    check_against(c, exact, run_chains(c, Mala{.samples = 4000, .thin = 20, .readout = Readout::sampled}, 24));
  }
  SECTION("Langevin dynamics, with a bias that is proportional to its step") {
    // Relative excess of the variance, and its standard error.
    const auto excess = [&](double step, std::int64_t steps) {
      const Vector ratio = run_chains(c, Langevin{.step = step, .steps = steps}, 24).variance / exact.variance.mean();
      const double spread = (ratio.array() - ratio.mean()).square().sum() / 11;
      return std::pair(ratio.mean() - 1, std::sqrt(spread / 12));
    };
    const auto [coarse, coarse_error] = excess(4e-3, 100000);
    const auto [fine, fine_error] = excess(1e-3, 400000);
    CHECK(coarse > 6 * coarse_error);
    CHECK(fine < 0.5 * coarse);
    CHECK(std::abs(coarse / 4 - fine) < 4 * std::hypot(coarse_error / 4, fine_error));
  }
}

TEST_CASE("wide networks sample the Gaussian process of the arcsine kernel, at every χ", "[slow]") {
  for (const double chi : {1.0, 4.0}) {
    Case c = make_case(4, 5, 3, {.depth = 1, .width = 2000, .activation = network::Erf{}, .chi = chi});
    c.ridge = 0.1;
    const auto kernel = [&](const Matrix& a, const Matrix& b) {
      Matrix k(a.rows(), b.rows());
      for (Index i = 0; i < a.rows(); ++i)
        for (Index j = 0; j < b.rows(); ++j) {
          const double aa = a.row(i).squaredNorm() / 3, bb = b.row(j).squaredNorm() / 3,
                       ab = a.row(i).dot(b.row(j)) / 3;
          k(i, j) = 2 / M_PI * std::asin(2 * ab / std::sqrt((1 + 2 * aa) * (1 + 2 * bb)));
        }
      return k;
    };
    const Matrix& x = c.data.train.x;
    const Matrix& at = c.data.test.x;
    const Gaussian limit =
        gaussian_process(kernel(x, x), kernel(at, x), kernel(at, at).diagonal(), c.data.train.label, c.ridge, chi);
    const Chains chains = run_chains(c, Hmc{.samples = 300}, 4);
    const Vector mean = chains.predictor.colwise().mean().transpose();
    CHECK(near::distance(mean, limit.mean) < 0.02 * limit.mean.norm());
    CHECK(chains.variance.mean() == Approx(limit.variance.mean()).epsilon(0.02));
  }
}

TEST_CASE("chains are functions of their numbers, and say when they have not equilibrated") {
  Case c = make_case(6, 4, 3, {.depth = 1, .width = 8});
  c.ridge = 0.05;
  const auto plan = plan_of(
      {predictor, error_test, rhat, ess, steps_done, step_size, ntk_top, coordinate_size, gradient_norm, accuracy});
  const Result once = train(c.problem(), Hmc{.samples = 50}, plan);
  CHECK(once.rows == train(c.problem(), Hmc{.samples = 50}, plan).rows);
  CHECK(value_of(once, steps_done) > 75);
  CHECK(value_of(once, ntk_top) > 0);
  c.draw = 1;
  CHECK(once.rows != train(c.problem(), Hmc{.samples = 50}, plan).rows);
  const Result stuck = train(c.problem(), Langevin{.step = 1e-6, .steps = 4000}, plan);
  CHECK(stuck.outcome == Outcome::not_equilibrated);
  CHECK_FALSE(stuck.reason.empty());
  for (const Row& row : stuck.rows) CHECK(row.flag == Flag::not_equilibrated);
  const Result wild = train(c.problem(), Langevin{.step = 10, .steps = 4000}, plan);
  CHECK(wild.outcome == Outcome::diverged);
  c.ridge = 0;
  CHECK_THROWS_AS(train(c.problem(), Hmc{}, plan), NumericalError);
}
