#include <cstdlib>
#include <functional>

#include "../../src/training/descent/adam_step.hpp"
#include "../../src/training/descent/descent.hpp"
#include "../../src/training/descent/loss.hpp"
#include "../../src/training/replica.hpp"
#include "../../src/training/sampling/langevin_step.hpp"
#include "../../src/training/sampling/posterior.hpp"
#include "support.hpp"

// A step of training asks for no memory: all of it is there before the first one. What is counted are calls of malloc,
// through which `new` and Eigen go too; sanitizers have a malloc of their own.
#if !defined(__SANITIZE_ADDRESS__) && defined(__GLIBC__)

namespace {
thread_local long allocations = 0;
}
extern "C" void* __libc_malloc(std::size_t size);
extern "C" void* malloc(std::size_t size) {
  ++allocations;
  return __libc_malloc(size);
}

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;

namespace {

long allocations_of(const std::function<void()>& step) {
  step();  // the first step may make what is then kept
  const long before = allocations;
  for (int k = 0; k < 3; ++k) step();
  return allocations - before;
}

/// Wide and narrow, and enough points that the buffers are no small ones.
std::vector<Case> cases() {
  std::vector<Case> out;
  for (const auto& [width, points] : {std::pair<int, Index>{16, 32}, {64, 256}, {256, 512}}) {
    out.push_back(make_case(points, 2, 20, {.depth = 2, .width = width, .bias_variance = 0.1}));
    out.back().ridge = 0.1;
  }
  return out;
}

}  // namespace

TEST_CASE("the count of allocations sees those of new and of Eigen", "[allocation]") {
  CHECK(allocations_of([] { Vector(100).setZero(); }) >= 3);
  CHECK(allocations_of([] { std::vector<double>(100).front() = 1; }) >= 3);
}

TEST_CASE("no allocation inside a step of a descent", "[allocation]") {
  for (const Case& c : cases())
    for (const Precision precision : {Precision::double_, Precision::single}) {
      Problem problem = c.problem();
      problem.precision = precision;
      const network::Network network(c.network, 20);
      Vector theta = initial_of(c), gradient(theta.size());
      const Vector start = theta;
      Loss loss(problem, network, start, c.data.train.x.rows());
      HeavyBall ball(network, 0.9, 0.1, start);
      AdamStep adam(network, Adam{.clip = 1.0});
      const std::vector<Index> rows{3, 1, 4, 15, 9, 2, 6, 5};
      CAPTURE(c.network.width.at(0), c.data.train.x.rows(), word(precision));
      CHECK(allocations_of([&] {
              loss.all(theta, gradient);
              ball.step(1e-4, gradient, theta);
            }) == 0);
      CHECK(allocations_of([&] {
              loss.rows(theta, rows, gradient);
              adam.step(3, 1e-4, gradient, theta);
            }) == 0);
    }
}

TEST_CASE("no allocation inside a step of Langevin dynamics", "[allocation]") {
  for (const Case& c : cases())
    for (const Precision precision : {Precision::double_, Precision::single}) {
      Problem problem = c.problem();
      problem.precision = precision;
      const network::Network network(c.network, 20);
      Posterior posterior(problem, network, Readout::sampled, Start::prior);
      const Stream noise = replica_stream(problem, Purpose::langevin_noise);
      Vector z = posterior.start(), slope(z.size());
      CAPTURE(c.network.width.at(0), c.data.train.x.rows(), word(precision));
      CHECK(allocations_of([&] {
              posterior.potential(z, slope);
              langevin_step(1e-5, slope, noise, 0, precision, z);
            }) == 0);
    }
}

TEST_CASE("no allocation inside a gradient with the readout integrated out", "[allocation]") {
  for (const Case& c : cases())
    for (const Precision precision : {Precision::double_, Precision::single}) {
      Problem problem = c.problem();
      problem.precision = precision;
      const network::Network network(c.network, 20);
      Posterior posterior(problem, network, Readout::integrated, Start::prior);
      const Vector z = posterior.start();
      Vector slope(z.size());
      posterior.energy(z);
      CAPTURE(c.network.width.at(0), c.data.train.x.rows(), word(precision));
      CHECK(allocations_of([&] {
              posterior.potential(z, slope);
              posterior.energy(z);
            }) == 0);
    }
}

#endif
