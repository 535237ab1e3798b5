#include "theory/oracles/ridge_flow.hpp"

#include <cmath>

#include "catch.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "theory/spectra.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::Average;
using fieldscan::testing::nasty_spectrum;
using fieldscan::testing::power_law;
using fieldscan::testing::read_case;
using fieldscan::testing::stream;

TEST_CASE("the running ridge agrees with the reference numbers") {
  for (const auto& entry : reference::entries("rg/")) {
    const auto c = read_case(entry);
    const auto kept = static_cast<Index>(entry.number("Lambda"));
    const auto at = [&](RidgeFlow flow) {
      return running_ridge(c.spectrum, kept, entry.number("P"), entry.number("kappa"), flow);
    };
    CHECK(reference::agrees(entry, at(RidgeFlow::tail_sum), entry.out.at("kappa_L_tailsum")[0]));
    CHECK(reference::agrees(entry, at(RidgeFlow::one_loop), entry.out.at("kappa_L_oneloop")[0]));
    CHECK(reference::agrees(entry, at(RidgeFlow::exact), entry.out.at("kappa_L_semigroup")[0]));
  }
}

TEST_CASE("exact cuts compose and keep the effective ridge") {
  for (std::uint64_t r = 0; r < 500; ++r) {
    const Stream random = stream("flow", r);
    Spectrum s = nasty_spectrum(random);
    std::sort(s.eigenvalue.begin(), s.eigenvalue.end(), std::greater<>());
    const Index levels = s.eigenvalue.size();
    const double points = 1 + static_cast<double>(random.below(300, 500)),
                 ridge = std::pow(10.0, -5 * random.uniform(501));
    const double full = effective_ridge(s, points, ridge);
    const auto first = static_cast<Index>(random.below(static_cast<std::uint64_t>(levels) + 1, 502));
    const auto second = static_cast<Index>(random.below(static_cast<std::uint64_t>(first) + 1, 503));
    const Spectrum kept{.eigenvalue = s.eigenvalue.head(first), .degeneracy = s.degeneracy.head(first)};
    const double once = running_ridge(s, first, points, ridge, RidgeFlow::exact);
    CHECK(effective_ridge(kept, points, once) == Approx(full).epsilon(1e-10));
    const double direct = running_ridge(s, second, points, ridge, RidgeFlow::exact);
    CHECK(running_ridge(kept, second, points, once, RidgeFlow::exact) == Approx(direct).epsilon(1e-10));
    // One loop from below, the whole trace from above.
    CHECK(running_ridge(s, first, points, ridge, RidgeFlow::one_loop) <= once * (1 + 1e-12));
    CHECK(running_ridge(s, first, points, ridge, RidgeFlow::tail_sum) >= once * (1 - 1e-12));
  }
}

TEST_CASE("the error on another distribution agrees with the reference numbers") {
  for (const auto& entry : reference::entries("ood/")) {
    const Vector eigenvalue = reference::vector(entry.in.at("lam"));
    const Spectrum s{.eigenvalue = eigenvalue, .degeneracy = Vector::Ones(eigenvalue.size())};
    const double error =
        error_under_shift(s, reference::vector(entry.in.at("g")), reference::matrix(entry.in.at("O"), 3),
                          entry.number("P"), entry.number("kappa"), entry.number("sigma_eps2"));
    CHECK(reference::agrees(entry, error, entry.out.at("value")[0]));
  }
}

TEST_CASE("linear regression tested on inputs of another covariance", "[slow]") {
  const Index d = 60;
  const double points = 40, ridge = 0.3, noise_variance = 0.2;
  const Vector variance = power_law(0.8, d);
  const Vector weight = testing::normal_vector(stream("weight"), d) / std::sqrt(static_cast<double>(d));
  const Matrix root = testing::normals(stream("shift"), d, d) / std::sqrt(static_cast<double>(d));
  const Matrix moments = root * root.transpose();
  // K = x·x′: eigenvalues Λ_i, coefficients w_i √Λ_i.
  const Spectrum s{.eigenvalue = variance, .degeneracy = Vector::Ones(d)};
  const Vector g = weight.cwiseProduct(variance.cwiseSqrt());
  Average shifted, same;
  for (std::uint64_t r = 0; r < 300; ++r) {
    const Matrix x = testing::normals(stream("x", r), 40, d) * variance.cwiseSqrt().asDiagonal();
    const Vector y = x * weight + std::sqrt(noise_variance) * testing::normal_vector(stream("noise", r), 40);
    const Vector error = x.transpose() * factor(x * x.transpose(), ridge).solve(y) - weight;
    shifted.add(error.dot(moments * error));
    same.add(error.cwiseAbs2().dot(variance));
  }
  const double predicted = error_under_shift(s, g, linear_overlap(variance, moments), points, ridge, noise_variance);
  const double unshifted = error_under_shift(s, g, Matrix::Identity(d, d), points, ridge, noise_variance);
  CAPTURE(shifted.mean(), shifted.error(), predicted, same.mean(), unshifted);
  CHECK(std::abs(shifted.mean() - predicted) < 3.5 * std::hypot(shifted.error(), 0.03 * predicted));
  CHECK(std::abs(same.mean() - unshifted) < 3.5 * std::hypot(same.error(), 0.03 * unshifted));
  CHECK(std::abs(shifted.mean() - unshifted) > 5 * std::hypot(shifted.error(), 0.03 * unshifted));
  CHECK(unshifted == Approx(average_over_data(s, g.cwiseAbs2(), 0, points, ridge, noise_variance).error_test));
}
