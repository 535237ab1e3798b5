#include "theory/oracles/closed_spectra.hpp"

#include <cmath>
#include <numbers>

#include "catch.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/data/target/gegenbauer.hpp"
#include "fieldscan/theory/average/spectrum_sphere.hpp"
#include "near.hpp"
#include "theory/spectra.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

TEST_CASE("coefficients of the rectifier and of the step agree with the reference numbers") {
  for (const auto* prefix : {"relu_coef/", "step_coef/"})
    for (const auto& entry : reference::entries(prefix))
      for (std::size_t k = 0; k < entry.in.at("l").size(); ++k) {
        const int d = static_cast<int>(entry.number("d")), l = static_cast<int>(entry.in.at("l")[k]);
        const double mine = prefix[0] == 'r' ? rectifier_coefficient(d, l) : step_coefficient(d, l);
        CAPTURE(entry.name, l, mine);
        CHECK(reference::agrees(entry, mine, entry.out.at("value")[k]));
      }
}

TEST_CASE("levels of rectifiers are those of the quadrature") {
  const KernelSpec relu{.depth = 1, .activation = network::Relu{}};
  for (int d : {2, 3, 10, 25}) {
    for (auto kind : {KernelKind::nngp, KernelKind::tangent}) {
      const Spectrum s = sphere_spectrum(relu, kind, network::Trained::all, d, 100, 0, 20);
      const Vector closed = kind == KernelKind::nngp ? rectifier_levels_nngp(d, 20) : rectifier_levels_tangent(d, 20);
      CAPTURE(d, s.eigenvalue.head(20).transpose(), closed.transpose());
      CHECK(near::largest_difference(s.eigenvalue.head(20), closed) < 2e-15);
    }
  }
}

TEST_CASE("levels from a Taylor series keep their digits") {
  // (2/π) asin(2t/3), the kernel of the error function with unit weights.
  Vector c = Vector::Zero(400);
  for (int n = 0; n < 200; ++n) {
    const double central = std::lgamma(2 * n + 1) - 2 * n * std::numbers::ln2 - 2 * std::lgamma(n + 1);
    c[2 * n + 1] = 2 / std::numbers::pi * std::exp(central + (2 * n + 1) * std::log(2.0 / 3)) / (2 * n + 1);
  }
  for (const auto& entry : reference::entries("sphere_eigs/nngp/erf/L1/")) {
    const Vector levels = levels_from_taylor(static_cast<int>(entry.number("d")), c, 6);
    for (Index l = 0; l < 6; ++l) {
      const double expected = entry.out.at("value")[static_cast<std::size_t>(l)];
      CHECK(std::abs(levels[l] - expected) <= 1e-12 * expected);
    }
  }
  // t² = (1 − 1/d)·(level 2) + 1/d: λ_0 = 1/d, λ_2 = (1 − 1/d)/N(d, 2).
  const Vector square = levels_from_taylor(7, Vector::Unit(3, 2), 4);
  CHECK(square[0] == Approx(1.0 / 7).epsilon(1e-13));
  CHECK(square[2] == Approx((1 - 1.0 / 7) / data::harmonics_count(7, 2)).epsilon(1e-13));
  CHECK(square[1] == 0);
}

TEST_CASE("the spectrum of the Gaussian kernel on normal inputs") {
  for (const auto& entry : reference::entries("mehler_rbf")) {
    const Vector mine = rbf_eigenvalues(entry.number("s"), entry.number("ell"), 11);
    for (std::size_t i = 0; i < entry.in.at("k").size(); ++i)
      CHECK(reference::agrees(entry, mine[static_cast<Index>(entry.in.at("k")[i])], entry.out.at("value")[i]));
  }
  CHECK(rbf_eigenvalues(1, 0.5, 200).sum() == Approx(1).epsilon(1e-12));  // the trace
}

TEST_CASE("the number of spherical harmonics agrees with the reference numbers") {
  for (const auto& entry : reference::entries("degeneracy/"))
    for (std::size_t k = 0; k < entry.in.at("l").size(); ++k)
      CHECK(reference::agrees(
          entry, data::harmonics_count(static_cast<int>(entry.number("d")), static_cast<int>(entry.in.at("l")[k])),
          entry.out.at("value")[k]));
}
