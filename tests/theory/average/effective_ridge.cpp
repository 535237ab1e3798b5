#include "fieldscan/theory/average/effective_ridge.hpp"

#include <cmath>

#include "catch.hpp"
#include "theory/spectra.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::Case;
using fieldscan::testing::nasty_spectrum;
using fieldscan::testing::power_law;
using fieldscan::testing::read_case;
using fieldscan::testing::stream;

namespace {

/// κ_eff − κ − Σ N λ κ_eff/(Pλ + κ_eff), relative to κ_eff.
double residual(const Spectrum& s, double points, double ridge, double kappa_eff) {
  double sum = ridge + s.tail;
  for (Index l = 0; l < s.eigenvalue.size(); ++l)
    sum += s.degeneracy[l] * s.eigenvalue[l] * kappa_eff / (points * s.eigenvalue[l] + kappa_eff);
  return (kappa_eff - sum) / kappa_eff;
}

}  // namespace

TEST_CASE("data averages agree with the reference numbers") {
  for (const auto& entry : reference::entries("krr_theory/")) {
    CAPTURE(entry.name);
    const Case c = read_case(entry);
    const DataAverage a =
        average_over_data(c.spectrum, c.power, 0, entry.number("P"), entry.number("kappa"), entry.number("sigma_eps2"));
    const auto check = [&](const char* key, double mine) {
      CAPTURE(key, mine);
      CHECK(reference::agrees(entry, mine, entry.out.at(key)[0]));
    };
    check("kappa_eff", a.kappa_eff);
    check("gamma", a.overfitting);
    check("bias", a.bias);
    check("Etot", a.error_total);
    check("Eg", a.error_test);
    check("Etrain", a.error_train);
    check("postvar", a.posterior_variance);
  }
  for (const auto& entry : reference::entries("logdet_equiv/")) {
    const Case c = read_case(entry);
    const DataAverage a = average_over_data(c.spectrum, c.power, 0, entry.number("P"), entry.number("kappa"), 0);
    CHECK(reference::agrees(entry, a.log_determinant, entry.out.at("value")[0]));
  }
}

TEST_CASE("a white spectrum has a closed form") {
  for (const auto& entry : reference::entries("white_closed/")) {
    const Spectrum s{.eigenvalue = Vector::Constant(1, entry.number("lam")),
                     .degeneracy = Vector::Constant(1, entry.number("D"))};
    CHECK(reference::agrees(entry, effective_ridge(s, entry.number("P"), entry.number("kappa")),
                            entry.out.at("kappa_eff")[0]));
  }
}

TEST_CASE("modes beyond a cut act as a ridge") {
  for (const auto& entry : reference::entries("rg/")) {
    CAPTURE(entry.name);
    const Case c = read_case(entry);
    const double points = entry.number("P"), ridge = entry.number("kappa");
    const auto kept = static_cast<Index>(entry.number("Lambda"));
    const double full = effective_ridge(c.spectrum, points, ridge);
    CHECK(reference::agrees(entry, full, entry.out.at("kappa_full")[0]));
    Spectrum cut{.eigenvalue = c.spectrum.eigenvalue.head(kept), .degeneracy = c.spectrum.degeneracy.head(kept)};
    // As a tail: the whole trace of what is cut.
    cut.tail = c.spectrum.eigenvalue.tail(500 - kept).sum();
    CHECK(reference::agrees(entry, effective_ridge(cut, points, ridge), entry.out.at("kappa_eff_from_tailsum")[0]));
    // With the exact share of every mode the result does not change at all.
    cut.tail = 0;
    double exact = ridge;
    for (Index i = kept; i < 500; ++i)
      exact += c.spectrum.eigenvalue[i] * full / (points * c.spectrum.eigenvalue[i] + full);
    CHECK(reference::agrees(entry, exact, entry.out.at("kappa_L_semigroup")[0]));
    CHECK(reference::agrees(entry, effective_ridge(cut, points, exact), full));
  }
}

TEST_CASE("the solver holds on nasty spectra") {
  int failures = 0, conserved = 0, checked = 0;
  for (std::uint64_t r = 0; r < 2000; ++r) {
    const Stream random = stream("spectra", r);
    const Spectrum s = nasty_spectrum(random);
    const double points = 1 + static_cast<double>(random.below(1000, 500));
    const double ridge = random.uniform(501) < 0.2 ? 0.0 : std::pow(10.0, -25 + 30 * random.uniform(502));
    const double rank = (s.eigenvalue.array() > 0).select(s.degeneracy, 0.0).sum();
    const double kappa_eff = effective_ridge(s, points, ridge);
    if (ridge == 0 && rank <= points) {
      failures += kappa_eff != 0;
      continue;
    }
    ++checked;
    failures += !(std::abs(residual(s, points, ridge, kappa_eff)) <= 1e-12 && kappa_eff >= ridge);
    // Conservation of learnability: Σ N L = P − κ/k.
    const DataAverage a = average_over_data(s, Vector::Zero(s.eigenvalue.size()), 0, points, ridge, 1);
    const double used = s.degeneracy.dot(a.learnability) + ridge * points / kappa_eff;
    conserved += std::abs(used - points) <= 1e-11 * points;
  }
  CHECK(failures == 0);
  CHECK(checked > 1500);
  CHECK(conserved == checked);
}

TEST_CASE("where the model is the truth, the test error is the effective ridge") {
  // Target drawn from the prior (g_l² = N λ) and noise σ² = κ: error_total = κ_eff, error_test = posterior variance.
  for (std::uint64_t r = 0; r < 20; ++r) {
    const Stream random = stream("matched", r);
    Spectrum s{.eigenvalue = Vector(8), .degeneracy = Vector(8)};
    for (Index i = 0; i < 8; ++i) {
      s.eigenvalue[i] = std::pow(10.0, -4 * random.uniform(static_cast<std::uint64_t>(i)));
      s.degeneracy[i] = static_cast<double>(1 + random.below(50, static_cast<std::uint64_t>(i + 20)));
    }
    const Vector prior = s.degeneracy.cwiseProduct(s.eigenvalue);
    const double ridge = 0.01 + random.uniform(50), points = 40;
    const DataAverage a = average_over_data(s, prior, 0, points, ridge, ridge);
    CHECK(a.error_total == Approx(a.kappa_eff).epsilon(1e-12));
    CHECK(a.error_test == Approx(a.posterior_variance).epsilon(1e-12));
    // … and not where it is not.
    CHECK(std::abs(average_over_data(s, prior, 0, points, ridge, 2 * ridge).error_total - a.kappa_eff) > 1e-3 * ridge);
  }
}

TEST_CASE("the posterior variance keeps its digits where the ridge is large") {
  // κ ≫ P λ: the variance is the trace Σ N λ, sixteen decades below κ.
  const Spectrum s{.eigenvalue = Vector::Constant(1, 1e-6), .degeneracy = Vector::Constant(1, 10)};
  CHECK(average_over_data(s, Vector::Zero(1), 0, 50, 1e11, 0).posterior_variance == Approx(1e-5).epsilon(1e-12));
  const Spectrum empty{.eigenvalue = Vector::Zero(1), .degeneracy = Vector::Ones(1)};
  for (double ridge : {5.9971472263746695e-06, 0.1, 0.3, 7.0})
    for (double points : {3.0, 49.0, 199.0}) CHECK(effective_ridge(empty, points, ridge) >= ridge);
}

TEST_CASE("limits of the data average") {
  const Spectrum s{.eigenvalue = power_law(1.5, 100), .degeneracy = Vector::Ones(100)};
  const Vector power = power_law(1.8, 100);
  SECTION("an infinite ridge learns nothing") {
    const DataAverage a = average_over_data(s, power, 0, 50, 1e12, 0.1);
    CHECK(a.error_test == Approx(power.sum()).epsilon(1e-9));
    CHECK(a.error_train == Approx(power.sum() + 0.1).epsilon(1e-9));
  }
  SECTION("many points learn everything that the kernel has") {
    const DataAverage a = average_over_data(s, power, 0.3, 1e9, 0.1, 0);
    CHECK(a.error_test == Approx(0.3).epsilon(1e-5));
  }
  SECTION("rank equal to points without a ridge: the peak") {
    const DataAverage a = average_over_data(s, power, 0, 100, 0, 0.1);
    CHECK(a.kappa_eff == 0);
    CHECK(std::isinf(a.error_test));
  }
  SECTION("fewer modes than points without a ridge: least squares") {
    const DataAverage a = average_over_data(s, power, 0, 400, 0, 0.1);
    CHECK(a.error_total == Approx(0.1 / (1 - 0.25)));
    CHECK(a.error_train == Approx(0.1 * (1 - 0.25)));
  }
  SECTION("a known component that no mode reaches is noise") {
    const DataAverage hidden = average_over_data(s, power, 0.2, 50, 0.01, 0.1);
    const DataAverage noise = average_over_data(s, power, 0, 50, 0.01, 0.3);
    CHECK(hidden.error_total == Approx(noise.error_total).epsilon(1e-13));
    CHECK(hidden.error_test == Approx(noise.error_test + 0.2).epsilon(1e-13));
  }
}
