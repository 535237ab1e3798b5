#include <algorithm>
#include <set>

#include "examples.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/training/list.hpp"

/// What holds of every trainer, whichever it is. Their examples stand in the tests of each: `examples.hpp`.
using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;
using enum fieldscan::Observable;

namespace {

Setting setting_of(const Case& c) { return {c.network, c.spec, c.ridge}; }

Bytes bytes_of(const Result& result) {
  FlatWriter out;
  put(out, result);
  return out.take();
}

/// The times at which errors stand, ascending.
std::vector<double> times_of(const Result& result) {
  std::set<double> times;
  for (const Row& row : result.rows)
    if (row.observable == error_train) times.insert(row.time);
  return {times.begin(), times.end()};
}

bool agree(const std::vector<double>& a, const std::vector<double>& b) {
  return std::ranges::equal(a, b, [](double x, double y) { return x == y || std::abs(x - y) <= 1e-12 * std::abs(y); });
}

bool all_finite(const Result& result) {
  return std::ranges::all_of(result.rows, [](const Row& row) { return std::isfinite(row.value); }) &&
         std::ranges::all_of(result.arrays, [](const Array& array) {
           return std::ranges::all_of(array.data, [](double v) { return std::isfinite(v); });
         });
}

/// Saves its state, stops after so many steps, and is asked how often.
struct Memory {
  Bytes kept;
  int stop_after = 0, asked = 0;
  Checkpoint checkpoint() {
    return {.wish = [this] { return ++asked == stop_after ? Checkpoint::Wish::stop : Checkpoint::Wish::nothing; },
            .load = [this] { return kept; },
            .save = [this](const Bytes& bytes) { kept = bytes; }};
  }
};

/// Trains, stopped after 0, 3, 3, … steps and taken up each time.
Bytes in_pieces(const Case& c, const TrainerChoice& trainer, const ObservePlan& plan, int& pieces) {
  Memory memory;
  for (pieces = 1;; ++pieces) {
    memory.asked = 0;
    memory.stop_after = pieces == 1 ? 1 : 4;
    const Checkpoint checkpoint = memory.checkpoint();
    Problem problem = c.problem();
    problem.checkpoint = &checkpoint;
    try {
      return bytes_of(train(problem, trainer, plan));
    } catch (const Stopped&) {
    }
  }
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("a trainer says of itself what fits together", "[laws]", VariantOf<TrainerChoice>) {
  const auto listed = examples<TestType>();
  REQUIRE_FALSE(listed.empty());
  for (const auto& [trainer, c, plan] : listed) {
    const Setting setting = setting_of(c);
    CHECK_FALSE(problem(trainer, c.network, c.spec, c.ridge));
    const Dynamics dynamics = trainer.dynamics(setting);
    CHECK((TestType::yields == Yield::nothing) == is_alone(dynamics));
    CHECK((TestType::yields == Yield::chain) == is_sampling(dynamics));
    CHECK((TestType::yields == Yield::chain) == (trainer.chain().samples > 0));
    const Cost cost = trainer.cost(setting, sizes_of(c.network, c.spec));
    CHECK((cost.seconds > 0) == (TestType::yields != Yield::nothing));
    CHECK(std::isfinite(cost.seconds + cost.bytes));
    const auto times = trainer.record_times(setting, plan.times);
    CHECK_FALSE(times.empty());
    CHECK(std::ranges::is_sorted(times));
  }
}

TEMPLATE_LIST_TEST_CASE("rows stand at the times that a trainer tells", "[laws]", VariantOf<TrainerChoice>) {
  for (const auto& [trainer, c, plan] : examples<TestType>()) {
    const Result result = train(c.problem(), trainer, plan);
    if (TestType::yields == Yield::nothing) {
      CHECK(result.rows.empty());
      continue;
    }
    CAPTURE(result.reason);
    const auto told = trainer.record_times(setting_of(c), plan.times);
    CHECK(agree(times_of(result), told));
    CHECK(all_finite(result));
    // Control: where curves are recorded, another grid has other times.
    ObservePlan other = plan;
    for (double& value : other.times.values) value *= 2;
    if (told.size() > 2) CHECK_FALSE(agree(times_of(train(c.problem(), trainer, other)), told));
  }
}

TEMPLATE_LIST_TEST_CASE("a replica is a function of its seed and its numbers", "[laws]", VariantOf<TrainerChoice>) {
  for (auto& [trainer, c, plan] : examples<TestType>()) {
    Case other = c;
    const auto run = [&] { return bytes_of(train(other.problem(), trainer, plan)); };
    const Bytes once = run();
    CHECK(run() == once);
    if (TestType::yields == Yield::nothing) continue;
    other.seed = c.seed + 1;
    CHECK(run() != once);
    other.seed = c.seed;
    other.initialisation = c.initialisation + 1;
    CHECK(run() != once);
  }
}

TEMPLATE_LIST_TEST_CASE("stopped and gone on with is not stopped, bit for bit", "[laws]", VariantOf<TrainerChoice>) {
  for (const auto& [trainer, c, plan] : examples<TestType>()) {
    int pieces = 0;
    const Bytes broken = in_pieces(c, trainer, plan, pieces);
    CHECK(broken == bytes_of(train(c.problem(), trainer, plan)));
    CHECK((pieces > 2) == TestType::keeps_state);
  }
}

TEMPLATE_LIST_TEST_CASE("tensors that are not trained stay as they are drawn", "[laws]", VariantOf<TrainerChoice>) {
  if (TestType::yields == Yield::nothing) return;
  const auto excess = [](const Case& c, const TrainerChoice& trainer) {
    const Result result = train(c.problem(), trainer, plan_of({norm_excess}));
    return std::vector{value_of(result, norm_excess, 1), value_of(result, norm_excess, 3)};
  };
  for (const auto& [trainer, c, plan] : examples<TestType>())
    for (const auto trained : {network::Trained::readout, network::Trained::hidden, network::Trained::all}) {
      Case frozen = c;
      frozen.network.train = trained;
      if (problem(trainer, frozen.network, frozen.spec, frozen.ridge)) continue;
      const network::Network network(frozen.network, static_cast<int>(c.data.train.x.cols()));
      const Vector start = initial_of(frozen);
      const auto drawn = [&](const network::Tensor& tensor) {
        return start.segment(tensor.offset, tensor.size()).squaredNorm() - static_cast<double>(tensor.size());
      };
      const auto now = excess(frozen, trainer);
      CAPTURE(word(trained));
      CHECK((std::abs(now[0] - drawn(network.tensors().front())) < 1e-10) == (trained == network::Trained::readout));
      CHECK((std::abs(now[1] - drawn(network.tensors().back())) < 1e-10) == (trained == network::Trained::hidden));
    }
}

TEMPLATE_LIST_TEST_CASE("divergence is an outcome with finite numbers", "[laws]", VariantOf<TrainerChoice>) {
  for (const auto& [trainer, c, plan] : diverging<TestType>()) {
    const Result result = train(c.problem(), trainer, plan);
    CHECK(result.outcome == Outcome::diverged);
    CHECK_FALSE(result.reason.empty());
    CHECK(all_finite(result));
  }
  // Control: the examples do not.
  for (const auto& [trainer, c, plan] : examples<TestType>())
    CHECK(train(c.problem(), trainer, plan).outcome != Outcome::diverged);
}

TEMPLATE_LIST_TEST_CASE("single precision is offered, and near, or refused with its reason", "[laws]",
                        VariantOf<TrainerChoice>) {
  for (const auto& [trainer, c, plan] : examples<TestType>()) {
    Case single = c;
    single.precision = Precision::single;
    if (!TestType::needs_double.empty()) {
      CHECK_THROWS_AS(train(single.problem(), trainer, plan), NumericalError);
      continue;
    }
    const Result rough = train(single.problem(), trainer, plan), fine = train(c.problem(), trainer, plan);
    REQUIRE(rough.rows.size() == fine.rows.size());
    if (TestType::yields == Yield::nothing) continue;
    CHECK(all_finite(rough));
    // The noise of a chain may be single too, and then is other noise.
    if (TestType::yields != Yield::network) continue;
    CHECK(value_of(rough, error_train) == Approx(value_of(fine, error_train)).epsilon(1e-3));
    // Control: another initialisation is not near.
    single.initialisation = c.initialisation + 1;
    CHECK(value_of(train(single.problem(), trainer, plan), error_train) !=
          Approx(value_of(fine, error_train)).epsilon(1e-3));
  }
}
