#include "../../src/training/replica.hpp"
#include "../../src/training/sampling/langevin_step.hpp"
#include "../../src/training/sampling/posterior.hpp"
#include "exact_posterior.hpp"
#include "near.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;

namespace {

Case small_case() {
  Case c = make_case(12, 9, 3, {.depth = 2, .width = 20, .chi = 2});
  c.ridge = 0.2;
  return c;
}

/// The predictor of one replica in a precision.
Vector predictor_in(Precision precision, const TrainerChoice& trainer, Case c = small_case()) {
  Problem problem = c.problem();
  problem.precision = precision;
  const Result result = train(problem, trainer, plan_of({Observable::predictor}));
  REQUIRE((result.outcome == Outcome::done || result.outcome == Outcome::not_equilibrated));  // short chains
  return predictor_of(result);
}

double relative_difference(const TrainerChoice& trainer, const Case& c = small_case()) {
  const Vector one = predictor_in(Precision::double_, trainer, c), other = predictor_in(Precision::single, trainer, c);
  return (one - other).norm() / one.norm();
}

}  // namespace

TEST_CASE("descents in single precision follow those in double", "[single]") {
  // Contracting dynamics: the roundings of the steps, 1e-7 each, do not add up.
  const std::vector<TrainerChoice> trainers{
      GradientDescent{.learning_rate = 0.05, .momentum = 0.5, .steps = 400}, GradientDescent{.time = 20},
      Sgd{.learning_rate = 0.02, .batch = 5, .steps = 400}, Adam{.learning_rate = 1e-3, .batch = 4, .steps = 300}};
  for (const TrainerChoice& trainer : trainers) {
    CAPTURE(trainer.index());
    const double difference = relative_difference(trainer);
    CHECK(difference <= 2e-5);
    CHECK(difference > 0);  // the passes are in single precision
  }
}

TEST_CASE("in single precision the output at the start is subtracted as in double", "[single]") {
  Case c = small_case();
  c.network.centred = true;
  CHECK(relative_difference(GradientDescent{.learning_rate = 0.05, .steps = 100}, c) <= 2e-5);
}

TEST_CASE("an update below the last place of single precision is not lost", "[single]") {
  // 20000 steps that each move a parameter by about 1e-9 of itself.
  Case c = small_case();
  const GradientDescent slow{.learning_rate = 1e-9, .steps = 20000};
  const Vector start = predictor_in(Precision::double_, GradientDescent{.learning_rate = 1e-30, .steps = 1}, c);
  const Vector moved = predictor_in(Precision::double_, slow, c) - start;
  const Vector single = predictor_in(Precision::single, slow, c) - start;
  REQUIRE(moved.norm() > 0);
  CHECK(near::distance(single, moved) <= 1e-4 * moved.norm());
}

TEST_CASE("Langevin dynamics in single precision follows that in double with the same noise", "[single]") {
  const Case c = small_case();
  Problem in_double = c.problem(), in_single = in_double;
  in_single.precision = Precision::single;
  const network::Network network(c.network, 3);
  Posterior one(in_double, network, Readout::sampled, Start::prior),
      other(in_single, network, Readout::sampled, Start::prior);
  const Stream noise = replica_stream(in_double, Purpose::langevin_noise);
  Vector z = one.start(), w = z, slope(z.size());
  for (std::uint64_t k = 0; k < 40; ++k) {
    const auto first = k * static_cast<std::uint64_t>(z.size());
    one.potential(z, slope);
    langevin_step(1e-3, slope, noise, first, Precision::single, z);
    other.potential(w, slope);
    langevin_step(1e-3, slope, noise, first, Precision::single, w);
  }
  CHECK(near::distance(w, z) <= 1e-6 * z.norm());
  CHECK(near::distance(w, z) > 0);
}

TEST_CASE("the noise of a Langevin step is that of its precision, times the root of twice the step", "[single]") {
  const Stream noise = replica_stream(small_case().problem(), Purpose::langevin_noise);
  const Vector slope = Vector::Constant(1300, 2.0);
  Vector z = Vector::Ones(1300), w = z;
  langevin_step(1e-4, slope, noise, 3, Precision::single, z);
  langevin_step(1e-4, slope, noise, 3, Precision::double_, w);
  std::vector<float> single(1300);
  std::vector<double> normals(1300);
  noise.normals(single, 3);
  noise.normals(normals, 3);
  const double kick = std::sqrt(2e-4);
  for (Index k = 0; k < z.size(); ++k) {
    const auto at = static_cast<std::size_t>(k);
    REQUIRE(std::abs(z[k] - (1 - 2e-4 + kick * static_cast<double>(single[at]))) <= 1e-15);
    REQUIRE(std::abs(w[k] - (1 - 2e-4 + kick * normals[at])) <= 1e-15);
  }
  CHECK(near::distance(z, w) > 0.1 * kick * std::sqrt(1300));  // other numbers, not rounded ones
}

TEST_CASE("the posterior in single precision has the gradient of that in double, and its energy in double",
          "[single]") {
  for (const int depth : {1, 2})
    for (const int width : {6, 12, 30})  // 12 points: both forms of the integral
      for (const Readout readout : {Readout::integrated, Readout::sampled}) {
        Case c = make_case(12, 9, 3, {.depth = depth, .width = width, .activation = network::Erf{}, .chi = 5});
        c.ridge = 0.1;
        Problem in_double = c.problem(), in_single = in_double;
        in_single.precision = Precision::single;
        const network::Network network(c.network, 3);
        Posterior one(in_double, network, readout, Start::prior), other(in_single, network, readout, Start::prior);
        const Vector z = one.start();
        Vector gradient(z.size()), single(z.size());
        const double potential = one.potential(z, gradient);
        CAPTURE(depth, width, word(readout));
        CHECK(other.potential(z, single) == Approx(potential).epsilon(1e-4));
        CHECK(near::distance(single, gradient) <= 1e-4 * gradient.norm());
        CHECK(near::distance(single, gradient) > 0);
        CHECK(other.energy(z) == Approx(potential).epsilon(1e-12));
        CHECK(one.energy(z) == Approx(potential).epsilon(1e-12));
        // What is looked at is the network in double precision, whatever was computed in between.
        const Vector elsewhere = 0.9 * z;
        one.look_at(elsewhere);
        const Vector start = one.output(c.data.test.x).mean;
        other.potential(elsewhere, single);
        other.look_at(elsewhere);
        CHECK(near::distance(other.output(c.data.test.x).mean, start) <= 1e-12 * start.norm());
      }
}

TEST_CASE("chains with kicks in single precision have the posterior of those in double", "[single][slow]") {
  for (const Readout readout : {Readout::integrated, Readout::sampled}) {
    Case c = make_case(8, 5, 3, {.depth = 1, .width = 5, .activation = network::Erf{}, .chi = 5});
    c.ridge = 0.1;
    const Hmc trainer{.samples = 1000, .leapfrog = 15, .readout = readout};
    const Chains one = run_chains(c, trainer, 16);
    c.precision = Precision::single;
    const Chains other = run_chains(c, trainer, 16);
    CHECK(one.predictor != other.predictor);
    // Paired, from the same start: Student's law of 15 degrees of freedom, beyond 5.5 with odds of 6·10⁻⁵ for each of
    // 14 numbers.
    const auto z = [](const Vector& a, const Vector& b) { return z_of(a - b, 0); };
    for (Index k = 0; k < one.predictor.cols(); ++k)
      CHECK(std::abs(z(one.predictor.col(k), other.predictor.col(k))) < 5.5);
    CHECK(std::abs(z(one.variance, other.variance)) < 5.5);
    CHECK(std::abs(z(one.error, other.error)) < 5.5);
  }
}

TEST_CASE("what needs double precision refuses single", "[single]") {
  const auto refused = [](const TrainerChoice& trainer) {
    return precision_problem(trainer, Precision::single).has_value();
  };
  CHECK(refused(ExactReadout{}));
  CHECK_FALSE((refused(GradientDescent{}) || refused(Sgd{}) || refused(Adam{}) || refused(Langevin{}) ||
               refused(Hmc{}) || refused(Mala{})));
  CHECK_FALSE(precision_problem(ExactReadout{}, Precision::double_));
}
