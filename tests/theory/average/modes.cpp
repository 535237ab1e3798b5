#include "fieldscan/theory/average/modes.hpp"

#include <cmath>

#include "catch.hpp"
#include "data/fixture.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/theory/average/pool_average.hpp"
#include "fieldscan/theory/list.hpp"
#include "fieldscan/theory/predict.hpp"
#include "theory/oracles/closed_spectra.hpp"
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

/// The learning curve against the average of a theory that is given the data, in standard errors with a tolerance of
/// the curve's own.
void compare(const TheoryChoice& given_draw, const Setting& s, std::initializer_list<Observable> observables, int draws,
             double tolerance = 0.02) {
  std::map<Observable, Average> measured;
  const auto pool = data::load_pool(s.data);
  for (int r = 0; r < draws; ++r) {
    const Result result = predict(given_draw, s, r, data::make_draw(s.data, pool, s.seed, r));
    for (Observable o : observables)
      if (o != Observable::learnability) measured[o].add(value(result, o));
    for (const Row& row : result.rows)
      if (row.observable == Observable::learnability && row.coordinate == 1) measured[row.observable].add(row.value);
  }
  const Result curve = predict(LearningCurve{}, s, 0);
  Setting wrong = s;
  wrong.data.train_size = s.data.train_size.number() / 2;
  const Result half = predict(LearningCurve{}, wrong, 0);
  for (Observable o : observables) {
    const double coordinate = o == Observable::learnability ? 1 : 0;
    const auto deviation = [&](double predicted) {
      return (measured[o].mean() - predicted) / std::hypot(measured[o].error(), tolerance * predicted);
    };
    CAPTURE(info(o).name, measured[o].mean(), measured[o].error(), value(curve, o, coordinate));
    CHECK(std::abs(deviation(value(curve, o, coordinate))) < 3.5);
    // Control: half as many points.
    if (o == Observable::error_mean_predictor) CHECK(std::abs(deviation(value(half, o, coordinate))) > 5);
  }
}

Setting linear_network(const Dynamics& dynamics) {
  Setting s;
  s.data.input = data::Gaussian{.dim = 250, .spectrum = data::PowerLawSpectrum{.exponent = 1.4}};
  s.data.target = data::Linear{.norm = 1.5, .spectrum = data::PowerLawSpectrum{.exponent = 1.8}};
  s.data.noise = 0.3;
  s.data.train_size = 80;
  s.data.test_size = 800;
  s.network.activation = network::Linear{};
  s.network.depth = 2;
  s.network.weight_variance = 1.3;
  s.network.bias_variance = 0.2;
  s.network.chi = 2;
  s.ridge = 0.05;
  s.seed = 11;
  s.dynamics = dynamics;
  return s;
}

}  // namespace

TEST_CASE("normal modes are those of the kernel matrix") {
  const NormalModes modes{.dim = 40, .covariance = data::PowerLawSpectrum{.exponent = 2}};
  const KernelSpec kernel{
      .depth = 2, .activation = network::Linear{}, .weight_variance = 1.3, .bias_variance = 0.2, .readout_variance = 2};
  const Vector variance = data::spectrum_values(modes.covariance, 40);
  for (auto kind : {KernelKind::nngp, KernelKind::tangent}) {
    const ModeExpansion e = expand(modes, {.kernel = kernel, .kind = kind});
    // K(x, x′) = Σ λ_i x_i x′_i/Λ_i + λ_0 at two points.
    const Matrix x = testing::normals(stream("modes"), 2, 40) * variance.cwiseSqrt().asDiagonal();
    const Kernels direct = kernels(kernel, x);
    const Matrix& k = kind == KernelKind::nngp ? direct.nngp : direct.tangent;
    const Vector scale = e.spectrum.eigenvalue.head(40).cwiseQuotient(variance);
    const double sum = (x.row(0).array() * x.row(1).array() * scale.transpose().array()).sum();
    CHECK(sum + e.spectrum.eigenvalue[40] == Approx(k(0, 1)).epsilon(1e-12));
    CHECK(e.target.on_modes.sum() == Approx(1));
  }
}

TEST_CASE("linear networks on normal inputs of a power-law covariance", "[slow]") {
  compare(Nngp{}, linear_network(dynamics::Equilibrium{}),
          {Observable::error_mean_predictor, Observable::error_test, Observable::error_train,
           Observable::variance_posterior, Observable::learnability, Observable::kappa_eff},
          200);
  compare(NtkRegression{}, linear_network(dynamics::Flow{}),
          {Observable::error_mean_predictor, Observable::error_test, Observable::error_train}, 200);
}

TEST_CASE("classes as two outputs are the halves of one: errors of a pool are sums over outputs") {
  // One-hot labels of two classes are ∓y/2: with noise σ each of them is y/2 with noise σ, a quarter of y with 2σ.
  const Index rows = 400;
  const Matrix x = testing::sphere(stream("classes"), rows, 5);
  std::vector<double> inputs, labels;
  for (Index i = 0; i < rows; ++i) {
    for (Index j = 0; j < 5; ++j) inputs.push_back(x(i, j));
    labels.push_back(x(i, 0) + x(i, 1) * x(i, 2) > 0 ? 1 : 0);
  }
  const test::Folder folder("classes");
  folder.write("x.npy", test::npy("<f8", "400, 5", inputs));
  folder.write("y.npy", test::npy("<f8", "400,", labels));
  const auto curve = [&](data::Coding coding, double noise, Dynamics dynamics) {
    Setting s = linear_network(std::move(dynamics));
    s.data.input = data::File{.path = folder.path(), .classes = {0, 1}};
    s.data.target = data::FileLabels{.coding = coding};
    s.data.noise = noise;
    s.data.train_size = 30;
    s.network.activation = network::Erf{};
    data::resolve(s.data);
    std::map<Observable, double> out;
    for (const Row& row : predict(LearningCurve{}, s, 0).rows) out[row.observable] = row.value;
    return out;
  };
  auto two = curve(data::Coding::one_hot, 0.3, dynamics::Equilibrium{}),
       one = curve(data::Coding::number, 0.6, dynamics::Equilibrium{});
  using enum Observable;
  CHECK(two.at(error_mean_predictor) == Approx(one.at(error_mean_predictor) / 2).epsilon(1e-12));
  CHECK(two.at(variance_posterior) == Approx(2 * one.at(variance_posterior)).epsilon(1e-12));
  CHECK(two.at(error_test) == Approx(two.at(error_mean_predictor) + two.at(variance_posterior)).epsilon(1e-12));
  CHECK(two.at(kappa_eff) == one.at(kappa_eff));
  two = curve(data::Coding::one_hot, 0.3, dynamics::Flow{}), one = curve(data::Coding::number, 0.6, dynamics::Flow{});
  CHECK(two.at(error_mean_predictor) == Approx(one.at(error_mean_predictor) / 2).epsilon(1e-12));
  // What the initial outputs add does not depend on the labels, and is there twice.
  CHECK(two.at(error_test) - two.at(error_mean_predictor) ==
        Approx(2 * (one.at(error_test) - one.at(error_mean_predictor))).epsilon(1e-9));
}

TEST_CASE("the spectrum of a pool predicts learning curves of data from a file", "[slow]") {
  const Index rows = 8000, d = 10;
  const Matrix x = testing::sphere(stream("file"), rows, d);
  const Matrix w = testing::normals(stream("file target"), d, 2) / std::sqrt(static_cast<double>(d));
  std::vector<double> inputs, labels;
  for (Index i = 0; i < rows; ++i) {
    for (Index j = 0; j < d; ++j) inputs.push_back(x(i, j));
    labels.push_back(std::tanh(x.row(i).dot(w.col(0))) + 0.5 * std::sin(2 * x.row(i).dot(w.col(1))));
  }
  const test::Folder folder("modes");
  folder.write("x.npy", test::npy("<f8", "8000, 10", inputs));
  folder.write("y.npy", test::npy("<f8", "8000,", labels));
  Setting s = linear_network(dynamics::Equilibrium{});
  s.data.input = data::File{.path = folder.path(), .test_part = 0.5};
  s.data.target = data::FileLabels{};
  s.network.activation = network::Erf{};
  s.network.weight_variance = 2;
  s.data.train_size = 250;
  data::resolve(s.data);
  compare(Nngp{}, s,
          {Observable::error_mean_predictor, Observable::error_test, Observable::error_train,
           Observable::variance_posterior, Observable::kappa_eff},
          60, 0.01);
  const Result sure = predict(LearningCurve{}, s, 0);
  CHECK(sure.rows.at(0).flag == Flag::none);
  CHECK(sure.reason == "from 2048 of the file's 4000 rows: the standard errors are of their choice");
  // Another choice of rows gives another number, within its error; a control with errors a tenth as large would fail.
  std::vector<double> deviations;
  Setting other = s;
  for (const std::uint64_t seed : {101, 102}) {
    other.seed = seed;
    const Row row = predict(LearningCurve{}, other, 0).rows.at(0);
    CHECK(row.standard_error > 0);
    CHECK(row.standard_error < 0.1 * row.value);
    deviations.push_back((row.value - sure.rows.at(0).value) / (std::sqrt(2.0) * row.standard_error));
  }
  double largest = 0;
  for (const double z : deviations) largest = std::max(largest, std::abs(z));
  CAPTURE(largest);
  CHECK(largest < 4);
  CHECK(10 * largest > 4);
  Setting short_of_rows = s;
  short_of_rows.data.input = data::File{.path = folder.path(), .test_part = 0.9};
  data::resolve(short_of_rows.data);
  CHECK(predict(LearningCurve{}, short_of_rows, 0).reason.starts_with("P/M = 0.31"));
  s.data.train_size = 1000;
  CHECK(pool_of(s).points == 4096);
}

TEST_CASE("a kernel matrix predicts regression on its own points, and on those it was drawn from", "[slow]") {
  // Regression on P of M points with replacement, tested on all M; and on new points.
  const Index count = 1000, points = 100, d = 10;
  const KernelSpec kernel{.depth = 2, .activation = network::Erf{}, .weight_variance = 2, .bias_variance = 0.05};
  const Matrix x = testing::normals(stream("pool"), 3 * count, d),
               w = testing::normals(stream("pool target"), d, 2) / 3;
  const Vector g = (2 * x * w.col(0)).array().tanh() + 0.5 * (3 * x * w.col(1)).array().sin();
  const Matrix k = kernels(kernel, x).nngp;
  const EmpiricalModes empirical = empirical_modes(k.topLeftCorner(count, count));
  const Vector power = empirical_power(empirical, g.head(count));
  const Spectrum own{.eigenvalue = empirical.eigenvalue, .degeneracy = Vector::Ones(count)};
  const double ridge = 1e-3;
  const double on_pool = average_over_data(own, power, 0, points, ridge, 0).error_test;
  const DataAverage population = average_over_pool(empirical.eigenvalue, power, points, ridge, 0);
  const double on_new = population.error_test;
  Average pool, fresh;
  for (std::uint64_t r = 0; r < 200; ++r) {
    const Stream random = stream("replacement", r);
    std::vector<Index> chosen;
    for (std::uint64_t p = 0; p < 100; ++p) chosen.push_back(static_cast<Index>(random.below(count, p)));
    const Vector dual = factor(k(chosen, chosen), ridge).solve(Vector(g(chosen)));
    const Vector error = k(Eigen::all, chosen) * dual - g;
    pool.add(error.head(count).squaredNorm() / static_cast<double>(count));
    fresh.add(error.tail(2 * count).squaredNorm() / static_cast<double>(2 * count));
  }
  CAPTURE(pool.mean(), pool.error(), on_pool, fresh.mean(), fresh.error(), on_new);
  CHECK(std::abs(pool.mean() - on_pool) < 3.5 * std::hypot(pool.error(), 0.02 * on_pool));
  CHECK(std::abs(fresh.mean() - on_new) < 3.5 * std::hypot(fresh.error(), 0.02 * on_new));
  CHECK(std::abs(fresh.mean() - on_pool) > 5 * std::hypot(fresh.error(), 0.02 * on_pool));
}

namespace {

/// Descent of rectifiers with one hidden layer on a linear target in d = 25.
Setting rectifier_descent() {
  Setting s;
  s.data.input = data::Sphere{.dim = 25};
  s.data.target = data::Linear{};
  s.network.activation = network::Relu{};
  s.network.centred = true;
  s.dynamics = dynamics::Flow{};
  return s;
}

/// Its 400 first levels from closed forms, whatever P; Θ(1) = 1.
Spectrum rectifier_levels() {
  const Index levels = 400;
  Spectrum full{.eigenvalue = rectifier_levels_tangent(25, levels), .degeneracy = Vector(levels)};
  for (Index l = 0; l < levels; ++l) full.degeneracy[l] = data::harmonics_count(25, static_cast<int>(l));
  full.tail = 1 - full.eigenvalue.dot(full.degeneracy);
  return full;
}

}  // namespace

TEST_CASE("the learning curve of a rectifier's tangent kernel in d = 25, with the tail in the ridge", "[slow]") {
  Setting s = rectifier_descent();
  s.ridge = 1e-3;
  const Spectrum full = rectifier_levels();
  double last = 1, learned = 0;
  for (int step = 0; step <= 8; ++step) {
    s.data.train_size = static_cast<int>(std::pow(10.0, 0.5 * (step + 1)));  // 3 … 31622
    const Result curve = predict(LearningCurve{}, s, 0);
    const auto exact =
        average_over_data(full, Vector::Unit(full.eigenvalue.size(), 1), 0, s.data.train_size.number(), s.ridge, 0);
    const double error = value(curve, Observable::error_test), share = value(curve, Observable::learnability, 1);
    CAPTURE(s.data.train_size.number(), error, exact.error_test);
    CHECK(error == Approx(exact.error_test).epsilon(1e-4));
    CHECK(value(curve, Observable::kappa_eff) == Approx(exact.kappa_eff).epsilon(1e-4));
    CHECK(error < last);
    CHECK(share > learned);
    last = error, learned = share;
  }
  CHECK(learned > 0.99);
  CHECK(last < 1e-3);
}

TEST_CASE("with noise and no ridge the learning curve of a rectifier's tangent kernel falls and rises level by level",
          "[slow]") {
  // In d = 25 the levels 1 and 2 have 25 and 324 harmonics: the noise is fitted most where P passes a level's number,
  // and the levels beyond, whose trace is the only ridge there is, damp the peaks. 81 points of the curve, against all
  // 400 levels.
  Setting s = rectifier_descent();
  s.data.noise = 1;
  const Spectrum full = rectifier_levels();
  std::vector<double> turns, errors;  // points where the curve turns
  double last_points = 0;
  for (int step = 0; step <= 80; ++step) {
    const int points = static_cast<int>(std::pow(10.0, 0.5 + 0.05 * step));
    if (points <= last_points) continue;
    s.data.train_size = points;
    const double error = value(predict(LearningCurve{}, s, 0), Observable::error_test);
    CAPTURE(points, error);
    CHECK(error == Approx(average_over_data(full, Vector::Unit(full.eigenvalue.size(), 1), 0, points, 0, 1).error_test)
                       .epsilon(1e-4));
    const std::size_t n = errors.size();
    if (n >= 2 && (error - errors[n - 1]) * (errors[n - 1] - errors[n - 2]) < 0) turns.push_back(last_points);
    errors.push_back(error);
    last_points = points;
  }
  REQUIRE(turns.size() == 3);  // down to a valley, up to a peak, down to a valley, and up again towards level 4
  CHECK((turns[0] > 100 && turns[0] < 160));
  CHECK((turns[1] > 324 && turns[1] < 550));
  CHECK((turns[2] > 5000 && turns[2] < 15000));
  CHECK(errors.back() > 1.2 * *std::min_element(errors.begin(), errors.end()));
}
