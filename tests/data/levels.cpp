#include "catch.hpp"
#include "fieldscan/data/draw.hpp"
#include "near.hpp"

using namespace fieldscan;
using namespace fieldscan::data;

TEST_CASE("normalised Hermite polynomials: closed forms and orthogonality", "[targets]") {
  const Vector u = Vector::LinSpaced(9, -2.5, 3);
  const Matrix he = hermite_values(u, 4);
  for (Index n = 0; n < u.size(); ++n) {
    const double v = u(n);
    CHECK(he(n, 0) == 1);
    CHECK(he(n, 1) == v);
    CHECK(he(n, 2) == Approx((v * v - 1) / std::sqrt(2)).margin(1e-14));
    CHECK(he(n, 3) == Approx((v * v * v - 3 * v) / std::sqrt(6)).margin(1e-14));
    CHECK(he(n, 4) == Approx((std::pow(v, 4) - 6 * v * v + 3) / std::sqrt(24)).margin(1e-14));
  }
  // ∫ he_j he_k under the normal density by the trapezoid rule, which converges geometrically
  const Vector grid = Vector::LinSpaced(2401, -12, 12);
  const Vector weight = (-grid.array().square() / 2).exp() * (0.01 / std::sqrt(2 * 3.14159265358979323846));
  const Matrix values = hermite_values(grid, 8);
  CHECK(near::largest_difference(values.transpose() * weight.asDiagonal() * values, Matrix::Identity(9, 9)) < 1e-10);
}

TEST_CASE("number of harmonics", "[targets]") {
  CHECK(harmonics_count(3, 7) == 15);  // 2l + 1
  CHECK(harmonics_count(2, 5) == 2);
  CHECK(harmonics_count(1, 0) == 1);
  CHECK(harmonics_count(1, 1) == 1);
  CHECK(harmonics_count(1, 2) == 0);
  CHECK(harmonics_count(10, 1) == 10);
  CHECK(harmonics_count(10, 2) == 54);        // d(d + 1)/2 − 1
  CHECK(harmonics_count(10, 3) == 220 - 10);  // C(12, 3) − C(10, 1)
  CHECK(harmonics_count(4, 6) == 49);         // (l + 1)²
}

TEST_CASE("Gegenbauer polynomials: known cases", "[targets]") {
  const Vector t = Vector::LinSpaced(11, -1, 1);
  const Matrix legendre = gegenbauer_values(t, 3, 3), chebyshev = gegenbauer_values(t, 2, 6),
               p = gegenbauer_values(t, 7, 9);
  for (Index n = 0; n < t.size(); ++n) {
    CHECK(legendre(n, 2) == Approx((3 * t(n) * t(n) - 1) / 2).margin(1e-14));
    CHECK(legendre(n, 3) == Approx((5 * std::pow(t(n), 3) - 3 * t(n)) / 2).margin(1e-14));
    CHECK(chebyshev(n, 6) == Approx(std::cos(6 * std::acos(t(n)))).margin(1e-13));
    CHECK(p(n, 2) == Approx((7 * t(n) * t(n) - 1) / 6).margin(1e-14));
  }
  CHECK(p.row(10).isOnes(1e-13));
}

TEST_CASE("power per level", "[targets]") {
  const auto powers = [](const InputChoice& input, const TargetChoice& target) {
    return power_per_level({.input = input, .target = target});
  };
  using Map = std::map<int, double>;
  CHECK(powers(Sphere{.dim = 8}, Linear{.norm = 2}) == Map{{1, 4}});
  CHECK(powers(Gaussian{.dim = 8}, Linear{}) == Map{{1, 1}});
  CHECK(powers(Sphere{.dim = 8}, Gegenbauer{.levels = {{1, 0.8}, {2, 0}, {3, 0.2}}}) == Map{{1, 0.8}, {3, 0.2}});
  CHECK_FALSE(powers(Gaussian{.dim = 8}, Gegenbauer{}));
  CHECK_FALSE(powers(Sphere{.dim = 8}, TeacherNetwork{}));
  CHECK_FALSE(powers(Gaussian{.dim = 8, .spectrum = PowerLawSpectrum{}}, Linear{}));

  // he_3 on the sphere: u³ = (√d t)³ has 3d/(d + 2) in ⟨u⁴⟩ and 15d²/((d + 2)(d + 4)) in ⟨u⁶⟩, so that
  // level 1 has ⟨he_3 u⟩² = ((3d/(d+2) − 3)/√6)² and the rest of ⟨he_3²⟩ is level 3.
  const double d = 8;
  const auto he3 = powers(Sphere{.dim = 8}, Hermite{.coefficients = {0, 0, 0, 1}});
  const double fourth = 3 * d / (d + 2), sixth = 15 * d * d / ((d + 2) * (d + 4));
  const double level1 = (fourth - 3) * (fourth - 3) / 6, total = (sixth - 6 * fourth + 9) / 6;
  REQUIRE(he3);
  REQUIRE(he3->size() == 2);
  CHECK(he3->at(1) == Approx(level1).epsilon(1e-12));
  CHECK(he3->at(3) == Approx(total - level1).epsilon(1e-12));
  const auto normalised = powers(Sphere{.dim = 8}, Hermite{.coefficients = {0, 0, 0, 1}, .normalise = true});
  CHECK(normalised->at(1) + normalised->at(3) == Approx(1).epsilon(1e-13));
  // d = 1: u = ±1, he_2 = 0 and he_3 = −2u/√6; large d: powers are those of the coefficients
  CHECK(powers(Sphere{.dim = 1}, Hermite{.coefficients = {0, 0, 1, 1}})->at(1) == Approx(4.0 / 6).epsilon(1e-12));
  const auto wide = powers(Sphere{.dim = 1000000}, Hermite{.coefficients = {0, 0.5, 0.25, 1}});
  CHECK(wide->at(1) == Approx(0.25).epsilon(1e-4));
  CHECK(wide->at(2) == Approx(0.0625).epsilon(1e-4));
  CHECK(wide->at(3) == Approx(1).epsilon(1e-4));
}
