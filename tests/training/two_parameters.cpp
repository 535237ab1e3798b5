#include "exact_posterior.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;

/// Posteriors of two parameters, summed over a grid. z has Student's law with 23 degrees of freedom: beyond 5 with
/// probability 5e-5 on both tails together; some forty numbers are compared in this file.
namespace {

double error_function(double z) { return std::erf(z); }

/// One hidden unit on one input: f = σ_a a φ(σ_w w x)/√χ, summed over (w, a).
Exact exact_one_unit(const Case& c) {
  const auto& s = c.network;
  const Vector x = std::sqrt(s.weight_variance.at(0)) * c.data.train.x,
               at = std::sqrt(s.weight_variance.at(0)) * c.data.test.x;
  const double scale = std::sqrt(s.readout_variance / s.chi);
  Mixture mixture;
  constexpr double step = 0.03;
  for (int i = -200; i <= 200; ++i)
    for (int j = -200; j <= 200; ++j) {
      const double w = step * i, a = step * j;
      const Vector f = scale * a * (w * x).unaryExpr(&error_function);
      const double energy = 0.5 * s.chi / c.ridge * (f - c.data.train.label).squaredNorm();
      const Gaussian part{.mean = scale * a * (w * at).unaryExpr(&error_function),
                          .variance = Vector::Zero(at.size()),
                          .log_weight = -energy};
      mixture.add(-0.5 * (w * w + a * a) + part.log_weight, part, w * w);
    }
  return mixture.result();
}

Case one_unit() {
  Case c = make_case(3, 3, 1, {.depth = 1, .width = 1, .activation = network::Erf{}, .readout_variance = 2});
  c.ridge = 0.2;
  return c;
}

/// Two units whose likelihood changes fast near w = 0: 2% (both inputs 3: 1.5%) of the mass lie where max |w| < 0.2,
/// and steps of a whole or half a trajectory are accepted in nine of ten cases and hardly ever end there.
Case two_sharp_units(double first_input, double second_input, double first_label, double second_label) {
  Case c = make_case(2, 5, 1, {.depth = 1, .width = 2, .activation = network::Erf{}});
  c.data.train.x << first_input, second_input;
  c.data.train.label << first_label, second_label;
  c.data.test.x << -2, -1, 0.5, 1, 2;
  c.data.test.target << -0.7, -0.7, 0.7, 0.7, 0.7;
  c.ridge = 0.1;
  return c;
}

void check_against(const Case& c, const Exact& exact, const Chains& chains) {
  CHECK(largest_z(chains.predictor, exact.mean) < 5);
  CHECK(std::abs(z_of(chains.variance, exact.variance.mean())) < 5);
  CHECK(std::abs(z_of(chains.error, exact_error(c, exact))) < 5);
  CHECK(std::abs(z_of(chains.hidden, exact.hidden_square)) < 5);
}

}  // namespace

TEST_CASE("one unit, weight and readout sampled: all samplers agree with the sum over both", "[two_parameters][slow]") {
  const Case c = one_unit();
  const Exact exact = exact_one_unit(c);
  SECTION("HMC") { check_against(c, exact, run_chains(c, Hmc{.samples = 2000, .readout = Readout::sampled}, 24)); }
  SECTION("MALA") { check_against(c, exact, run_chains(c, Mala{.samples = 2000, .readout = Readout::sampled}, 24)); }
  SECTION("Langevin dynamics of a short step") {
    check_against(c, exact, run_chains(c, Langevin{.step = 2e-3, .steps = 60000, .thin = 20}, 24));
  }
  SECTION("negative control: another ridge") {
    Case other = c;
    other.ridge = 0.4;
    const Chains chains = run_chains(other, Hmc{.samples = 2000, .readout = Readout::sampled}, 24);
    CHECK(std::abs(z_of(chains.variance, exact.variance.mean())) > 6);
  }
}

TEST_CASE("two units with a narrow region: HMC and MALA reach it", "[two_parameters][slow]") {
  const Case c = two_sharp_units(3, 3, 0.8, 0.7), other = two_sharp_units(4, 3, 0.7, 0.6);
  const Exact exact = exact_two_units(c, error_function, 0.05);
  SECTION("HMC") { check_against(c, exact, run_chains(c, Hmc{.samples = 6000}, 24)); }
  SECTION("HMC, steps that are to be refused often") {
    check_against(c, exact, run_chains(c, Hmc{.samples = 6000, .target_acceptance = 0.3}, 24));
  }
  SECTION("HMC in two stages") {
    check_against(c, exact, run_chains(c, Hmc{.samples = 6000, .integrator = Integrator::two_stage}, 24));
  }
  SECTION("MALA") {
    check_against(other, exact_two_units(other, error_function, 0.05),
                  run_chains(other, Mala{.samples = 6000, .thin = 5}, 24));
  }
}
