#include <cmath>

#include "catch.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/list.hpp"
#include "fieldscan/theory/predict.hpp"

/// What the settings of a network and its trainer mean for the order parameters.
using namespace fieldscan;
using namespace fieldscan::theory;

namespace {

Setting committee() {
  Setting s;
  s.data.input = data::Gaussian{.dim = 40};
  s.data.target = data::TeacherNetwork{.width = 2};
  s.data.train_size = data::TrainSizeWord::online;
  s.network.width = 2;
  s.network.chi = 0.5;
  s.network.train = network::Trained::hidden;
  s.seed = 5;
  s.dynamics = dynamics::Online{.rate = 0.5};
  s.trainer = "sgd";
  s.asked.times = {0, 2, 6};
  return s;
}

double error_at(const Result& result, double time) {
  for (const Row& row : result.rows)
    if (row.observable == Observable::error_test && row.time == time) return row.value;
  throw 1;
}

}  // namespace

TEST_CASE("without the part of order η² rate, batch and momentum scale time alone") {
  const OnlineOde theory{.noise_term = NoiseTerm::dropped};
  const double reference = error_at(predict(theory, committee(), 0), 6);
  const auto at = [&](const dynamics::Online& online, double time) {
    Setting s = committee();
    s.dynamics = online;
    s.asked.times = {time};
    return error_at(predict(theory, s, 0), time);
  };
  CHECK(at({.rate = 1.5}, 2) == Approx(reference).epsilon(1e-7));
  CHECK(at({.rate = 0.5, .batch = 3}, 2) == Approx(reference).epsilon(1e-7));
  CHECK(at({.rate = 0.5, .momentum = 0.5}, 3) == Approx(reference).epsilon(1e-7));
  // Control: with it a rate is more than a scale of time.
  Setting fast = committee();
  fast.dynamics = dynamics::Online{.rate = 1.5};
  fast.asked.times = {2};
  CHECK(std::abs(error_at(predict(OnlineOde{}, fast, 0), 2) / error_at(predict(OnlineOde{}, committee(), 0), 6) - 1) >
        0.01);
}

TEST_CASE("a readout that one step moves far is flagged") {
  Setting s = committee();
  const auto flag_of = [](const Setting& setting) { return predict(OnlineOde{}, setting, 0).rows.back().flag; };
  CHECK(flag_of(s) == Flag::none);  // it does not move
  s.network.train = network::Trained::all;
  CHECK(flag_of(s) == Flag::outside_validity);
  s.network.chi = 40;
  CHECK(flag_of(s) == Flag::none);
}

TEST_CASE("a rate that is too large is told as divergence, not as a number") {
  Setting s = committee();
  s.network.activation = network::Linear{};
  s.data.target = data::TeacherNetwork{.width = 2, .activation = network::Linear{}};
  s.dynamics = dynamics::Online{.rate = 300};
  const Result result = predict(OnlineOde{}, s, 0);
  CHECK(result.outcome == Outcome::diverged);
  CHECK(result.reason.find("rate is too large") != std::string::npos);
  CHECK(result.rows.size() == 2);  // those at the start
}

namespace {

/// One unit that learns one, with the readout held at 1: w − w̃ is all that there is.
Setting one_unit(const network::ActivationChoice& activation, double rate, double noise) {
  Setting s = committee();
  s.data.target = data::TeacherNetwork{
      .width = 1, .activation = activation, .readout = data::Readout::ones, .normalise = false, .orthogonal = true};
  s.data.noise = noise;
  s.network.width = 1;
  s.network.chi = 1;
  s.network.activation = activation;
  s.network.initial.readout.law = network::ReadoutLaw::ones;
  s.dynamics = dynamics::Online{.rate = rate};
  return s;
}
double scalar(const Result& result, std::string_view name) {
  for (const Row& row : result.rows)
    if (info(row.observable).name == name) return row.value;
  return -1;
}

}  // namespace

TEST_CASE("where linear units end: their plateau, the floor of noisy labels and the largest rate are known exactly") {
  // de/dt = −2η e + η² (e + σ²) with e = |w − w̃|²/d; dR/dt = η (T − R).
  const double rate = 0.5, noise = 0.3;
  Setting s = one_unit(network::Linear{}, rate, noise);
  s.asked.times = {0, 1, 30};
  const Result result = predict(OnlineOde{}, s, 0);
  CHECK(scalar(result, "stationary_error") == Approx(rate * noise * noise / (2 - rate)).epsilon(1e-8));
  CHECK(scalar(result, "critical_rate") == Approx(2).epsilon(2e-4));
  std::vector<double> overlap;  // R/√T, which goes to √T
  for (const Array& array : result.arrays) overlap.push_back(array.data.at(0));
  const double root = overlap.back() - (overlap.front() - overlap.back()) * std::exp(-rate * 30);
  const double expected = std::log((root - overlap.front()) / (root / 2)) / rate;
  CHECK(overlap.front() > -root / 2);
  CHECK(scalar(result, "plateau_length") == Approx(expected).epsilon(1e-5));
  // Not before its end, nor without the noise of single examples a largest rate.
  s.asked.times = {0, 0.5 * expected};
  CHECK(scalar(predict(OnlineOde{}, s, 0), "plateau_length") == -1);
  CHECK(scalar(predict(OnlineOde{.noise_term = NoiseTerm::dropped}, s, 0), "critical_rate") == -1);
}

TEST_CASE("a first step that leaves all bounds is tried shorter") {
  // One late time alone: the first step tried is a thousandth of it, 20, where a stage errs by more than 10⁴ times the
  // start's error and the slope is none.
  const double rate = 0.5, noise = 0.3;
  Setting s = one_unit(network::Linear{}, rate, noise);
  s.asked.times = {2e4};
  const Result result = predict(OnlineOde{}, s, 0);
  CHECK(result.outcome == Outcome::done);
  CHECK(error_at(result, 2e4) == Approx(rate * noise * noise / (2 - rate)).epsilon(1e-6));
}

TEST_CASE("erf units rest at their stationary error, up to the critical rate and not beyond it") {
  const network::ActivationChoice erf = network::Erf{.scale = std::sqrt(0.5)};
  const auto late = [&](double rate, double noise) {
    Setting s = one_unit(erf, rate, noise);
    s.asked.times = {0, 100, 400};
    return predict(OnlineOde{}, s, 0);
  };
  const Result noisy = late(1.5, 0.2);
  Setting one_time = one_unit(erf, 1.5, 0.2);
  one_time.asked.times = {400};  // a first step that is too long for the equations is none of the networks
  const Result alone = predict(OnlineOde{}, one_time, 0);
  CHECK(alone.outcome == Outcome::done);
  CHECK(error_at(alone, 400) == Approx(error_at(noisy, 400)).epsilon(1e-6));
  CHECK(scalar(noisy, "stationary_error") == Approx(error_at(noisy, 400)).epsilon(1e-6));
  const double critical = scalar(late(1.5, 0), "critical_rate");
  CAPTURE(critical);
  CHECK(critical > 2);
  CHECK(error_at(late(0.95 * critical, 0), 400) < 1e-6);
  CHECK(error_at(late(1.05 * critical, 0), 400) > 1e-4);
  // Rectifiers have none of the two.
  Setting relu = one_unit(network::Relu{}, 0.5, 0.1);
  relu.asked.times = {0, 3};
  CHECK(scalar(predict(OnlineOde{}, relu, 0), "stationary_error") == -1);
}
