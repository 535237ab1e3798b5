#include <cmath>

#include "catch.hpp"
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
