#include <map>
#include <tuple>

#include "catch.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/list.hpp"
#include "fieldscan/theory/predict.hpp"
#include "theory/average.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::Average;

namespace {

/// The trainer of one theory averaged over data, and where it is at each time.
struct Averaged {
  AnyTheory average, draw;
  Dynamics dynamics;
  std::vector<double> times;
  double later;  ///< a third after times[2]
};

}  // namespace

TEST_CASE("theories averaged over data are the means of their draws", "[slow]") {
  // Steps of half the stability limit of most data sets.
  const double unit = 0.5 * 0.006;
  const std::vector<Averaged> all = {
      {NtkFlow{.averaged = true}, NtkFlow{}, dynamics::Flow{}, {0, 0.003, 0.03, 0.3, 3, equilibrium}, 0.04},
      {NtkDescent{.averaged = true},
       NtkDescent{},
       dynamics::Descent{.rate = 2 * unit},
       {0, unit, 10 * unit, 100 * unit, 500 * unit, equilibrium},
       13 * unit}};
  for (const Averaged& theory : all)
    for (const bool centred : {false, true}) {
      Setting s;
      s.data.input = data::Sphere{.dim = 8};
      s.data.target = data::Gegenbauer{.levels = {{1, 0.7}, {2, 0.3}}};
      s.data.noise = 0.3;
      s.data.train_size = 100;
      s.data.test_size = 400;
      s.network.activation = network::Relu{};
      s.network.weight_variance = 2;
      s.network.bias_variance = 0.2;
      s.network.centred = centred;
      s.network.chi = 2;
      s.ridge = 0.1;
      s.seed = 5;
      s.dynamics = theory.dynamics;
      s.asked.times = theory.times;
      const Result curve = predict(theory.average, s, 0);
      REQUIRE(curve.outcome == Outcome::done);
      std::map<std::tuple<Observable, double, double>, Average> measured;
      std::map<double, Average> unbiased;  // learnability of level 2 with the known power in the denominator
      for (int r = 0; r < 120; ++r) {
        const data::Draw draw = data::make_draw(s.data, s.seed, r);
        const Result result = predict(theory.draw, s, r, draw);
        for (const Row& row : result.rows) measured[{row.observable, row.time, row.coordinate}].add(row.value);
        for (const Array& array : result.arrays)
          unbiased[array.time].add(Eigen::Map<const Vector>(array.data.data(), 400).dot(draw.test.modes.col(1)) /
                                   (400 * 0.3));
      }
      for (const Row& row : curve.rows) {
        if (row.observable == Observable::eigenvalue || row.observable == listed("solver_residual")) continue;
        CAPTURE(kind_of(theory.average), centred, info(row.observable).name, row.time, row.coordinate, row.value);
        const bool weak = row.observable == Observable::learnability && row.coordinate == 2;
        const Average& mean = weak ? unbiased.at(row.time) : measured.at({row.observable, row.time, row.coordinate});
        CAPTURE(mean.mean(), mean.error());
        if (row.value == 0)
          CHECK(mean.mean() == 0);
        else
          CHECK(std::abs(mean.deviation(row.value, 0.02)) < 3.5);
        // Control: the time a third off is seen while the target is being learned.
        if (row.observable != Observable::error_mean_predictor || row.time != theory.times[2]) continue;
        Setting late = s;
        late.asked.times = {theory.later};
        for (const Row& other : predict(theory.average, late, 0).rows)
          if (other.observable == row.observable) CHECK(std::abs(mean.deviation(other.value, 0.02)) > 4);
      }
    }
}
