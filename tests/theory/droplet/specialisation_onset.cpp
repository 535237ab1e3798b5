#include "fieldscan/theory/droplet/specialisation_onset.hpp"

#include <cmath>

#include "catch.hpp"
#include "fieldscan/theory/droplet/droplet_state.hpp"
#include "theory/examples.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

namespace {

SingleIndex cubic(double dimension, double c, double richness) {
  return {.dimension = dimension, .richness = richness, .coefficient = Vector{{0, c}}};
}

Onset onset_at(double dimension, double kappa, double c, double richness) {
  return specialisation_onset(
      cubic(dimension, c, richness), [&](double) { return kappa; }, 0.02);
}

}  // namespace

TEST_CASE("the onset of specialisation, and its scaling over decades") {
  CHECK(onset_at(1e4, 1, 0.3, 1).points == Approx(3321.6537345944753).epsilon(1e-6));
  // P |c| √(b/d)/κ: 9.77 by the scaling law, 9.94 to 9.97 exactly.
  struct Case {
    double dimension, kappa, c, richness;
  };
  for (const Case& k : {Case{1e3, 1, 0.3, 1}, Case{1e4, 1, 0.3, 1}, Case{1e4, 4, 0.3, 1}, Case{1e4, 1, 0.3, 0.01},
                        Case{1e4, 1, -0.03, 1}}) {
    const Onset onset = onset_at(k.dimension, k.kappa, k.c, k.richness);
    const double unit = k.kappa * std::sqrt(k.dimension / k.richness) / std::abs(k.c);
    CAPTURE(k.dimension, k.kappa, k.c, k.richness);
    CHECK(onset.scaling / unit == Approx(9.77).margin(0.01));
    CHECK(onset.points / unit == Approx(9.955).margin(0.02));
  }
}

TEST_CASE("at the onset droplets carry what is learned, and a fifth below nothing is") {
  const double points = onset_at(400, 1, 0.3, 1).points;
  const auto learned = [](double p) {
    SingleIndex problem = cubic(400, 0.3, 1);
    problem.points = p;
    problem.coefficient = Vector{{0, 0.3, 0, 0, 0}};
    return droplet_state(problem).learned[1] / 0.3;
  };
  // There |w|² fluctuates and higher modes are induced: the onset is earlier by what they give.
  CHECK(learned(0.7 * points) < 0.01);
  CHECK(learned(1.1 * points) > 0.02);
}

TEST_CASE("with a pull that vanishes the onset is where the kernel of infinite width learns as much, and says so") {
  const Onset weak = onset_at(20, 1, 0.5, 1e-9), strong = onset_at(20, 1, 0.5, 1);
  // P σ_a² ⟨φ_3²⟩ (1 − ℓ) = ℓ κ with the average over the prior of m, ρ = 1.
  double square = 0, norm = 0;
  for (double m = -3; m < 3; m += 0.01) {
    const double weight = std::exp(-10 * m * m);
    square += weight * std::pow(hermite_projections(m, m * m + 1, 1, 2)[1], 2);
    norm += weight;
  }
  const double lazy = 0.02 / 0.98 * norm / square;
  CHECK(weak.points == Approx(lazy).epsilon(1e-6));
  CHECK(weak.lazy == Approx(lazy).epsilon(1e-6));
  CHECK(strong.lazy == Approx(lazy).epsilon(1e-6));
  CHECK(strong.points < 0.3 * lazy);
  SpecialisationOnset::Inputs inputs{.dimension = 200, .coefficient = 0.5, .width = 50, .ridge = 1};
  const auto at = [&](double chi) {
    inputs.chi = chi;
    return SpecialisationOnset{}.predict(inputs);
  };
  for (const double chi : {1e-9, 3e-7, 3e-6}) {
    CAPTURE(chi);
    CHECK(at(chi).rows.at(0).flag == Flag::outside_validity);
    CHECK(at(chi).reason.find("units need not turn") != std::string::npos);
  }
  CHECK(at(5).rows.at(0).flag == Flag::none);
  CHECK(at(5).reason.empty());
  inputs.width = 2;
  CHECK(at(0.2).rows.at(0).flag == Flag::outside_validity);
}

namespace fieldscan::theory::laws {

namespace {

Setting cubic_alone() {
  Setting s = sampler();
  s.data.input = data::Gaussian{.dim = 20};
  s.data.target = data::Hermite{.coefficients = {0, 0, 0, 0.5}};
  s.network.width = 50;
  s.network.chi = 50;
  return s;
}

}  // namespace

template <>
std::vector<Example> examples<SpecialisationOnset>() {
  return {{SpecialisationOnset{}, cubic_alone()}};
}

template <>
std::vector<Counterexample> counterexamples<SpecialisationOnset>() {
  const auto target = [](std::vector<double> c) {
    return with(cubic_alone(), [&](Setting& s) { s.data.target = data::Hermite{.coefficients = std::move(c)}; });
  };
  return {{SpecialisationOnset{}, unlike(), "the trainer is"},
          {SpecialisationOnset{}, with(cubic_alone(), [](Setting& s) { s.ridge = 0; }), "without a ridge"},
          {SpecialisationOnset{}, target({0, 1, 0, 0.5}), "linear component"},
          {SpecialisationOnset{}, target({0, 0, 0, 0.5, 0, 0.1}), "one component"},
          {SpecialisationOnset{}, target({0, 0, 1}), "odd components"}};
}

}  // namespace fieldscan::theory::laws
