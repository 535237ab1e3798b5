#include "fieldscan/theory/average/random_features.hpp"

#include <cmath>

#include "catch.hpp"
#include "fieldscan/theory/average/random_feature_ridge.hpp"
#include "fieldscan/theory/list.hpp"
#include "fieldscan/theory/predict.hpp"
#include "theory/examples.hpp"
#include "theory/spectra.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::Average;
using fieldscan::testing::stream;

namespace {

double value(const Result& result, Observable observable, double coordinate = 0) {
  for (const Row& row : result.rows)
    if (row.observable == observable && row.coordinate == coordinate) return row.value;
  FAIL("no row of " << info(observable).name);
  return 0;
}

Setting setting(data::InputChoice input, data::TargetChoice target, network::ActivationChoice activation, int points,
                int width) {
  Setting s;
  s.data.input = input;
  s.data.target = target;
  s.data.noise = 0.14;
  s.data.train_size = points;
  s.data.test_size = 600;
  s.network.activation = activation;
  s.network.width = width;
  s.network.train = network::Trained::readout;
  s.network.chi = 2;
  s.ridge = 0.01;
  s.seed = 3;
  s.dynamics = dynamics::Equilibrium{};
  return s;
}

Setting rectifiers(int dim, int points, int width) {
  return setting(data::Sphere{.dim = dim}, data::Gegenbauer{.levels = {{1, 0.7}, {2, 0.3}}}, network::Relu{}, points,
                 width);
}

Setting power_law(int points, int width) {
  return setting(data::Gaussian{.dim = 300, .spectrum = data::PowerLawSpectrum{.exponent = 1.5}},
                 data::Linear{.spectrum = data::PowerLawSpectrum{.exponent = 1.8}}, network::Linear{}, points, width);
}

/// Features of a frozen hidden layer, as the network has them: √(σ_a²/N) φ(√(σ_w²/d) W x).
Matrix features(const Setting& s, const Matrix& x, const Matrix& w) {
  Matrix h = std::sqrt(1.0 / static_cast<double>(x.cols())) * x * w;
  if (std::holds_alternative<network::Relu>(s.network.activation)) h = h.cwiseMax(0);
  return h / std::sqrt(static_cast<double>(w.cols()));
}

/// Regression with frozen hidden layers on real data draws: errors of one network of the posterior, of one network of
/// gradient descent that keeps its initial output, and of the mean over hidden layers.
struct Measured {
  Average posterior, descent, mean_predictor, train, kappa_eff;
};
Measured measure(const Setting& s, int draws) {
  Measured out;
  const int points = s.data.train_size.number();
  const double chi = s.network.chi, rows = s.data.test_size.number();
  for (int r = 0; r < draws; ++r) {
    const data::Draw draw = data::make_draw(s.data, s.seed, r);
    Vector error[2];
    for (int half = 0; half < 2; ++half) {
      const auto key = static_cast<std::uint64_t>(2 * r + half);
      const Matrix w = testing::normals(stream("hidden", key), draw.train.x.cols(), s.network.width.at(0));
      const Matrix h = features(s, draw.train.x, w), test = features(s, draw.test.x, w);
      Matrix a = h * h.transpose();
      a.diagonal().array() += s.ridge;
      const Eigen::LLT<Matrix> factor(a);
      const Vector dual = factor.solve(draw.train.label);
      error[half] = test * (h.transpose() * dual) - draw.test.target;
      if (half == 1) continue;
      const Matrix cross = test * h.transpose();
      const Matrix half_solved = factor.matrixL().solve(cross.transpose());
      const double variance = (test.squaredNorm() - half_solved.squaredNorm()) / rows;
      const Vector initial = testing::normal_vector(stream("readout", key), h.cols()) / std::sqrt(chi);
      const Vector left = test * initial - cross * factor.solve(h * initial);
      out.posterior.add(error[0].squaredNorm() / rows + variance / chi);
      out.descent.add((error[0] + left).squaredNorm() / rows);
      out.train.add((s.ridge * dual).squaredNorm() / points +
                    s.ridge * (1 - s.ridge / points * factor.solve(Matrix::Identity(points, points)).trace()) / chi);
      out.kappa_eff.add(points / factor.solve(Matrix::Identity(points, points)).trace());
    }
    out.mean_predictor.add(error[0].dot(error[1]) / rows);
  }
  return out;
}

double deviation(const Average& measured, double predicted, double tolerance) {
  return (measured.mean() - predicted) / std::hypot(measured.error(), tolerance * predicted);
}

/// Five comparisons at 3.5 standard errors with the theory's own tolerance.
void compare(const Setting& s, int draws, double tolerance) {
  const Measured m = measure(s, draws);
  const Result result = predict(RandomFeatures{}, s, 0);
  Setting descent = s;
  descent.dynamics = dynamics::Flow{};
  const Result flow = predict(RandomFeatures{}, descent, 0);
  const auto check = [&](const char* name, const Average& measured, double predicted) {
    CAPTURE(name, measured.mean(), measured.error(), predicted);
    CHECK(std::abs(deviation(measured, predicted, tolerance)) < 3.5);
  };
  CAPTURE(s.data.train_size.number(), s.network.width.at(0));
  check("posterior", m.posterior, value(result, Observable::error_test));
  check("train", m.train, value(result, Observable::error_train));
  check("mean", m.mean_predictor, value(result, Observable::error_mean_predictor));
  check("kappa_eff", m.kappa_eff, value(result, Observable::kappa_eff));
  check("descent", m.descent, value(flow, Observable::error_test));
  // Control: the mean over hidden layers is not one network.
  CHECK(deviation(m.posterior, value(result, Observable::error_mean_predictor), tolerance) > 5);
}

}  // namespace

TEST_CASE("frozen linear layers on normal inputs of a power-law covariance", "[slow]") {
  compare(power_law(60, 40), 120, 0.02);
  compare(power_law(60, 150), 120, 0.02);
}

TEST_CASE("frozen rectifiers on the sphere", "[slow]") {
  compare(rectifiers(20, 160, 160), 60, 0.03);
  compare(rectifiers(20, 160, 400), 60, 0.03);
}

TEST_CASE("the tail of the spectrum is not a ridge for random features", "[slow]") {
  const Setting s = rectifiers(20, 640, 640);
  Setting plain = s;
  plain.network.chi = 1e12;  // without the posterior variance
  const Result result = predict(RandomFeatures{}, plain, 0);
  const Measured m = measure(plain, 12);
  CAPTURE(m.posterior.mean(), m.posterior.error());
  CHECK(std::abs(deviation(m.posterior, value(result, Observable::error_test), 0.05)) < 3.5);
  // Control: three levels, the others in the ridge.
  const auto full = sphere_spectrum(kernel_spec(s.network), KernelKind::nngp, network::Trained::all, 20, 640, s.ridge);
  Spectrum few = first_levels(full, 3);
  const double ridge = s.ridge + few.tail;
  few.tail = 0;
  Vector power(3);
  power << 0, 0.7, 0.3;
  const auto lumped = average_over_features(few, power, 0, 640, 640, ridge, s.data.noise * s.data.noise);
  CHECK(deviation(m.posterior, lumped.error_test, 0.05) > 3.5);
}

TEST_CASE("random features say where they do not hold") {
  Setting s = rectifiers(20, 100, 50);
  CHECK(predict(RandomFeatures{}, s, 0).rows.at(0).flag == Flag::none);
  s = rectifiers(6, 100, 50);
  CHECK(predict(RandomFeatures{}, s, 0).rows.at(0).flag == Flag::outside_validity);
  s.network.depth = 2;
  CHECK_FALSE(applicability(RandomFeatures{}, s).applies);
  s.network.depth = 1;
  s.network.train = network::Trained::all;
  CHECK(applicability(RandomFeatures{}, s).because.find("readout") != std::string::npos);
  // At the peak without a ridge: no numbers for the errors, and the reason.
  s = power_law(60, 60);
  s.ridge = 0;
  const Result peak = predict(RandomFeatures{}, s, 0);
  CHECK(peak.outcome == Outcome::done);
  CHECK(peak.reason.find("infinite") != std::string::npos);
  for (const Row& row : peak.rows) {
    CHECK(std::isfinite(row.value));
    CHECK(row.observable != Observable::error_test);
    CHECK(row.flag == Flag::outside_validity);
  }
}

TEST_CASE("infinitely many random features have the learning curve of the kernel") {
  Setting s = rectifiers(20, 100, 1 << 30);
  const Result wide = predict(RandomFeatures{}, s, 0);
  const Result curve = predict(LearningCurve{}, s, 0);
  for (auto o : {Observable::error_test, Observable::error_mean_predictor, Observable::error_train,
                 Observable::kappa_eff, Observable::variance_posterior})
    CHECK(value(wide, o) == Approx(value(curve, o)).epsilon(1e-5));
  CHECK(value(wide, Observable::learnability, 2) == Approx(value(curve, Observable::learnability, 2)).epsilon(1e-5));
}

namespace fieldscan::theory::laws {

template <>
std::vector<Example> examples<RandomFeatures>() {
  const auto frozen = [](Setting& s) { s.network.train = network::Trained::readout; };
  return {{RandomFeatures{}, with(sampler(), frozen)}, {RandomFeatures{}, with(descent(), frozen)}};
}

template <>
std::vector<Counterexample> counterexamples<RandomFeatures>() {
  const auto frozen = [](Setting& s) { s.network.train = network::Trained::readout; };
  const auto deep = [](Setting& s) { s.network.depth = 2; };
  return {{RandomFeatures{}, sampler(), "train: readout"},
          {RandomFeatures{}, with(with(sampler(), frozen), deep), "deeper network"},
          {RandomFeatures{}, with(unlike(), frozen), "the trainer is"},
          {RandomFeatures{}, with(online(sampler()), frozen), "number of training points"}};
}

}  // namespace fieldscan::theory::laws
