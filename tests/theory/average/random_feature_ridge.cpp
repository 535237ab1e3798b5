#include "fieldscan/theory/average/random_feature_ridge.hpp"

#include <cmath>

#include "catch.hpp"
#include "theory/spectra.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::Average;
using fieldscan::testing::Case;
using fieldscan::testing::nasty_spectrum;
using fieldscan::testing::power_law;
using fieldscan::testing::read_case;
using fieldscan::testing::stream;

namespace {

constexpr double noise_variance = 0.1;

/// Regression on N Gaussian features √λ_i ζ_ij of P Gaussian inputs with target Σ g_i φ_i: what the theory describes.
struct Measured {
  Average total, train, mean_features;
};
Measured measure(const Case& c, Index points, Index features, double ridge, int draws) {
  Measured out;
  const Index modes = c.power.size();
  const Vector g = c.power.cwiseSqrt(), scale = c.spectrum.eigenvalue.cwiseSqrt();
  for (int r = 0; r < draws; ++r) {
    const Matrix phi = testing::normals(stream("inputs", r), points, modes);
    const Vector label = phi * g + std::sqrt(noise_variance) * testing::normal_vector(stream("noise", r), points);
    // Two sets of features on the same data: the product of their errors is that of the mean.
    Vector error[2];
    for (int half = 0; half < 2; ++half) {
      const Matrix f = scale.asDiagonal() * testing::normals(stream("features", 2 * r + half), modes, features) /
                       std::sqrt(static_cast<double>(features));
      const Matrix h = phi * f;
      Matrix a = h * h.transpose();
      a.diagonal().array() += ridge;
      const Vector dual = a.llt().solve(label);
      error[half] = f * (h.transpose() * dual) - g;
      if (half == 0) out.total.add(error[0].squaredNorm() + noise_variance);
      if (half == 0) out.train.add((ridge * dual).squaredNorm() / static_cast<double>(points));
    }
    out.mean_features.add(error[0].dot(error[1]));
  }
  return out;
}

double deviation(const Average& measured, double predicted, double tolerance) {
  return (measured.mean() - predicted) / std::hypot(measured.error(), tolerance * predicted);
}

}  // namespace

TEST_CASE("random features agree with the reference numbers") {
  for (const auto& entry : reference::entries("rf_")) {
    CAPTURE(entry.name);
    const Case c = read_case(entry);
    const RandomFeatureAverage a = average_over_features(c.spectrum, c.power, 0, entry.number("P"), entry.number("N"),
                                                         entry.number("kappa"), entry.number("sigma_eps2"));
    CAPTURE(a.k, a.error_total);
    CHECK(reference::agrees(entry, a.k, entry.out.at("kappa2")[0]));
    CHECK(reference::agrees(entry, a.error_total, entry.out.at(entry.out.contains("Etot") ? "Etot" : "E")[0]));
    if (!entry.out.contains("z")) continue;
    CHECK(reference::agrees(entry, a.learned, entry.out.at("z")[0]));
    CHECK(reference::agrees(entry, a.squared, entry.out.at("q")[0]));
  }
}

TEST_CASE("the constant of random features solves its equation on nasty spectra") {
  int failures = 0, checked = 0;
  for (std::uint64_t r = 0; r < 2000; ++r) {
    const Stream random = stream("features of spectra", r);
    Spectrum s = nasty_spectrum(random);
    if (random.uniform(600) < 0.3) s.tail = std::pow(10.0, -25 + 30 * random.uniform(601));
    const double points = 1 + static_cast<double>(random.below(1000, 500));
    const double features = random.uniform(603) < 0.2 ? points : 1 + static_cast<double>(random.below(1000, 604));
    const double ridge = random.uniform(501) < 0.2 ? 0.0 : std::pow(10.0, -25 + 30 * random.uniform(502));
    const RandomFeatureAverage a =
        average_over_features(s, Vector::Ones(s.eigenvalue.size()), 0, points, features, ridge, 1);
    failures += std::isnan(a.error_total) || std::isnan(a.error_train) || std::isnan(a.error_mean_features);
    failures += !(a.error_total >= 1 || a.peak) || !(a.error_of_initial >= 0) || !(a.posterior_variance >= 0);
    if (a.k == 0) continue;
    ++checked;
    double z = s.tail / a.k;
    for (Index l = 0; l < s.eigenvalue.size(); ++l) z += s.degeneracy[l] * s.eigenvalue[l] / (s.eigenvalue[l] + a.k);
    failures += !(std::abs(z - a.learned) <= 1e-10 * std::min(points, features));
    failures += !(a.kappa_eff >= ridge * (1 - 1e-10));
  }
  CHECK(failures == 0);
  CHECK(checked > 1500);
}

TEST_CASE("features and data play the same part") {
  // Target drawn from the prior, no noise: the error is the same when P and N are exchanged at fixed κN.
  for (std::uint64_t r = 0; r < 200; ++r) {
    const Stream random = stream("exchange", r);
    Spectrum s = nasty_spectrum(random);
    s.eigenvalue = s.eigenvalue.cwiseMax(1e-9).cwiseMin(1e3);
    s.tail = random.uniform(700) < 0.5 ? 0.0 : random.uniform(701);
    const double points = 1 + static_cast<double>(random.below(300, 500)),
                 features = points + 1 + 50 * random.uniform(1);
    const double ridge = random.uniform(501) < 0.5 ? 0.0 : random.uniform(502);
    const Vector prior = s.degeneracy.cwiseProduct(s.eigenvalue);
    const auto a = average_over_features(s, prior, s.tail, points, features, ridge, 0);
    const auto b = average_over_features(s, prior, s.tail, features, points, ridge * features / points, 0);
    CHECK(a.k == Approx(b.k).epsilon(1e-12));
    if (a.k == 0) continue;
    CHECK(a.error_total == Approx(b.error_total).epsilon(1e-10));
    if (ridge == 0) CHECK(a.error_total == Approx(a.k * features * points / (features - points)).epsilon(1e-10));
  }
}

TEST_CASE("many features are the kernel") {
  const Case c{{.eigenvalue = power_law(1.5, 400), .degeneracy = Vector::Ones(400), .tail = 0.01}, power_law(1.8, 400)};
  for (double ridge : {0.0, 0.01, 3.0}) {
    const auto a = average_over_features(c.spectrum, c.power, 0.02, 60, 1e12, ridge, noise_variance);
    const auto b = average_over_data(c.spectrum, c.power, 0.02, 60, ridge, noise_variance);
    CHECK(a.error_total == Approx(b.error_total).epsilon(1e-9));
    CHECK(a.error_mean_features == Approx(b.error_test).epsilon(1e-9));
    CHECK(a.error_train == Approx(b.error_train).epsilon(1e-9).margin(1e-15));
    CHECK(a.kappa_eff == Approx(b.kappa_eff).epsilon(1e-9));
    CHECK(a.posterior_variance == Approx(b.posterior_variance).epsilon(1e-9));
    // A random initial readout is a target drawn from the kernel.
    const auto prior = average_over_data(c.spectrum, c.spectrum.eigenvalue, c.spectrum.tail, 60, ridge, 0);
    CHECK(a.error_of_initial == Approx(prior.error_test).epsilon(1e-9));
    CHECK(a.error_train_initial == Approx(prior.error_train).epsilon(1e-9).margin(1e-15));
  }
}

TEST_CASE("the peak of random features is infinite, and finite with a ridge") {
  const Case c{{.eigenvalue = power_law(1.5, 400), .degeneracy = Vector::Ones(400)}, power_law(1.8, 400)};
  const auto peak = average_over_features(c.spectrum, c.power, 0, 60, 60, 0, 0);
  CHECK(peak.peak);
  CHECK(std::isinf(peak.error_total));
  CHECK(peak.error_train == 0);
  CHECK(std::isfinite(peak.error_mean_features));
  double last = 0;
  for (double ridge : {1e-3, 1e-6, 1e-9, 1e-12}) {
    const auto near = average_over_features(c.spectrum, c.power, 0, 60, 60, ridge, 0);
    CHECK_FALSE(near.peak);
    if (last > 0) CHECK(near.error_total / last == Approx(std::sqrt(1e3)).epsilon(0.3));  // ∝ κ^−½
    last = near.error_total;
  }
  // Rank P without a ridge is the peak of least squares.
  const auto rank = average_over_features({.eigenvalue = power_law(1.5, 60), .degeneracy = Vector::Ones(60)},
                                          power_law(1.8, 60), 0, 60, 100, 0, 0.1);
  CHECK(rank.peak);
}

TEST_CASE("random features agree with regressions", "[slow]") {
  const Case c{{.eigenvalue = power_law(1.5, 400), .degeneracy = Vector::Ones(400)}, power_law(1.8, 400)};
  struct Size {
    Index points, features;
    double ridge;
  };
  for (const auto& [points, features, ridge] :
       {Size{50, 25, 0.02}, Size{50, 50, 0.02}, Size{50, 200, 0.02}, Size{60, 150, 1e-3}, Size{150, 60, 1e-3}}) {
    const Measured m = measure(c, points, features, ridge, 150);
    const auto a = average_over_features(c.spectrum, c.power, 0, static_cast<double>(points),
                                         static_cast<double>(features), ridge, noise_variance);
    CAPTURE(points, features, m.total.mean(), m.total.error(), a.error_total, m.mean_features.mean(),
            m.mean_features.error(), a.error_mean_features, m.train.mean(), a.error_train);
    // 3.5 standard errors, with 2% (training error: 5%) for the size: 15 comparisons, 0.7% by chance.
    CHECK(std::abs(deviation(m.total, a.error_total, 0.02)) < 3.5);
    CHECK(std::abs(deviation(m.mean_features, a.error_mean_features, 0.02)) < 3.5);
    CHECK(std::abs(deviation(m.train, a.error_train, 0.05)) < 3.5);
    // Control: the kernel of infinitely many features is another theory.
    if (features <= points) {
      const auto kernel = average_over_data(c.spectrum, c.power, 0, static_cast<double>(points), ridge, noise_variance);
      CHECK(std::abs(deviation(m.total, kernel.error_total, 0.02)) > 5);
    }
  }
}
