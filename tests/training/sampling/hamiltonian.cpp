#include "../../../src/training/sampling/hamiltonian.hpp"

#include "../support.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/statistics.hpp"
#include "near.hpp"

using namespace fieldscan;
using namespace fieldscan::training;

namespace {

HamiltonianStreams streams(std::uint64_t chain) {
  return {.momentum = Stream(5, Purpose::momentum, "", 0, chain),
          .acceptance = Stream(5, Purpose::acceptance, "", 0, chain),
          .jitter = Stream(5, Purpose::step_jitter, "", 0, chain)};
}

/// One coordinate of a chain, [samples].
Vector run(const Potential& potential, const HamiltonianSettings& settings, Index dimension, Index coordinate,
           int samples, int thin, double* acceptance = nullptr) {
  HamiltonianChain chain(potential, settings, streams(1), Vector::Constant(dimension, 0.5));
  for (int k = 0; k < 500 * thin; ++k) chain.step(Phase::burn_in);
  Vector out(samples);
  for (int k = 0; k < samples; ++k) {
    for (int part = 0; part < thin; ++part) chain.step(Phase::sampling);
    out[k] = chain.position()[coordinate];
  }
  if (acceptance) *acceptance = chain.acceptance();
  return out;
}

/// (mean − expected)/standard error of a series.
double z_score(const Vector& series, double expected) {
  const double spread = (series.array() - series.mean()).square().mean();
  return (series.mean() - expected) / std::sqrt(spread / diagnose(series).ess);
}

/// Stiffnesses 1, 4, 9, 16, …
double stiff_gaussian(const Vector& z, Vector& gradient) {
  gradient = z;
  for (Index k = 0; k < z.size(); ++k) gradient[k] *= static_cast<double>((k + 1) * (k + 1));
  return 0.5 * z.dot(gradient);
}

/// U = z⁴: ⟨z²⟩ = Γ(3/4)/Γ(1/4).
double quartic(const Vector& z, Vector& gradient) {
  gradient = 4 * z.array().cube();
  return z.array().pow(4).sum();
}

}  // namespace

TEST_CASE("Hamiltonian chains have the moments of their density") {
  struct Variant {
    HamiltonianSettings settings;
    int thin;
  };
  const std::vector<Variant> variants{
      {{.most_leapfrog = 10}, 1},
      {{.drift = Drift::rotation, .most_leapfrog = 10}, 1},
      {{.most_leapfrog = 1, .jitter = 0, .target_acceptance = 0.574}, 10},
  };
  for (const auto& [settings, thin] : variants) {
    double acceptance = 0;
    for (const Index coordinate : {0, 3}) {
      const Vector series = run(stiff_gaussian, settings, 4, coordinate, 4000, thin, &acceptance);
      const double variance = 1.0 / static_cast<double>((coordinate + 1) * (coordinate + 1));
      CHECK(std::abs(z_score(series, 0)) < 4);
      CHECK(std::abs(z_score(series.array().square(), variance)) < 4);
      CHECK(std::abs(z_score(series.array().square(), 1.25 * variance)) > 4);
    }
    CHECK(acceptance == Approx(settings.target_acceptance).margin(0.1));
    const Vector series = run(quartic, settings, 2, 1, 4000, thin);
    const double square = std::tgamma(0.75) / std::tgamma(0.25);
    CHECK(std::abs(z_score(series.array().square(), square)) < 4);
    CHECK(std::abs(z_score(series.array().square(), 1.2 * square)) > 4);
  }
}

TEST_CASE("the rotation solves the normal prior exactly, at any step and in any dimension") {
  const auto normal = [](double stiffness) -> Potential {
    return [stiffness](const Vector& z, Vector& gradient) {
      gradient = stiffness * z;
      return 0.5 * stiffness * z.squaredNorm();
    };
  };
  const HamiltonianSettings rotation{.drift = Drift::rotation};
  double exact = 0, close = 0, leapfrog = 0;
  run(normal(1), rotation, 400, 0, 50, 1, &exact);
  run(normal(1.001), rotation, 400, 0, 50, 1, &close);
  run(normal(1.001), {}, 400, 0, 50, 1, &leapfrog);
  CHECK(std::abs(exact - 1) < 1e-10);
  CHECK(close > 0.97);     // the kicks see 0.001 z alone
  CHECK(leapfrog < 0.93);  // adapted to 0.8: there the step shrinks with the dimension
}

TEST_CASE("the step is adapted in the burn-in only") {
  HamiltonianChain chain(stiff_gaussian, {.target_acceptance = 0.99}, streams(2), Vector::Ones(3));
  const double first = chain.step_size();
  for (int k = 0; k < 50; ++k) chain.step(Phase::burn_in);
  chain.step(Phase::sampling);
  const double adapted = chain.step_size();
  CHECK(adapted != first);
  for (int k = 0; k < 50; ++k) chain.step(Phase::sampling);
  CHECK(chain.step_size() == adapted);
}

TEST_CASE("a chain goes on from its state with the same bits, and evaluates nothing for that") {
  int evaluated = 0;
  const Potential potential = [&](const Vector& z, Vector& gradient) {
    ++evaluated;
    return quartic(z, gradient);
  };
  HamiltonianChain chain(potential, {}, streams(5), Vector::Ones(3));
  const auto both_go_on = [&](Phase phase) {
    FlatWriter out;
    chain.put(out);
    const Bytes bytes = out.take();
    FlatReader in(bytes);
    const int before = evaluated;
    HamiltonianChain second(potential, {}, streams(5), 3, in);
    CHECK(evaluated == before);
    for (int k = 0; k < 5; ++k) {
      chain.step(phase);
      second.step(phase);
    }
    CHECK(near::equal(second.position(), chain.position()));
    CHECK(second.step_size() == chain.step_size());
    CHECK(second.acceptance() == chain.acceptance());
    CHECK(second.gradients() == chain.gradients());
    CHECK(second.trajectories() == chain.trajectories());
  };
  for (const Phase phase : {Phase::burn_in, Phase::burn_in, Phase::sampling, Phase::sampling}) both_go_on(phase);
  CHECK(chain.trajectories() == 20);
  FlatWriter out;
  chain.put(out);
  const Bytes bytes = out.take();
  FlatReader in(bytes);
  CHECK_THROWS_AS(HamiltonianChain(potential, {}, streams(5), 4, in), MalformedMessage);
}

TEST_CASE("a start without density is a numerical error; an empty chain stays where it is") {
  const Potential nowhere = [](const Vector&, Vector&) { return std::numeric_limits<double>::infinity(); };
  CHECK_THROWS_AS(HamiltonianChain(nowhere, {}, streams(3), Vector::Ones(1)), NumericalError);
  const Potential flat = [](const Vector&, Vector&) { return 0.0; };
  HamiltonianChain empty(flat, {}, streams(3), Vector(0));
  empty.step(Phase::burn_in);
  empty.step(Phase::sampling);
  CHECK(empty.acceptance() == 1);
}

TEST_CASE("the two-stage integrator samples the same law, with an even number of gradients") {
  const HamiltonianSettings two{.integrator = Integrator::two_stage, .most_leapfrog = 9};
  double acceptance = 0;
  for (const Index coordinate : {0, 3}) {
    const Vector series = run(stiff_gaussian, two, 4, coordinate, 4000, 1, &acceptance);
    const double variance = 1.0 / static_cast<double>((coordinate + 1) * (coordinate + 1));
    CHECK(std::abs(z_score(series, 0)) < 4);
    CHECK(std::abs(z_score(series.array().square(), variance)) < 4);
    CHECK(std::abs(z_score(series.array().square(), 1.25 * variance)) > 4);
  }
  HamiltonianChain chain(stiff_gaussian, two, streams(4), Vector::Ones(4));
  for (int k = 0; k < 20; ++k) {
    const auto before = chain.gradients();
    chain.step(Phase::burn_in);
    CHECK((chain.gradients() - before) % 2 == 0);
  }
}
