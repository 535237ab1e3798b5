#include "fieldscan/theory/trajectory/relaxation.hpp"

#include <cmath>

#include "catch.hpp"
#include "fieldscan/theory/descent/flow.hpp"
#include "fieldscan/theory/regression/gp.hpp"
#include "near.hpp"
#include "theory/random.hpp"
#include "theory/setup.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::stream;

namespace relaxation_tests {

namespace {

/// All pairs of times at once, from the recursion written down per pair: the slow reference.
struct AllPairs {
  const KernelSpec& spec;
  network::Trained train;
  double step, ridge;

  double variance(int n) const {
    const double q2 = std::pow(1 - step, 2 * n);
    return q2 + 2 * step * (1 - q2) / (1 - (1 - step) * (1 - step));
  }
  /// K and D of (x, a) and (x', b), a ≥ b.
  std::pair<double, double> at(const Vector& x, int a, const Vector& other, int b) const {
    const auto dim = static_cast<double>(x.size());
    double vaa = x.squaredNorm() / dim, vbb = other.squaredNorm() / dim, q = x.dot(other) / dim, d = 0;
    double slope = 1;
    for (int l = 0; l <= spec.depth; ++l) {
      const bool readout = l == spec.depth;
      const bool moves = train == network::Trained::all || (train == network::Trained::readout) == readout;
      const double weight = readout ? spec.readout_variance : spec.weight_variance.at(l);
      const double bias = readout ? 0 : spec.bias_variance.at(l);
      const double m = moves ? variance(b) * std::pow(1 - step, a - b) : 1;
      const double k = moves && a > b ? step / ridge * std::pow(1 - step, a - b - 1) : 0;
      d = k * (weight * q + bias) + m * weight * slope * d;
      q = m * (weight * q + bias);
      vaa = (moves ? variance(a) : 1) * (weight * vaa + bias);
      vbb = (moves ? variance(b) : 1) * (weight * vbb + bias);
      if (readout) break;
      const auto average = network::average(spec.activation, vaa, vbb, q);
      vaa = network::average_equal(spec.activation, vaa).value;
      vbb = network::average_equal(spec.activation, vbb).value;
      q = average.value;
      slope = average.derivative;
    }
    return {q, d};
  }
  struct Whole {
    Matrix inverse, noise, response;
  };
  Whole whole(const Matrix& x, const Matrix& test, int steps) const {
    const Index points = x.rows(), all = points + test.rows(), size = (steps + 1) * all;
    Matrix both(all, x.cols());
    both << x, test;
    Matrix noise(size, size), response = Matrix::Zero(size, size);
    for (int a = 0; a <= steps; ++a)
      for (int b = 0; b <= a; ++b)
        for (Index i = 0; i < all; ++i)
          for (Index j = 0; j < all; ++j) {
            const auto [k, d] = at(both.row(i), a, both.row(j), b);
            noise(a * all + i, b * all + j) = noise(b * all + j, a * all + i) = k;
            if (b < a && j < points) response(a * all + i, b * all + j) = d;
          }
    return {(Matrix::Identity(size, size) + response).inverse(), noise, response};
  }
  /// Covariance of f at two steps, and the answer of the later one to labels shifted from the earlier one on.
  RelaxationPair pair(const Matrix& x, int later, int earlier) const {
    const auto [inverse, noise, response] = whole(x, Matrix(0, x.cols()), later);
    const Index points = x.rows();
    const Matrix covariance = inverse * noise * inverse.transpose(), answers = inverse * response;
    RelaxationPair out{covariance.block(later * points, earlier * points, points, points).trace(), 0};
    for (int b = earlier; b <= later; ++b)
      out.response += answers.block(later * points, b * points, points, points).trace();
    out.covariance /= static_cast<double>(points);
    out.response /= static_cast<double>(points);
    return out;
  }
  RelaxationState solve(const Matrix& x, const Vector& y, const Matrix& test, int steps) const {
    const auto [inverse, noise, response] = whole(x, test, steps);
    const Index points = x.rows(), all = points + test.rows();
    Vector labels = Vector::Zero(inverse.rows());
    for (int a = 0; a <= steps; ++a) labels.segment(a * all, points) = y;
    const Vector mean = inverse * (response * labels);
    const Vector variance = (inverse * noise * inverse.transpose()).diagonal();
    return {mean.segment(steps * all, points), variance.segment(steps * all, points), mean.tail(test.rows()),
            variance.tail(test.rows())};
  }
};

double distance(const RelaxationState& a, const RelaxationState& b) {
  return std::max({near::largest_difference(a.mean_train, b.mean_train), near::largest_difference(a.mean, b.mean),
                   near::largest_difference(a.variance_train, b.variance_train),
                   near::largest_difference(a.variance, b.variance)});
}

struct Small {
  Matrix x = testing::normals(stream("relaxation x"), 4, 3), test = testing::normals(stream("relaxation test"), 3, 3);
  Vector y = testing::normal_vector(stream("relaxation y"), 4);
};

}  // namespace

TEST_CASE("Langevin dynamics in time agrees with the reference numbers: means and covariances") {
  for (const auto& entry : reference::entries("ndk_langevin")) {
    const std::string word = entry.words.at("activation");
    const KernelSpec spec{.depth = static_cast<int>(entry.number("L")),
                          .activation = word == "erf" ? network::ActivationChoice(network::Erf{.scale = std::sqrt(0.5)})
                                                      : reference::activation(word)};
    const Matrix x = reference::matrix(entry.in.at("X"), 3);
    const double temperature = entry.number("T");
    const Relaxation relaxation(spec, network::Trained::all, {temperature * entry.number("dt"), temperature}, x, 30);
    int compared = 0;
    for (const int step : {0, 1, 2, 5, 10, 20, 30}) {
      CAPTURE(entry.name, step);
      const RelaxationState state = relaxation.at(step, reference::vector(entry.in.at("y")), Matrix(0, 3));
      if (const auto mean = entry.out.find("mean_" + std::to_string(step)); mean != entry.out.end())
        compared += near::largest_difference(state.mean_train, reference::vector(mean->second)) <= entry.tolerance;
      if (const auto cov = entry.out.find("cov_" + std::to_string(step)); cov != entry.out.end()) {
        const Vector variance = reference::matrix(cov->second, 3).diagonal();
        compared += near::largest_difference(state.variance_train, variance) <= entry.tolerance;
      }
    }
    CHECK(compared == static_cast<int>(entry.out.size()));
  }
}

TEST_CASE("sums over all pairs of times: layers, biases, variances, frozen layers, test points") {
  const Small s;
  const KernelSpec one{
      .depth = 1, .activation = network::Relu{}, .weight_variance = 1.5, .bias_variance = 0.3, .readout_variance = 0.8};
  const KernelSpec two{.depth = 2,
                       .activation = network::Erf{},
                       .weight_variance = std::vector{1.5, 0.7},
                       .bias_variance = std::vector{0.1, 0.4},
                       .readout_variance = 1.2};
  for (const KernelSpec* spec : {&one, &two})
    for (const auto train : {network::Trained::all, network::Trained::readout, network::Trained::hidden})
      for (const double step : {0.2, 0.01}) {
        const AllPairs slow{*spec, train, step, 0.7};
        const Relaxation fast(*spec, train, {step, 0.7}, s.x, 12);
        CAPTURE(spec->depth, step);
        for (const int n : {0, 1, 7, 12})
          CHECK(distance(fast.at(n, s.y, s.test), slow.solve(s.x, s.y, s.test, n)) < 1e-10);
        const RelaxationState earlier = fast.at(5, s.y, s.test);
        for (const int n : {5, 12}) {
          const RelaxationPair pair = between(fast.at(n, s.y, s.test), earlier), expected = slow.pair(s.x, n, 5);
          CHECK(std::abs(pair.covariance - expected.covariance) < 1e-10);
          CHECK(std::abs(pair.response - expected.response) < 1e-10);
        }
      }
}

TEST_CASE("early it is descent with the tangent kernel, late the posterior of the other kernel") {
  const Small s;
  const KernelSpec spec{.depth = 2, .activation = network::Erf{}, .weight_variance = 2};
  const Kernels train = kernels(spec, s.x), cross = kernels(spec, s.x, s.test);
  const Vector diagonal = kernel_diagonal(spec, s.test).nngp;
  const FlowKernels k{train.tangent, train.nngp, cross.tangent, cross.nngp, diagonal};
  // A temperature of 10⁻⁵: after 60 steps of 0.1 the weights' own noise is 10⁻⁴ of them.
  const double cold = 1e-5, dt = 0.1;
  Descent descent(Flow(k, s.y, 0).eigenvalues(), 0, dt, 0);
  const FlowState flow = Flow(k, s.y, 0).through(descent.go_to(60));
  const RelaxationState early = Relaxation(spec, network::Trained::all, {cold * dt, cold}, s.x, 60).at(60, s.y, s.test);
  CHECK(near::largest_difference(early.mean, flow.mean) < 1e-3);
  CHECK(near::largest_difference(early.variance, flow.variance) < 1e-3);
  CHECK(near::largest_difference(early.mean_train, s.y - flow.residual) < 1e-3);

  const double ridge = 0.3;
  const Regression end = regression(train.nngp, ridge, s.y, cross.nngp, diagonal);
  const auto late = [&](double step) {
    const auto steps = static_cast<Index>(12 / step);
    const RelaxationState state =
        Relaxation(spec, network::Trained::all, {step, ridge}, s.x, steps).at(steps, s.y, s.test);
    return std::max(near::largest_difference(state.mean, end.mean),
                    near::largest_difference(state.variance, end.variance));
  };
  const double bias = late(0.01), half = late(0.005);
  CHECK(bias < 0.01);
  CHECK(half < 0.6 * bias);  // what is left is the step's
  const Vector other = kernel_diagonal(spec, s.test).tangent;
  CHECK(near::largest_difference(end.mean, regression(train.tangent, ridge, s.y, cross.tangent, other).mean) > 0.05);
}

TEST_CASE("at equilibrium the response is the slope of the correlation") {
  const Small s;
  const KernelSpec spec{.depth = 2, .activation = network::Relu{}, .bias_variance = 0.2};
  const auto worst = [&](double step, double ridge_said) {
    const LangevinClock clock{step, 0.4};
    const Index lags = static_cast<Index>(1 / step);
    const Vector still = Vector::Constant(lags, clock.variance_end());
    const DynamicKernels k = dynamic_kernels(spec, network::Trained::all, clock, {still, still}, s.x, s.test);
    double largest = 0;
    for (Index lag = 2; lag < lags; ++lag)
      largest = std::max(
          largest, near::largest_difference(ridge_said * k.response.at(lag), k.noise.at(lag - 1) - k.noise.at(lag)));
    return largest / (ridge_said * k.response.data.cwiseAbs().maxCoeff());
  };
  CHECK(worst(0.01, 0.4) < 0.05);
  CHECK(worst(0.001, 0.4) < 0.2 * worst(0.01, 0.4));
  CHECK(worst(0.001, 0.5) > 0.1);  // another temperature
}

TEST_CASE("at equilibrium outputs move as they respond, 2 κ response = displacement; on the way there they do not") {
  const Small s;
  const KernelSpec spec{.depth = 2, .activation = network::Erf{}, .weight_variance = 2};
  const double ridge = 0.6;
  const auto apart = [&](double step, double waiting, double ridge_said) {
    const auto earlier = static_cast<Index>(std::llround(waiting / step)),
               later = earlier + static_cast<Index>(std::llround(0.4 / step));
    const Relaxation relaxation(spec, network::Trained::all, {step, ridge}, s.x, later);
    const Matrix none(0, 3);
    const RelaxationState now = relaxation.at(later, s.y, none), then = relaxation.at(earlier, s.y, none);
    const RelaxationPair pair = between(now, then);
    const double moved = (now.mean_train - then.mean_train).squaredNorm() / 4 + now.variance_train.mean() +
                         then.variance_train.mean() - 2 * pair.covariance;
    return std::abs(moved / (2 * ridge_said * pair.response) - 1);
  };
  const double bias = apart(0.01, 8, ridge);
  CHECK(bias < 0.1);
  CHECK(apart(0.005, 8, ridge) < 0.6 * bias);  // what is left is the step's
  CHECK(apart(0.01, 8, 1.3 * ridge) > 0.15);
  CHECK(apart(0.01, 0, ridge) > 0.15);
}

}  // namespace relaxation_tests
