#include "fieldscan/theory/descent/sgd_fluctuations.hpp"

#include <array>
#include <cmath>

#include "catch.hpp"
#include "fieldscan/theory/descent/batch_moments.hpp"
#include "near.hpp"
#include "theory/examples.hpp"
#include "theory/random.hpp"

namespace fieldscan::theory::laws {

namespace {

Setting in_batches(const Dynamics& dynamics) {
  Setting s = small(dynamics);
  s.ridge = 0;
  return s;
}
dynamics::Batches replaced() { return {.rate = 0.02, .batch = 4, .sampling = dynamics::Sampling::with_replacement}; }

}  // namespace

template <>
std::vector<Example> examples<SgdFluctuations>() {
  return {{SgdFluctuations{}, in_batches(replaced())},
          {SgdFluctuations{.learning_rate = 0.03, .batch = 2}, in_batches(dynamics::Alone{})}};
}

template <>
std::vector<Counterexample> counterexamples<SgdFluctuations>() {
  const auto batches = [](auto change) {
    dynamics::Batches one = replaced();
    change(one);
    return in_batches(one);
  };
  const auto changed = [](auto change) { return with(in_batches(replaced()), change); };
  return {{SgdFluctuations{}, batches([](auto& b) { b.sampling = dynamics::Sampling::permutation; }), "replacement"},
          {SgdFluctuations{}, batches([](auto& b) { b.momentum = 0.1; }), "momentum"},
          {SgdFluctuations{}, in_batches(dynamics::Descent{.rate = 0.1}), "describes batches"},
          {SgdFluctuations{}, in_batches(dynamics::Alone{}), "given its learning_rate"},
          {SgdFluctuations{.batch = 3}, in_batches(replaced()), "training: none"},
          {SgdFluctuations{}, changed([](Setting& s) { s.ridge = 0.1; }), "ridge: 0"},
          {SgdFluctuations{}, changed([](Setting& s) { s.network.parameterisation = network::Parameterisation::mup; }),
           "ntk parameterisation"},
          {SgdFluctuations{}, changed([](Setting& s) { s.asked.times = {equilibrium}; }), "end of all times"}};
}

TEST_CASE("batches at a rate that the whole set would stand end in an outcome") {
  dynamics::Batches one = replaced();
  one.rate = 0.15, one.batch = 1;
  Setting s = in_batches(one);
  s.asked.times = {0, 3, 300};
  const Result result = predict(AnyTheory(SgdFluctuations{}), s, 0);
  CHECK(result.outcome == Outcome::diverged);
  CHECK(result.reason.find("batches of 1") != std::string::npos);
}

TEST_CASE("second moments below zero are zero where they are rounding, and divergence where that has grown") {
  // Two points in batches of two: at half the rate training ends at rounding, at the whole one it grows out of it, and
  // the test error is below zero while the training error is none yet; how soon is a matter of rounding.
  Setting s = in_batches(dynamics::Alone{});
  s.data.train_size = 2;
  const auto at = [&](double rate, double steps) {
    s.asked.times = {rate * steps / s.network.chi};
    return predict(AnyTheory(SgdFluctuations{.learning_rate = rate, .batch = 2}), s, 0);
  };
  for (int steps = 80; steps <= 120; ++steps) {
    CAPTURE(steps);
    const Result ended = at(0.5 * s.network.chi, steps), grown = at(s.network.chi, steps);
    CHECK(ended.outcome == Outcome::done);
    for (const Row& row : ended.rows) CHECK(row.value >= 0);
    CHECK((steps < 110 || grown.outcome == Outcome::diverged));
    for (const Row& row : grown.rows) CHECK(row.value >= 0);
  }
}

}  // namespace fieldscan::theory::laws

namespace fieldscan::theory::batch_tests {

namespace {

/// Θ, and Θ and K to two test points: no kernels of a network, which the moments do not ask for.
FlowKernels some_kernels() {
  FlowKernels k;
  k.tangent.resize(3, 3);
  k.tangent << 0.4064821452122379, -0.002708987605717054, -0.15839921232382284,  //
      -0.002708987605717054, 0.5560518389643905, -0.09803881877101495,           //
      -0.15839921232382284, -0.09803881877101495, 0.5506871821111252;
  k.nngp = 0.5 * k.tangent;
  k.tangent_cross = 0.3 * testing::normals(testing::stream("cross"), 3, 2);
  k.nngp_cross = 0.1 * k.tangent_cross;
  k.nngp_diagonal = Vector::Constant(2, 0.5);
  return k;
}

}  // namespace

// From an independent computation of the same Θ: y = (1, −½, ¼), η = 0.5, B = 2, M₀ = y yᵀ, compared there with 4·10⁵
// simulated runs.
TEST_CASE("second moments of batches agree with the reference numbers") {
  const FlowKernels kernels = some_kernels();
  Vector y(3);
  y << 1, -0.5, 0.25;
  BatchMoments moments(kernels, y, Vector::Zero(2), 0, 0.5, 2);
  const struct {
    int step;
    std::array<double, 6> lower;  // of M by columns
  } rows[] = {
      {1,
       {0.7112621025209035, -0.26955895887922376, 0.164962231768257, 0.13823940679051847, -0.0870661201356768,
        0.07294458255015183}},
      {5,
       {0.18127272594873547, -0.019853655907333703, 0.04572494160919173, 0.011358540427178598, -0.010166361327351645,
        0.03854295998759777}},
      {15,
       {0.00708840665675955, 0.0006849135422006372, 0.002479378882050463, 0.00023997175942769408, 0.0004039202547625745,
        0.00301223327174185}},
  };
  for (const auto& [step, lower] : rows) {
    moments.go_to(step);
    const Matrix& m = moments.square_train();
    std::size_t next = 0;
    for (Index j = 0; j < 3; ++j)
      for (Index i = j; i < 3; ++i) CHECK(m(i, j) == Approx(lower[next++]).epsilon(1e-11));
    CHECK(near::distance(m, m.transpose()) < 1e-15);
  }
}

TEST_CASE("the moments are those of all batches, one by one") {
  // 3 points, B = 2, three steps: 9³ equally likely sequences; initial outputs ±√3 along each eigenvector of K.
  const FlowKernels kernels = some_kernels();
  Matrix all(5, 3);  // Θ(all, X)
  all << kernels.tangent, kernels.tangent_cross.transpose();
  Vector y(3), g(2);
  y << 1, -0.5, 0.25;
  g << 0.3, -0.8;
  Vector start(5);
  start << -y, -g;
  Vector mean = Vector::Zero(5);
  Matrix square = Matrix::Zero(5, 5);
  for (int sequence = 0; sequence < 729; ++sequence) {
    Vector r = start;
    int code = sequence;
    for (int step = 0; step < 3; ++step) {
      Vector push = Vector::Zero(3);
      for (int b = 0; b < 2; ++b, code /= 3) push[code % 3] += 3.0 / 2 * r[code % 3];
      r -= 0.5 * all * push;
    }
    mean += r / 729;
    square += r * r.transpose() / 729;
  }
  BatchMoments moments(kernels, y, g, 0, 0.5, 2);
  moments.go_to(3);
  CHECK(near::distance(moments.mean_train(), mean.head(3)) < 1e-14);
  CHECK(near::distance(moments.mean_test(), mean.tail(2)) < 1e-14);
  CHECK(near::distance(moments.square_train(), square.topLeftCorner(3, 3)) < 1e-14);
  CHECK(near::distance(moments.square_test(), square.diagonal().tail(2)) < 1e-14);
  // Controls: the whole set's second moment, and larger batches.
  BatchMoments whole(kernels, y, g, 0, 0.5, 1e12), other(kernels, y, g, 0, 0.5, 3);
  whole.go_to(3), other.go_to(3);
  CHECK(near::distance(whole.square_test(), mean.tail(2).cwiseAbs2()) < 1e-10);
  CHECK(near::distance(other.square_test(), square.diagonal().tail(2)) > 1e-3);
}

}  // namespace fieldscan::theory::batch_tests
