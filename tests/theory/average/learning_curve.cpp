#include "fieldscan/theory/average/learning_curve.hpp"

#include <cmath>
#include <map>

#include "catch.hpp"
#include "fieldscan/theory/list.hpp"
#include "fieldscan/theory/predict.hpp"
#include "theory/average.hpp"
#include "theory/examples.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

namespace {

using fieldscan::testing::Average;  // over data draws

/// Rows of a theory given a draw, averaged over draws; the learnabilities as they are predicted, jointly of all levels;
/// as the ratio ⟨f g⟩/⟨g²⟩, which has a bias of O(1/T); and with the known power of the level in the denominator.
struct Averages {
  std::map<Observable, Average> rows;  ///< those without a coordinate
  std::map<double, Average> joint, ratio, unbiased;
};
Averages average(const TheoryChoice& theory, const Setting& setting, int draws) {
  const auto power = data::power_per_level(setting.data).value();
  Averages out;
  for (int r = 0; r < draws; ++r) {
    const data::Draw draw = data::make_draw(setting.data, setting.seed, r);
    const Result result = predict(theory, setting, r, draw);
    for (const Row& row : result.rows)
      (row.observable == Observable::learnability ? out.joint[row.coordinate] : out.rows[row.observable])
          .add(row.value);
    const auto& f = result.arrays.at(0).data;
    for (std::size_t k = 0; k < draw.mode_numbers.size(); ++k) {
      const Eigen::Map<const Vector> mean(f.data(), static_cast<Index>(f.size()));
      const auto component = draw.test.modes.col(static_cast<Index>(k));
      const double overlap = mean.dot(component) / static_cast<double>(f.size());
      out.ratio[draw.mode_numbers[k]].add(mean.dot(component) / component.squaredNorm());
      out.unbiased[draw.mode_numbers[k]].add(overlap / power.at(static_cast<int>(draw.mode_numbers[k])));
    }
  }
  return out;
}

double value(const Result& result, Observable observable, double coordinate = 0) {
  for (const Row& row : result.rows)
    if (row.observable == observable && row.coordinate == coordinate) return row.value;
  FAIL("no row");
  return 0;
}

/// Deviation of the curve from the average over draws, in standard errors of the mean with 2% added for the theory's
/// own error.
double deviation(const Average& measured, double predicted) {
  return (measured.mean() - predicted) / std::hypot(measured.error(), 0.02 * predicted);
}

const Dynamics posterior = dynamics::Equilibrium{}, descent = dynamics::Flow{};

Setting setting(const Dynamics& dynamics, int points) {
  Setting s;
  s.data.input = data::Sphere{.dim = 8};
  s.data.target = data::Gegenbauer{.levels = {{1, 0.7}, {2, 0.2}, {3, 0.1}}};
  s.data.noise = 0.3;
  s.data.train_size = points;
  s.data.test_size = 200;
  s.network.activation = network::Relu{};
  s.network.weight_variance = 2;
  s.network.bias_variance = 0.2;
  s.ridge = 0.1;
  s.seed = 5;
  s.dynamics = dynamics;
  return s;
}

}  // namespace

TEST_CASE("the learning curve is the average of Gaussian processes", "[slow]") {
  for (int points : {60, 150}) {
    const Setting s = setting(posterior, points);
    const Averages measured = average(Nngp{}, s, 150);
    const Result curve = predict(LearningCurve{}, s, 0);
    CAPTURE(points);
    for (auto o : {Observable::error_mean_predictor, Observable::error_test, Observable::variance_posterior,
                   Observable::error_train, Observable::kappa_eff}) {
      CAPTURE(info(o).name);
      CHECK(std::abs(deviation(measured.rows.at(o), value(curve, o))) < 3.5);
    }
    // Control: a ridge wrong by a factor of two is seen in those that depend on it most.
    Setting wrong = s;
    wrong.ridge = 2 * s.ridge;
    const Result other = predict(LearningCurve{}, wrong, 0);
    for (auto o : {Observable::error_train, Observable::variance_posterior, Observable::kappa_eff})
      CHECK(std::abs(deviation(measured.rows.at(o), value(other, o))) > 5);
  }
}

TEST_CASE("every level is learned as far as the learning curve says", "[slow]") {
  Setting s = setting(posterior, 60);
  s.seed = 21;
  const Averages measured = average(Nngp{}, s, 600);
  const Result curve = predict(LearningCurve{}, s, 0);
  for (double level : {1.0, 2.0, 3.0}) {
    const double predicted = value(curve, Observable::learnability, level);
    CAPTURE(level, predicted, measured.unbiased.at(level).mean(), measured.unbiased.at(level).error());
    CHECK(std::abs(deviation(measured.unbiased.at(level), predicted)) < 3.5);
    CAPTURE(measured.joint.at(level).mean(), measured.joint.at(level).error());
    CHECK(std::abs(deviation(measured.joint.at(level), predicted)) < 3.5);
  }
  // Controls: levels are told apart, and 200 test points show the bias of the ratio at the weakest level.
  CHECK(std::abs(deviation(measured.unbiased.at(2.0), value(curve, Observable::learnability, 1))) > 5);
  CHECK(deviation(measured.ratio.at(3.0), value(curve, Observable::learnability, 3)) < -2);
}

TEST_CASE("with the tangent kernel it is the average of networks trained to the end", "[slow]") {
  Setting s = setting(descent, 100);
  for (double chi : {1.0, 5.0}) {
    s.network.chi = chi;
    const Averages measured = average(NtkRegression{}, s, 150);
    const Result curve = predict(LearningCurve{}, s, 0);
    for (auto o : {Observable::error_mean_predictor, Observable::error_test, Observable::error_train}) {
      CAPTURE(info(o).name, chi);
      CHECK(std::abs(deviation(measured.rows.at(o), value(curve, o))) < 3.5);
    }
    // Control: without the variance over initialisations the error of one network is missed.
    if (chi == 1)
      CHECK(std::abs(deviation(measured.rows.at(Observable::error_test),
                               value(curve, Observable::error_mean_predictor))) > 5);
  }
}

TEST_CASE("normal inputs and a rectifier have the spectrum of the sphere", "[slow]") {
  Setting s = setting(posterior, 80);
  s.data.input = data::Gaussian{.dim = 8};
  s.data.target = data::Linear{};
  s.network.bias_variance = 0;
  const Averages measured = average(Nngp{}, s, 150);
  const Result curve = predict(LearningCurve{}, s, 0);
  for (auto o : {Observable::error_mean_predictor, Observable::error_train})
    CHECK(std::abs(deviation(measured.rows.at(o), value(curve, o))) < 3.5);
}

TEST_CASE("numbers outside the regime are flagged") {
  const auto flag = [](int points) { return predict(LearningCurve{}, setting(posterior, points), 0).rows[0].flag; };
  CHECK(flag(8) == Flag::outside_validity);
  CHECK(flag(100) == Flag::none);
}

TEST_CASE("the evidence is that of the average data set") {
  const Setting s = setting(posterior, 60);
  const Average measured = average(Nngp{}, s, 40).rows.at(Observable::log_evidence);
  CHECK(std::abs(measured.mean() - value(predict(LearningCurve{}, s, 0), Observable::log_evidence)) <
        3.5 * std::hypot(measured.error(), 0.3));
}

TEST_CASE("one network of many is the mean network when χ is large") {
  for (const Dynamics& dynamics : {posterior, descent}) {
    Setting s = setting(dynamics, 50);
    s.network.chi = 1e9;
    const Result r = predict(LearningCurve{}, s, 0);
    CHECK(value(r, Observable::error_test) == Approx(value(r, Observable::error_mean_predictor)).epsilon(1e-6));
  }
}

TEST_CASE("a kernel of few features without a ridge is least squares") {
  // d features, P > d points: error_train = σ² (1 − d/P), error of the mean network σ² d/(P − d).
  Setting s = setting(descent, 60);
  s.data.target = data::Linear{};
  s.network.activation = network::Linear{};
  s.network.bias_variance = 0;
  s.network.centred = true;
  s.ridge = 0;
  const Result r = predict(LearningCurve{}, s, 0);
  CHECK(value(r, Observable::kappa_eff) == 0);
  CHECK(value(r, Observable::error_train) == Approx(0.09 * (1 - 8.0 / 60)).epsilon(1e-9));
  CHECK(value(r, Observable::error_mean_predictor) == Approx(0.09 * 8 / 52).epsilon(1e-9));
}

namespace fieldscan::theory::laws {

template <>
std::vector<Example> examples<LearningCurve>() {
  return {{LearningCurve{}, sampler()}, {LearningCurve{}, descent()}};
}

template <>
std::vector<Counterexample> counterexamples<LearningCurve>() {
  return {{LearningCurve{}, unlike(), "the trainer is"},
          {LearningCurve{.kernel = KernelChoice::tangent}, sampler(), "its kernel is tangent"},
          {LearningCurve{}, with(sampler(), [](Setting& s) { s.data.target = data::TeacherNetwork{}; }), "power"},
          {LearningCurve{}, online(sampler()), "number of training points"}};
}

}  // namespace fieldscan::theory::laws
