#include "fieldscan/theory/average/spectrum_sphere.hpp"

#include <cmath>

#include "catch.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/data/target/gegenbauer.hpp"
#include "near.hpp"
#include "theory/random.hpp"
#include "theory/setup.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::stream;

TEST_CASE("level eigenvalues agree with the reference numbers") {
  for (const auto& entry : reference::entries("sphere_eigs/")) {
    CAPTURE(entry.name);
    const auto kind = entry.words.at("kernel") == "nngp" ? KernelKind::nngp : KernelKind::tangent;
    const Spectrum s = sphere_spectrum(reference::kernel(entry), kind, network::Trained::all,
                                       static_cast<int>(entry.number("d")), 100, 0.1, 6);
    for (std::size_t l = 0; l < 6; ++l) {
      const double mine = s.eigenvalue[static_cast<Index>(l)], expected = entry.out.at("value")[l];
      CAPTURE(l, mine, expected);
      CHECK(reference::agrees(entry, mine, expected));
    }
  }
}

TEST_CASE(
    "rectifiers have closed forms: λ_l(K) = d a_l², λ_l(Θ) = d a_l² + (l b²_{l−1} + (l + d − 2) b²_{l+1})/(2l + d − "
    "2)") {
  // a_l, b_l: coefficients of the rectifier and of the step. Unit variance of the preactivations, no bias.
  const KernelSpec relu{.depth = 1, .activation = network::Relu{}};
  for (const auto& entry : reference::entries("relu_coef/")) {
    const int d = static_cast<int>(entry.number("d"));
    const Spectrum s = sphere_spectrum(relu, KernelKind::nngp, network::Trained::all, d, 100, 0, 21);
    for (std::size_t k = 0; k < entry.in.at("l").size(); ++k) {
      const auto l = static_cast<Index>(entry.in.at("l")[k]);
      const double expected = d * entry.out.at("value")[k] * entry.out.at("value")[k];
      CAPTURE(d, l, expected, s.eigenvalue[l]);
      CHECK(std::abs(s.eigenvalue[l] - expected) <= 1e-9 * expected + 2e-16);
    }
  }
}

TEST_CASE("every level counts: the trace, and the kernel itself") {
  for (int d : {2, 3, 8, 50}) {
    const SphereRule rule = sphere_rule(d, 400);
    CHECK(rule.weight.sum() == Approx(1).epsilon(1e-13));
    CHECK(rule.weight.dot(rule.cosine.cwiseAbs2()) == Approx(1.0 / d).epsilon(1e-12));
    // Orthogonality: ⟨P_l P_m⟩ = δ/N(d, l).
    const Matrix p = data::gegenbauer_values(rule.cosine, d, 6);
    const Matrix gram = p.transpose() * rule.weight.asDiagonal() * p;
    for (Index l = 0; l <= 6; ++l)
      for (Index m = 0; m <= 6; ++m)
        CHECK(gram(l, m) == Approx(l == m ? 1 / data::harmonics_count(d, static_cast<int>(l)) : 0).margin(1e-13));

    const KernelSpec spec{.depth = 2, .activation = network::Erf{}, .weight_variance = 1.5, .bias_variance = 0.1};
    const Spectrum s = sphere_spectrum(spec, KernelKind::tangent, network::Trained::all, d, 100, 1e-9);
    const double trace = kernel_diagonal(spec, Matrix::Ones(1, d)).tangent[0];
    CHECK(s.eigenvalue.dot(s.degeneracy) + s.tail == Approx(trace).epsilon(1e-12));
    const Index levels = s.eigenvalue.size();
    const Vector t = Vector::LinSpaced(9, -0.95, 0.95);
    const Vector sum =
        data::gegenbauer_values(t, d, static_cast<int>(levels - 1)) * s.eigenvalue.cwiseProduct(s.degeneracy);
    CHECK(near::largest_difference(sum, kernel_of_cosine(spec, t).tangent) <= s.tail + 1e-9 * trace);
  }
}

TEST_CASE("the rule follows the weight into high dimension") {
  for (int d : {784, 20000}) {
    const KernelSpec spec{.depth = 1, .activation = network::Linear{}, .weight_variance = 1};
    const Spectrum s = sphere_spectrum(spec, KernelKind::nngp, network::Trained::all, d, 100, 0.1);
    CHECK(s.eigenvalue[1] * d == Approx(1).epsilon(1e-10));
  }
}

TEST_CASE("a linear network has one level") {
  const KernelSpec spec{.depth = 2, .activation = network::Linear{}, .weight_variance = 0.7, .readout_variance = 3};
  const Spectrum s = sphere_spectrum(spec, KernelKind::nngp, network::Trained::all, 5, 10, 0.1);
  CHECK(s.eigenvalue[0] == 0);
  CHECK(s.eigenvalue[1] == Approx(3 * 0.49 / 5).epsilon(1e-12));
  CHECK(s.eigenvalue.sum() == s.eigenvalue[1]);
  CHECK(s.tail == 0);
}

TEST_CASE("levels that vanish by parity are exactly zero") {
  const Spectrum odd = sphere_spectrum({.depth = 1, .activation = network::Erf{}}, KernelKind::nngp,
                                       network::Trained::all, 6, 100, 0.1, 10);
  for (Index l = 0; l < 10; l += 2) CHECK(odd.eigenvalue[l] == 0);
  const Spectrum relu = sphere_spectrum({.depth = 1, .activation = network::Relu{}}, KernelKind::tangent,
                                        network::Trained::all, 6, 100, 0.1, 10);
  for (Index l = 3; l < 10; l += 2) CHECK(relu.eigenvalue[l] == 0);
}

TEST_CASE("cutting levels off does not matter") {
  const KernelSpec spec{.depth = 1, .activation = network::Relu{}, .weight_variance = 2, .bias_variance = 0.1};
  for (int d : {3, 5, 10}) {
    const Spectrum early = sphere_spectrum(spec, KernelKind::tangent, network::Trained::all, d, 100, 0.01);
    const Spectrum late = sphere_spectrum(spec, KernelKind::tangent, network::Trained::all, d, 100, 0.01, 300);
    CHECK(late.eigenvalue.size() >= 300);
    CAPTURE(d, early.eigenvalue.size(), early.tail, late.tail);
    CHECK(effective_ridge(early, 100, 0.01) == Approx(effective_ridge(late, 100, 0.01)).epsilon(1e-5));
    const Spectrum cut = first_levels(late, early.eigenvalue.size());
    CHECK(cut.tail == Approx(early.tail).epsilon(1e-6).margin(1e-12));
  }
}

TEST_CASE("the eigenvalues are those of a large kernel matrix", "[slow]") {
  // Eigenvalues of K(X, X)/P for P = 1500 points: those of level 1 lie around λ_1 + tail/P.
  const int d = 5, points = 1500;
  const KernelSpec spec{.depth = 1, .activation = network::Erf{}};
  const Matrix x = testing::sphere(stream("spectrum"), points, d);
  const Vector empirical = eigenpairs(kernels(spec, x).nngp).values / points;
  const Spectrum s = sphere_spectrum(spec, KernelKind::nngp, network::Trained::all, d, points, 0);
  const double shifted = s.eigenvalue[1] + (s.eigenvalue.dot(s.degeneracy) - d * s.eigenvalue[1]) / points;
  CHECK(empirical.head(d).mean() == Approx(shifted).epsilon(0.01));
  CHECK(std::abs(empirical.head(d).mean() / shifted - 1.1) > 0.05);  // a tenth would be seen
}
