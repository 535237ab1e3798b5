#include "../../src/training/sampling/hamiltonian.hpp"

#include <bit>
#include <limits>

#include "exact_posterior.hpp"
#include "fieldscan/core/statistics.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;
using enum fieldscan::Observable;

namespace {

Case erf_case(int width, double chi, int depth = 1) {
  Case c = make_case(8, 5, 3, {.depth = depth, .width = width, .activation = network::Erf{}, .chi = chi});
  c.ridge = 0.1;
  return c;
}

ObservePlan diagnosis_plan() {
  return plan_of({predictor, error_test, rhat, ess, rhat_folded, ess_bulk, ess_tail, chain_spread, acceptance,
                  steps_done, step_size});
}

/// (mean a − mean b)/standard error, from the spreads between chains.
double z_between(const Vector& a, const Vector& b) {
  const auto square = [](const Vector& v) {
    return (v.array() - v.mean()).square().sum() / static_cast<double>(v.size() * (v.size() - 1));
  };
  return (a.mean() - b.mean()) / std::sqrt(square(a) + square(b));
}

}  // namespace

TEST_CASE("thinning leaves out samples and changes nothing else") {
  const Case c = erf_case(6, 1);
  const Result all = train(c.problem(), Hmc{.samples = 60, .burn_in = 20}, diagnosis_plan());
  const Result third = train(c.problem(), Hmc{.samples = 20, .burn_in = 20, .thin = 3}, diagnosis_plan());
  for (const Observable same : {acceptance, steps_done, step_size}) CHECK(value_of(third, same) == value_of(all, same));
  CHECK(row_of(third, error_test)->count == 20);
  CHECK(value_of(third, error_test) != value_of(all, error_test));
  CHECK(value_of(third, error_test) == Approx(value_of(all, error_test)).epsilon(0.2));
}

TEST_CASE("a batch that misses a target counts as burn-in, and the next is twice as long") {
  const Case c = erf_case(6, 1);
  const auto run = [&](const ChainUntil& until) {
    return train(c.problem(), Hmc{.samples = 20, .burn_in = 20, .until = until}, diagnosis_plan());
  };
  SECTION("targets that are reached at once") {
    const Hmc once{.samples = 200}, again{.samples = 200, .until = {.batches = 5}};
    const Result plain = train(c.problem(), once, diagnosis_plan());
    const Result patient = train(c.problem(), again, diagnosis_plan());
    REQUIRE(plain.outcome == Outcome::done);
    CHECK(patient.rows == plain.rows);
  }
  SECTION("a target that a longer batch reaches") {
    const ChainUntil until{.batches = 8, .ess = 60};
    const Result result = run(until);
    CHECK(result.outcome == Outcome::done);
    CHECK(value_of(result, ess) >= 60);
    const auto count = row_of(result, error_test)->count;
    CHECK(count > 20);
    CHECK(std::has_single_bit(static_cast<std::uint64_t>(count / 20)));
  }
  SECTION("too few batches: not equilibrated, and said so with the numbers") {
    const Result result = run({.batches = 2, .ess = 1000});
    CHECK(result.outcome == Outcome::not_equilibrated);
    CHECK(row_of(result, error_test)->count == 40);
    CHECK(row_of(result, error_test)->flag == Flag::not_equilibrated);
    CHECK(result.reason.find("effective sample size") != std::string::npos);
  }
  SECTION("a relative error") {
    const Result result = run({.batches = 8, .relative_error = 0.02});
    const Row row = *row_of(result, error_test);
    CHECK(row.standard_error <= 0.02 * row.value);
    CHECK(row_of(run({}), error_test)->standard_error > 0.02 * row.value);
  }
  SECTION("MALA does the same") {
    const Result result =
        train(c.problem(), Mala{.samples = 20, .burn_in = 20, .until = {.batches = 8, .ess = 60}}, diagnosis_plan());
    CHECK(value_of(result, ess) >= 60);
  }
}

TEST_CASE("each target decides alone, and at its very value") {
  const Case c = erf_case(6, 1);
  const auto run = [&](const ChainUntil& until) {
    return train(c.problem(), Hmc{.samples = 20, .burn_in = 20, .until = until}, diagnosis_plan());
  };
  const auto count = [&](const ChainUntil& until) { return row_of(run(until), error_test)->count; };
  const ChainUntil loose{.batches = 3, .rhat = 100, .ess = 2};
  const Result first = run(loose);
  const Row error = *row_of(first, error_test);
  REQUIRE(error.count == 20);
  ChainUntil until = loose;
  // A target at the very value of the first batch is reached, and one next to it is not.
  const auto check_at = [&](double& target, double value, double stricter) {
    target = value;
    CHECK(count(until) == 20);
    target = std::nextafter(value, stricter);
    CHECK(count(until) > 20);
    until.batches = 1;
    CHECK(run(until).outcome == Outcome::not_equilibrated);
    target = value;
    CHECK(run(until).outcome == Outcome::done);
  };
  SECTION("R-hat") {
    REQUIRE(value_of(first, rhat) > 1);
    check_at(until.rhat, value_of(first, rhat), 0);
  }
  SECTION("effective sample size") { check_at(until.ess, value_of(first, ess), 1e9); }
  SECTION("relative error, which asks for longer batches and for nothing at their end") {
    const double relative = error.standard_error / error.value;
    until.relative_error = relative * (1 + 1e-9);
    CHECK(count(until) == 20);
    until.relative_error = relative * (1 - 1e-9);
    CHECK(count(until) > 20);
    until.relative_error = 1e-9;
    const Result last = run(until);
    CHECK(row_of(last, error_test)->count == 80);
    CHECK(last.outcome == Outcome::done);
  }
  SECTION("one that is missed is enough") {
    until.relative_error = 100;
    until.ess = 1e6;
    CHECK(count(until) == 80);
    until = {.batches = 3, .rhat = 0.5, .ess = 2, .relative_error = 100};
    CHECK(count(until) == 80);
  }
}

TEST_CASE("a number of the chain that is not finite is not forgotten") {
  Case c = erf_case(6, 1);
  c.data.test.x(2, 0) = std::numeric_limits<double>::quiet_NaN();  // watched between others that are finite
  const auto outcome = [&](const ObservePlan& plan) { return train(c.problem(), Hmc{.samples = 20}, plan).outcome; };
  CHECK(outcome(plan_of({predictor})) == Outcome::not_equilibrated);
  CHECK(outcome(plan_of({error_test})) == Outcome::diverged);
  CHECK(outcome(diagnosis_plan()) == Outcome::diverged);
}

TEST_CASE("both integrators sample the same posterior of an erf network", "[slow]") {
  const Case c = erf_case(6, 6);
  const Chains leapfrog = run_chains(c, Hmc{.samples = 600}, 16);
  const Chains two_stage = run_chains(c, Hmc{.samples = 600, .integrator = Integrator::two_stage}, 16);
  CHECK(std::abs(z_between(leapfrog.error, two_stage.error)) < 5);
  CHECK(std::abs(z_between(leapfrog.variance, two_stage.variance)) < 5);
}

TEST_CASE("what a chain says about itself") {
  const Result result = train(erf_case(6, 1).problem(), Hmc{.samples = 400}, diagnosis_plan());
  for (const Observable size : {ess, ess_bulk, ess_tail}) {
    CHECK(value_of(result, size) > 20);
    CHECK(value_of(result, size) < 1200);
  }
  CHECK(value_of(result, rhat_folded) >= 1);
  CHECK(value_of(result, rhat_folded) < 1.1);
  // The Monte-Carlo error of the mean is the spread over the root of the effective size, here between all samples and
  // the smallest.
  const double ratio = value_of(result, chain_spread) / row_of(result, error_test)->standard_error;
  CHECK(ratio * ratio > 0.9 * value_of(result, ess));
  CHECK(ratio * ratio < 1200);
}

namespace {

/// Both ways to the posterior of an erf network, by so many chains: one shorter where the readout is integrated out.
struct BothWays {
  Case c;
  Chains integrated, sampled;
};
BothWays both_ways(int depth, int samples, int chains, Index outputs = 1) {
  BothWays out{.c = erf_case(5, 5, depth)};
  if (outputs > 1) give_outputs(out.c, outputs);
  out.integrated = run_chains(out.c, Hmc{.samples = samples}, chains);
  out.sampled = run_chains(out.c, Hmc{.samples = 2 * samples, .leapfrog = 20, .readout = Readout::sampled}, chains);
  return out;
}

// z has Student's law with (chains − 1) degrees of freedom.
void check_same(const BothWays& both) {
  for (Index k = 0; k < both.integrated.predictor.cols(); ++k)
    CHECK(std::abs(z_between(both.integrated.predictor.col(k), both.sampled.predictor.col(k))) < 5);
  CHECK(std::abs(z_between(both.integrated.variance, both.sampled.variance)) < 5);
  CHECK(std::abs(z_between(both.integrated.error, both.sampled.error)) < 5);
  CHECK(std::abs(z_between(both.integrated.hidden, both.sampled.hidden)) < 5);
}

}  // namespace

TEST_CASE("with the readout integrated out or sampled, the posterior of an erf network is the same") {
  for (const int depth : {1, 2}) check_same(both_ways(depth, 200, 10));
}

TEST_CASE("the same of three outputs, whose kernel is one, and another ridge is seen") {
  const BothWays both = both_ways(1, 200, 10, 3);
  check_same(both);
  Case other = both.c;  // negative control
  other.ridge = 0.25;
  CHECK(std::abs(z_between(both.integrated.variance, run_chains(other, Hmc{.samples = 200}, 10).variance)) > 5);
}

TEST_CASE("with the readout integrated out or sampled, to more digits, and another ridge is seen", "[slow]") {
  for (const int depth : {1, 2}) {
    const BothWays both = both_ways(depth, 1000, 16);
    check_same(both);
    Case other = both.c;  // negative control
    other.ridge = 0.15;
    const Vector variance = run_chains(other, Hmc{.samples = 1000}, 16).variance;
    CHECK(std::abs(z_between(both.integrated.variance, variance)) > 6);
  }
}

TEST_CASE("a burn-in that is too short is seen: by the exact posterior, and by the chain itself") {
  // Tiny trajectories from a start far from the posterior.
  const Case c = erf_case(6, 6);
  Case linear = make_case(5, 4, 4, {.depth = 1, .width = 5, .activation = network::Linear{}, .chi = 5});
  linear.ridge = 0.02;
  const Exact exact = exact_linear(linear);
  const Hmc hasty{.samples = 10, .burn_in = 0, .leapfrog = 1};
  Hmc patient = hasty;
  patient.burn_in = 400;
  patient.samples = 400;
  CHECK(std::abs(z_of(run_chains(linear, hasty, 48).error, exact_error(linear, exact))) > 6);
  CHECK(std::abs(z_of(run_chains(linear, patient, 48).error, exact_error(linear, exact))) < 5);
  const Result result = train(c.problem(), Langevin{.step = 2e-5, .steps = 4000, .burn_in = 0}, diagnosis_plan());
  CHECK(result.outcome == Outcome::not_equilibrated);
}

namespace {

/// U = |z|²/2 + stiffness z₀²/2, and planted faults in it.
enum class Fault { none, gradient, energy };
Potential stiff(Fault fault) {
  return [fault](const Vector& z, Vector& gradient) {
    gradient = z;
    gradient[0] *= fault == Fault::gradient ? 4 : 9;
    const double first = fault == Fault::energy ? 4 : 9;
    return 0.5 * (z.squaredNorm() + (first - 1) * z[0] * z[0]);
  };
}

struct Found {
  double z = 0;  ///< of ⟨z₀²⟩ against 1/9
  double acceptance = 0;
};
Found moments_of(Fault fault, const Energy& exact = {}) {
  const auto stream = [](Purpose purpose) { return Stream(6, purpose, "", 0, 1); };
  HamiltonianChain chain(stiff(fault), {},
                         {stream(Purpose::momentum), stream(Purpose::acceptance), stream(Purpose::step_jitter)},
                         Vector::Constant(5, 0.3), exact);
  for (int k = 0; k < 500; ++k) chain.step(Phase::burn_in);
  Vector series(128000);
  for (double& value : series) {
    chain.step(Phase::sampling);
    value = chain.position()[0] * chain.position()[0];
  }
  const double error = std::sqrt((series.array() - series.mean()).square().mean() / diagnose(series).ess);
  return {.z = (series.mean() - 1.0 / 9) / error, .acceptance = chain.acceptance()};
}

}  // namespace

TEST_CASE("planted faults: what is accepted decides the law, the gradient only how often") {
  const Found right = moments_of(Fault::none), gradient = moments_of(Fault::gradient),
              energy = moments_of(Fault::energy);
  CHECK(std::abs(right.z) < 4.5);
  // A wrong gradient is still a reversible proposal: the law stays, but the step must shrink for the same acceptance.
  CHECK(std::abs(gradient.z) < 4.5);
  CHECK(std::abs(energy.z) > 6);
}

TEST_CASE("an exact energy makes good for a coarse potential") {
  // Kicks of a potential whose gradient is wrong, and whose values mean nothing.
  const Potential coarse = [](const Vector& z, Vector& gradient) {
    gradient = 1.5 * (8 * z).array().round() / 8;
    return -1000.0;
  };
  const Energy exact = [](const Vector& z) { return 0.5 * (z.squaredNorm() + 8 * z[0] * z[0]); };
  CHECK(std::abs(moments_of(Fault::energy, exact).z) < 4.5);
  const auto stream = [](Purpose purpose) { return Stream(8, purpose, "", 0, 1); };
  HamiltonianChain chain(coarse, {},
                         {stream(Purpose::momentum), stream(Purpose::acceptance), stream(Purpose::step_jitter)},
                         Vector::Constant(2, 0.3), exact);
  for (int k = 0; k < 500; ++k) chain.step(Phase::burn_in);
  Vector series(100000);
  for (double& value : series) {
    chain.step(Phase::sampling);
    value = chain.position()[1] * chain.position()[1];
  }
  const auto z = [&](double expected) {
    const double spread = (series.array() - series.mean()).square().mean();
    return (series.mean() - expected) / std::sqrt(spread / diagnose(series).ess);
  };
  CHECK(std::abs(z(1)) < 4.5);
  CHECK(std::abs(z(1 / 1.5)) > 6);  // the law of the kicks
}
