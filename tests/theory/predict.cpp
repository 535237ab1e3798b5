#include "fieldscan/theory/predict.hpp"
#include "fieldscan/theory/list.hpp"

#include <cmath>

#include "catch.hpp"
#include "fieldscan/theory/regression/gp.hpp"
#include "near.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

namespace {

const Dynamics posterior = dynamics::Equilibrium{}, descent = dynamics::Descent{.rate = 0.01};

Setting sphere_setting(const Dynamics& dynamics = posterior) {
  Setting s;
  s.data.input = data::Sphere{.dim = 6};
  s.data.target = data::Gegenbauer{.levels = {{1, 0.8}, {3, 0.2}}};
  s.data.noise = 0.1;
  s.data.train_size = 20;
  s.data.test_size = 200;
  s.network.activation = network::Erf{};
  s.ridge = 0.1;
  s.seed = 7;
  s.dynamics = dynamics;
  s.trainer = "the trainer";
  s.asked.times = {0, 0.5, 3, equilibrium};
  return s;
}

double value(const Result& result, Observable observable, double time = equilibrium, double coordinate = 0) {
  for (const Row& row : result.rows)
    if (row.observable == observable && row.time == time && row.coordinate == coordinate) return row.value;
  FAIL("no row of " << info(observable).name);
  return 0;
}

Vector predictor(const Result& result, double time = equilibrium) {
  for (const Array& a : result.arrays)
    if (a.observable == Observable::predictor && a.time == time)
      return Eigen::Map<const Vector>(a.data.data(), static_cast<Index>(a.data.size()));
  FAIL("no predictor");
  return {};
}

}  // namespace

TEST_CASE("theories compare with the trainers they describe") {
  Setting s = sphere_setting(posterior);
  CHECK(applicability(Nngp{}, s).applies);
  CHECK(applicability(LearningCurve{}, s).applies);
  CHECK_FALSE(applicability(NtkRegression{}, s).applies);
  CHECK_FALSE(applicability(NtkFlow{}, s).applies);
  s = sphere_setting(descent);
  CHECK_FALSE(applicability(Nngp{}, s).applies);
  CHECK(applicability(NtkRegression{}, s).applies);
  CHECK(applicability(NtkFlow{}, s).applies);
  CHECK(applicability(LearningCurve{}, s).applies);
}

TEST_CASE("a solved readout is compared with regression, whatever the rates are") {
  Setting s = sphere_setting(dynamics::Solved{});
  s.network.train = network::Trained::readout;
  s.network.parameterisation = network::Parameterisation::mup;
  CHECK(applicability(NtkRegression{}, s).applies);
  CHECK(applicability(LearningCurve{}, s).applies);
  CHECK_FALSE(applicability(NtkFlow{}, s).applies);
  CHECK_FALSE(applicability(NtkDescent{}, s).applies);
  CHECK_FALSE(applicability(Nngp{}, s).applies);
  // Its mean is the posterior's; of the variance it shows nothing.
  const Result solved = predict(NtkRegression{}, s, 1);
  CHECK(near::distance(predictor(solved), predictor(predict(Nngp{}, sphere_setting(), 1))) < 1e-10);
  CHECK(value(solved, Observable::error_test) == value(solved, Observable::error_mean_predictor));
  for (const Result& average : {predict(LearningCurve{}, s, 0), predict(EquivalentKernel{}, s, 0)})
    CHECK(value(average, Observable::error_test) == value(average, Observable::error_mean_predictor));
}

TEST_CASE("the averaged flow is given nothing and says where it does not hold") {
  Setting s = sphere_setting(descent);
  const TheoryChoice averaged = NtkFlow{.averaged = true};
  CHECK(given_of(averaged) == Given::nothing);
  CHECK(given_of(NtkFlow{}) == Given::draw);
  CHECK(applicability(averaged, s).applies);
  const Result result = predict(averaged, s, 5);
  CHECK(result.data_draw == 0);
  CHECK(result.arrays.empty());
  // At the end it is the learning curve of descent.
  const Result curve = predict(LearningCurve{}, s, 0);
  for (auto o : {Observable::error_test, Observable::error_mean_predictor, Observable::error_train})
    CHECK(value(result, o) == Approx(value(curve, o)).epsilon(1e-9));
  Setting other = s;
  other.seed = 99;
  other.network.width = 7;
  CHECK(prediction_text(averaged, other) == prediction_text(averaged, s));
  other.data.noise = 0.7;
  CHECK(prediction_text(averaged, other) != prediction_text(averaged, s));
  CHECK(prediction_text(NtkFlow{}, s).find("inputs.dim") == std::string::npos);
  s.data.input = data::Gaussian{.dim = 6};
  CHECK_FALSE(applicability(averaged, s).applies);
  CHECK(applicability(NtkFlow{}, s).applies);
}

TEST_CASE("the averaged training error is flagged where the smallest eigenvalues of single data sets make it") {
  Setting s = sphere_setting(descent);
  s.data.train_size = 60;
  s.network.bias_variance = 0.2;
  s.network.centred = true;
  s.asked.times = {0.01, 30, 1e6};
  const auto flags = [&](double ridge) {
    s.ridge = ridge;
    std::vector<Flag> out;
    for (const Row& row : predict(NtkFlow{.averaged = true}, s, 0).rows) {
      CHECK(row.value >= 0);
      if (row.observable == Observable::error_train) out.push_back(row.flag);
    }
    return out;
  };
  CHECK(flags(0)[0] == Flag::none);
  CHECK(flags(0)[1] == Flag::outside_validity);
  CHECK(flags(0.1) == std::vector<Flag>{Flag::none, Flag::none, Flag::none});
}

TEST_CASE("theories say where they do not hold") {
  const auto because = [](const TheoryChoice& theory, const Setting& s) { return applicability(theory, s).because; };
  Setting s = sphere_setting(descent);
  s.dynamics = dynamics::Descent{.rate = 0.01, .anchor = dynamics::Anchor::zero};
  CHECK(because(NtkFlow{}, s).find("towards zero") != std::string::npos);
  s.ridge = 0;  // no pull at all
  CHECK(applicability(NtkFlow{}, s).applies);
  s.network.parameterisation = network::Parameterisation::mup;
  CHECK(because(NtkRegression{}, s).find("mup") != std::string::npos);
  s = sphere_setting();
  s.data.input = data::Gaussian{.dim = 6};
  CHECK(applicability(Nngp{}, s).applies);
  CHECK_FALSE(applicability(LearningCurve{}, s).applies);
  s.data.target = data::Linear{};
  s.network.activation = network::Linear{};
  CHECK(applicability(LearningCurve{}, s).applies);
  s.network.activation = network::Relu{};
  CHECK(applicability(LearningCurve{}, s).applies);
  s.network.bias_variance = 0.1;
  CHECK_FALSE(applicability(LearningCurve{}, s).applies);
  s = sphere_setting();
  s.data.target = data::TeacherNetwork{};
  CHECK(because(LearningCurve{}, s).find("power") != std::string::npos);
  s = sphere_setting();
  s.network.train = network::Trained::hidden;
  CHECK(because(Nngp{}, s).find("readout is frozen") != std::string::npos);
}

TEST_CASE("the identity of a prediction holds what it depends on") {
  const Setting base = sphere_setting();
  const std::string text = prediction_text(Nngp{}, base), curve = prediction_text(LearningCurve{}, base);
  Setting s = base;
  s.network.width = 17;
  s.asked.times = {1, 2};
  s.trainer = "langevin";
  CHECK(prediction_text(Nngp{}, s) == text);
  CHECK(prediction_text(LearningCurve{}, s) == curve);
  s = base;
  s.seed = 8;
  CHECK(prediction_text(Nngp{}, s) != text);
  CHECK(prediction_text(LearningCurve{}, s) == curve);
  s = base;
  s.data.test_size = 300;
  CHECK(prediction_text(Nngp{}, s) != text);
  CHECK(prediction_text(LearningCurve{}, s) == curve);
  const auto changes = {+[](Setting& t) { t.ridge = 0.2; },
                        +[](Setting& t) { t.network.depth = 2; },
                        +[](Setting& t) { t.network.chi = 3; },
                        +[](Setting& t) { t.network.activation = network::Relu{}; },
                        +[](Setting& t) { t.network.weight_variance = 2; },
                        +[](Setting& t) { t.data.noise = 0.3; },
                        +[](Setting& t) { t.data.train_size = 21; },
                        +[](Setting& t) { t.data.input = data::Sphere{.dim = 7}; }};
  for (const auto change : changes) {
    s = base;
    change(s);
    CHECK(prediction_text(Nngp{}, s) != text);
    CHECK(prediction_text(LearningCurve{}, s) != curve);
  }
  Setting flow = sphere_setting(descent);
  flow.network.centred = true;
  const std::string centred = prediction_text(NtkRegression{}, flow);
  flow.network.chi = 9;
  CHECK(prediction_text(NtkRegression{}, flow) == centred);  // no initial variance: χ plays no part
}

TEST_CASE("χ divides variances and leaves means") {
  Setting s = sphere_setting();
  const Result one = predict(Nngp{}, s, 0);
  s.network.chi = 4;
  const Result four = predict(Nngp{}, s, 0);
  CHECK(near::equal(predictor(one), predictor(four)));
  CHECK(value(one, Observable::variance_posterior) == Approx(4 * value(four, Observable::variance_posterior)));
  for (const Result* r : {&one, &four})
    CHECK(value(*r, Observable::error_test) ==
          Approx(value(*r, Observable::error_mean_predictor) + value(*r, Observable::variance_posterior)));
}

TEST_CASE("rows are those of the predictor") {
  const Setting s = sphere_setting();
  const data::Draw draw = data::make_draw(s.data, s.seed, 2);
  const Result r = predict(Nngp{}, s, 2, draw);
  CHECK(near::equal(predictor(r), predictor(predict(Nngp{}, s, 2))));
  const Vector f = predictor(r);
  CHECK(value(r, Observable::error_mean_predictor) == Approx((f - draw.test.target).squaredNorm() / 200));
  REQUIRE(draw.mode_numbers.size() == 2);
  // Of both components at once: the normal equations of least squares.
  const Matrix& g = draw.test.modes;
  const Vector shares = (g.transpose() * g).inverse() * (g.transpose() * f);
  for (Index k = 0; k < 2; ++k)
    CHECK(value(r, Observable::learnability, equilibrium, draw.mode_numbers[static_cast<std::size_t>(k)]) ==
          Approx(shares[k]));
  // error_train: residual and posterior variance at the training points, by brute force.
  const Matrix kernel = kernels(kernel_spec(s.network), draw.train.x).nngp;
  const Regression own = regression(kernel, s.ridge, draw.train.label, kernel, kernel.diagonal());
  CHECK(value(r, Observable::error_train) ==
        Approx((own.mean - draw.train.label).squaredNorm() / 20 + own.variance.mean()).epsilon(1e-9));
}

TEST_CASE("a solution says how many digits rounding leaves") {
  Setting s = sphere_setting();
  s.network.activation =
      network::Linear{};  // the noise is beyond the six features: α = noise/κ, which K turns into nothing but rounding
  s.data.noise = 0.5;
  const auto at = [&](double ridge) {
    s.ridge = ridge;
    return predict(Nngp{}, s, 0);
  };
  CHECK(at(0.1).reason.empty());
  CHECK(at(0.1).rows[0].flag == Flag::none);
  const Result few = at(1e-11), none = at(1e-14);
  CHECK(few.reason.find("digits of the predictor are left") != std::string::npos);
  CHECK(few.rows[0].flag == Flag::none);
  CHECK(none.rows[0].flag == Flag::outside_validity);
}

TEST_CASE("the end of the flow is the regression with the tangent kernel, in every variant") {
  for (auto train : {network::Trained::all, network::Trained::readout, network::Trained::hidden})
    for (bool centred : {false, true})
      for (double ridge : {0.0, 0.2}) {
        Setting s = sphere_setting(descent);
        s.network.train = train;
        s.network.centred = centred;
        s.network.chi = 2;
        s.network.bias_variance = 0.3;
        s.ridge = ridge;
        const Result flow = predict(NtkFlow{}, s, 1), end = predict(NtkRegression{}, s, 1);
        CAPTURE(word(train), centred, ridge);
        CHECK(near::largest_difference(predictor(flow), predictor(end)) <= 1e-7);
        for (auto o : {Observable::error_test, Observable::error_mean_predictor, Observable::error_train})
          CHECK(value(flow, o) == Approx(value(end, o)).epsilon(1e-6).margin(1e-9));
        const double initial =
            value(flow, Observable::error_test, 0) - value(flow, Observable::error_mean_predictor, 0);
        CHECK((initial == 0) == centred);
      }
}

TEST_CASE("where only the readout learns without decay, flow and posterior share their mean") {
  Setting s = sphere_setting(descent);
  s.network.train = network::Trained::readout;
  const Result end = predict(NtkRegression{}, s, 1);
  s = sphere_setting(posterior);
  CHECK(near::distance(predictor(end), predictor(predict(Nngp{}, s, 1))) <= 1e-10);
}
