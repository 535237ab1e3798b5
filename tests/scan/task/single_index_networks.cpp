#include <cmath>

#include "catch.hpp"
#include "fieldscan/theory/droplet/droplet.hpp"
#include "fieldscan/theory/droplet/specialisation_onset.hpp"
#include "fieldscan/theory/list.hpp"
#include "fieldscan/theory/predict.hpp"
#include "fieldscan/training/train.hpp"

/// Theories of targets of one direction, averaged over data, beside sampled networks inside and outside their regime.
namespace fieldscan {

namespace single_index {

using enum Observable;

theory::Setting setting_of(int dimension, int points, double ridge, std::vector<double> coefficients) {
  theory::Setting s;
  s.data.input = data::Gaussian{.dim = dimension};
  s.data.target = data::Hermite{.coefficients = std::move(coefficients)};
  s.data.train_size = points;
  s.data.test_size = 1000;
  s.network = {.depth = 1, .width = 40, .activation = network::Erf{}, .chi = 40};
  s.ridge = ridge;
  s.seed = 7;
  s.dynamics = dynamics::Equilibrium{};
  s.trainer = "hmc";
  return s;
}

double row_of(const Result& result, Observable observable, double coordinate = 0) {
  for (const Row& row : result.rows)
    if (row.observable == observable && row.coordinate == coordinate) return row.value;
  FAIL("no row of " << word(observable));
  return 0;
}

/// Means over data draws of networks, one chain each, and of the Gaussian process on the same draws.
struct Measured {
  double cubic = 0, moment = 0, wide_cubic = 0;
};
Measured measured(const theory::Setting& s, int draws) {
  Measured out;
  for (int k = 0; k < draws; ++k) {
    const data::Draw draw = data::make_draw(s.data, s.seed, k);
    const training::Problem problem{
        .network = s.network, .data_spec = s.data, .data = draw, .ridge = s.ridge, .seed = s.seed, .draw = k};
    const Result chain = training::train(problem, training::Hmc{.samples = 100},
                                         {.observables = {learnability, overlap_moment}, .times = {}});
    const Result wide = theory::predict(theory::AnyTheory(theory::Nngp{}), s, {k, 0}, draw);
    out.cubic += row_of(chain, learnability, 3) / draws;
    out.moment += row_of(chain, overlap_moment) / draws;
    out.wide_cubic += row_of(wide, learnability, 3) / draws;
  }
  return out;
}

template <class T>
Result predicted(const theory::Setting& s) {
  return T{}.predict(T{}.inputs(s));
}

// Learnabilities of single draws are spread by 0.06 inside and by 0.05 outside, overlaps by 0.01.
TEST_CASE("droplets at P = 10 d are what networks are made of, and at P = d they are too many") {
  const theory::Setting inside = setting_of(10, 100, 1, {0, 1, 0, -0.3}),
                        outside = setting_of(20, 20, 0.1, {0, 1, 0, -0.3});
  {
    const Measured networks = measured(inside, 3);
    const Result droplets = predicted<theory::Droplet>(inside);
    CAPTURE(networks.cubic, networks.moment, networks.wide_cubic);
    CHECK(droplets.rows.at(0).flag == Flag::none);
    CHECK(networks.moment == Approx(row_of(droplets, overlap_moment)).epsilon(0.1));
    CHECK(networks.cubic == Approx(row_of(droplets, learnability, 3)).epsilon(0.2));
    // Neither infinite width nor the prior of the overlaps, 1/d.
    CHECK(networks.cubic > 2 * networks.wide_cubic);
    CHECK(networks.moment > 3 * 0.1);
  }
  {
    const Measured networks = measured(outside, 3);
    const Result droplets = predicted<theory::Droplet>(outside);
    CAPTURE(networks.cubic, networks.moment);
    CHECK(droplets.rows.at(0).flag == Flag::outside_validity);
    CHECK(row_of(droplets, learnability, 3) > 1.5 * networks.cubic);
    CHECK(row_of(droplets, overlap_moment) > 1.3 * networks.moment);
  }
}

TEST_CASE("at P = d and small ridges units do not turn where the onset of specialisation says") {
  const theory::Setting s = setting_of(20, 40, 0.1, {0, 0, 0, 1});
  const Result onset = predicted<theory::SpecialisationOnset>(s);
  CHECK(onset.rows.at(0).flag == Flag::outside_validity);
  CHECK(row_of(onset, listed("onset_train_size")) < 20);
  const Measured networks = measured(s, 2);
  CAPTURE(networks.cubic, networks.wide_cubic);
  // At 2.7 times that P the continuum has more than a quarter of the target, networks what infinite width has.
  CHECK(row_of(predicted<theory::Droplet>(s), learnability, 3) > 0.25);
  CHECK(networks.cubic - networks.wide_cubic < 0.05);
}

TEST_CASE("at P = 8 d units turn near the onset of specialisation, and not well below it", "[slow]") {
  const theory::Setting below = setting_of(20, 100, 4, {0, 0, 0, 1}), above = setting_of(20, 400, 4, {0, 0, 0, 1});
  const Result onset = predicted<theory::SpecialisationOnset>(above);
  CHECK(onset.rows.at(0).flag == Flag::none);
  CHECK(row_of(onset, listed("onset_train_size")) == Approx(172).margin(2));
  const Measured few = measured(below, 2), many = measured(above, 2);
  CAPTURE(few.cubic, few.wide_cubic, many.cubic, many.wide_cubic);
  CHECK(few.cubic - few.wide_cubic < 0.01);
  CHECK(many.cubic - many.wide_cubic > 0.05);
  CHECK(many.wide_cubic < 0.02);
}

}  // namespace single_index

}  // namespace fieldscan
