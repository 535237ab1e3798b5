#include "fieldscan/theory/average/equivalent_kernel.hpp"

#include <cmath>

#include "catch.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/theory/average/learning_curve.hpp"
#include "theory/examples.hpp"
#include "theory/spectra.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::Average;
using fieldscan::testing::read_case;
using fieldscan::testing::stream;

namespace {

double value(const Result& result, Observable observable, double coordinate = 0) {
  for (const Row& row : result.rows)
    if (row.observable == observable && row.coordinate == coordinate) return row.value;
  FAIL("no row of " << info(observable).name);
  return 0;
}

Setting sphere(double ridge, int points) {
  Setting s;
  s.data.input = data::Sphere{.dim = 6};
  s.data.target = data::Gegenbauer{.levels = {{1, 0.6}, {2, 0.4}}};
  s.data.noise = 0.5;
  s.data.train_size = points;
  s.network.activation = network::Relu{};
  s.network.bias_variance = 0.1;
  s.ridge = ridge;
  return s;
}

}  // namespace

TEST_CASE("the equivalent kernel and its corrections agree with the reference numbers") {
  for (const auto& entry : reference::entries("ek_nlo/")) {
    const auto c = read_case(entry);
    const auto mode = static_cast<Index>(entry.number("mode"));
    const double points = entry.number("P"), ridge = entry.number("kappa");
    const auto at = [&](Correction k) { return equivalent_learnability(c.spectrum, points, ridge, k)[mode]; };
    CHECK(reference::agrees(entry, at(Correction::none), entry.out.at("EK")[0]));
    CHECK(reference::agrees(entry, at(Correction::poisson), entry.out.at("NLO_poisson")[0]));
    CHECK(reference::agrees(entry, at(Correction::fixed), entry.out.at("NLO_fixedP")[0]));
    const double exact = average_over_data(c.spectrum, c.power, 0, points, ridge, 0).learnability[mode];
    CHECK(reference::agrees(entry, exact, entry.out.at("SC")[0]));
  }
}

TEST_CASE("the mean predictor on the circle, at fixed and at fluctuating numbers of points", "[slow]") {
  // K = Σ λ_n cos n(x − x′) …: the mean predictor of cos x, measured by its overlap with cos x.
  const auto c = read_case(reference::entries("ek_nlo/circle_P100_k10_m1").at(0));
  const double ridge = 10;
  const Index modes = 17;
  Vector eigenvalue(modes);
  for (Index j = 0; j < modes; ++j) eigenvalue[j] = c.spectrum.eigenvalue[(j + 1) / 2];
  Average fixed, poisson;
  for (std::uint64_t r = 0; r < 3000; ++r) {
    const Stream random = stream("circle", r);
    // A Poisson number of mean 100 from exponential steps.
    Index count = 0;
    for (double t = -std::log1p(-random.uniform(5000)); t < 100; ++count)
      t -= std::log1p(-random.uniform(5001 + static_cast<std::uint64_t>(count)));
    for (bool fluctuates : {false, true}) {
      const Index points = fluctuates ? count : 100;
      Matrix phi(points, modes);
      for (Index p = 0; p < points; ++p) {
        const double x = 6.283185307179586 * random.uniform(static_cast<std::uint64_t>(p));
        phi(p, 0) = 1;
        for (Index n = 1; n < 9; ++n) {
          phi(p, 2 * n - 1) = std::sqrt(2) * std::cos(static_cast<double>(n) * x);
          phi(p, 2 * n) = std::sqrt(2) * std::sin(static_cast<double>(n) * x);
        }
      }
      const Matrix kernel = phi * eigenvalue.asDiagonal() * phi.transpose();
      const Vector dual = factor(kernel, ridge).solve(Vector(phi.col(1)));
      (fluctuates ? poisson : fixed).add(eigenvalue[1] * phi.col(1).dot(dual));
    }
  }
  const auto at = [&](Correction k) { return equivalent_learnability(c.spectrum, 100, ridge, k)[1]; };
  CAPTURE(fixed.mean(), fixed.error(), poisson.mean(), poisson.error());
  // The next order is c² ~ (0.07)² of a correction of 1%.
  CHECK(std::abs(fixed.mean() - at(Correction::fixed)) < 3.5 * std::hypot(fixed.error(), 4e-4));
  CHECK(std::abs(poisson.mean() - at(Correction::poisson)) < 3.5 * std::hypot(poisson.error(), 6e-4));
  CHECK(std::abs(fixed.mean() - at(Correction::none)) > 5 * fixed.error());
}

TEST_CASE("normal modes have the correction of their fourth moment", "[slow]") {
  // Three modes alone: the excess is a large part of the correction.
  const Index modes = 3, points = 100;
  const double ridge = 20;
  Vector eigenvalue(modes);
  eigenvalue << 1, 0.5, 0.2;
  const Spectrum s{.eigenvalue = eigenvalue, .degeneracy = Vector::Ones(modes)};
  Average learned;
  for (std::uint64_t r = 0; r < 40000; ++r) {
    const Matrix phi = testing::normals(stream("normal", r), points, modes);
    Matrix a = phi.transpose() * phi;
    a.diagonal() += ridge * eigenvalue.cwiseInverse();
    learned.add(a.llt().solve(Vector(phi.transpose() * phi.col(1)))[1]);
  }
  const double with = equivalent_learnability(s, points, ridge, Correction::fixed, 2)[1];
  const double without = equivalent_learnability(s, points, ridge, Correction::fixed)[1];
  CAPTURE(learned.mean(), learned.error(), with, without);
  CHECK(std::abs(learned.mean() - with) < 3.5 * std::hypot(learned.error(), 1e-4));
  CHECK(std::abs(learned.mean() - without) > 5 * std::hypot(learned.error(), 1e-4));
}

TEST_CASE("at a large ridge the equivalent kernel is the learning curve, to its order") {
  double last_none = 0, last_poisson = 0;
  for (double ridge : {30.0, 60.0, 120.0}) {
    const Setting s = sphere(ridge, static_cast<int>(20 * ridge));
    const auto at = [&](const auto& theory, Observable o) { return value(theory.predict(theory.inputs(s)), o); };
    for (auto o : {Observable::error_mean_predictor, Observable::error_test, Observable::variance_posterior}) {
      const double curve = at(LearningCurve{}, o);
      const double none = std::abs(at(EquivalentKernel{}, o) / curve - 1);
      const double poisson = std::abs(at(EquivalentKernel{.correction = Correction::poisson}, o) / curve - 1);
      CAPTURE(ridge, info(o).name, none, poisson);
      CHECK(none < 0.1);
      CHECK(poisson < 0.3 * none);
      if (o != Observable::error_mean_predictor) continue;
      if (last_none > 0) {
        CHECK(none / last_none == Approx(0.5).margin(0.1));
        CHECK(poisson / last_poisson == Approx(0.25).margin(0.1));
      }
      last_none = none, last_poisson = poisson;
    }
  }
}

TEST_CASE("the equivalent kernel is flagged where the ridge is renormalised") {
  const auto flag = [](double ridge, Correction k) {
    const EquivalentKernel theory{.correction = k};
    return theory.predict(theory.inputs(sphere(ridge, 100))).rows.at(0).flag;
  };
  CHECK(flag(30, Correction::none) == Flag::none);
  CHECK(flag(1, Correction::none) == Flag::outside_validity);
  CHECK(flag(0.01, Correction::fixed) == Flag::outside_validity);
  Setting s = sphere(0, 100);
  CHECK_FALSE(EquivalentKernel{}.applicability(s).applies);
  s = sphere(1, 100);
  s.data.input = data::Gaussian{.dim = 6};
  s.data.target = data::Linear{};
  s.network.bias_variance = 0;
  CHECK(EquivalentKernel{}.applicability(s).applies);
  CHECK_FALSE(EquivalentKernel{.correction = Correction::fixed}.applicability(s).applies);
}

namespace fieldscan::theory::laws {

template <>
std::vector<Example> examples<EquivalentKernel>() {
  return {{EquivalentKernel{}, sampler()},
          {EquivalentKernel{.correction = Correction::fixed}, sampler()},
          {EquivalentKernel{.correction = Correction::poisson}, descent()}};
}

template <>
std::vector<Counterexample> counterexamples<EquivalentKernel>() {
  return {{EquivalentKernel{}, unlike(), "the trainer is"},
          {EquivalentKernel{}, with(sampler(), [](Setting& s) { s.ridge = 0; }), "ridge"},
          {EquivalentKernel{.correction = Correction::fixed},
           with(sampler(),
                [](Setting& s) {
                  s.data.input = data::Gaussian{.dim = 6};
                  s.data.target = data::Linear{};
                  s.network.activation = network::Linear{};
                }),
           "correction is known"},
          {EquivalentKernel{}, online(sampler()), "number of training points"}};
}

}  // namespace fieldscan::theory::laws
