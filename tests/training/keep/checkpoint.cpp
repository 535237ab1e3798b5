#include "../../../src/training/keep/keep.hpp"
#include "../../../src/training/sampling/chain.hpp"

#include <bit>
#include <limits>

#include "../support.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;
using enum fieldscan::Observable;

namespace {

/// Keeps states in memory and stops a training at the given one of its steps.
struct Memory {
  Bytes kept;
  int stop_after = 0, asked = 0, saved = 0;
  Checkpoint checkpoint() {
    return {.wish =
                [this] {
                  ++asked;
                  if (asked == stop_after) return Checkpoint::Wish::stop;
                  return asked % 7 == 0 ? Checkpoint::Wish::save : Checkpoint::Wish::nothing;
                },
            .load = [this] { return kept; },
            .save =
                [this](const Bytes& bytes) {
                  kept = bytes;
                  ++saved;
                }};
  }
};

Bytes bytes_of(const Result& result) {
  FlatWriter out;
  put(out, result);
  return out.take();
}

/// Stops a training again and again, after 0, length, length, … steps, and takes it up each time.
Bytes in_pieces(const Case& c, const TrainerChoice& trainer, const ObservePlan& plan, int& pieces, int length = 5) {
  Memory memory;
  for (pieces = 1;; ++pieces) {
    memory.asked = 0;
    memory.stop_after = pieces == 1 ? 1 : length + 1;
    const Checkpoint checkpoint = memory.checkpoint();
    Problem problem = c.problem();
    problem.checkpoint = &checkpoint;
    try {
      return bytes_of(train(problem, trainer, plan));
    } catch (const Stopped&) {
    }
  }
}

ObservePlan rich_plan() {
  ObservePlan plan = plan_of({error_train, error_test, predictor, kernel_change, ntk_empirical, steps_done});
  plan.times = {.unit = TimeUnit::steps, .values = {2, 9, 17}};
  plan.predictor_on_grid = true;
  return plan;
}

/// All that a chain keeps, and numbers in which every part of its state is seen.
ObservePlan chain_plan() {
  return plan_of({predictor, error_train, error_test, error_validation, variance_posterior, norm_excess, overlap,
                  nngp_empirical, rhat, ess, rhat_folded, ess_bulk, ess_tail, chain_spread, acceptance, step_size,
                  steps_done});
}

Case chain_case(int depth) {
  Case c = make_case(7, 4, 3, {.depth = depth, .width = 5, .activation = network::Erf{}, .chi = 2});
  c.ridge = 0.05;
  c.spec.validation_size = 3;
  c.data.directions = Matrix::Identity(1, 3);
  return c;
}

/// Trajectories of a chain that ends in the given batch.
int trajectories(std::int64_t burn_in, std::int64_t samples, std::int64_t thin, int batches) {
  return static_cast<int>(burn_in + samples * thin * ((1 << batches) - 1));
}

}  // namespace

TEST_CASE("a training that is stopped and taken up again has the bits of one that was not", "[checkpoint]") {
  Case c = make_case(7, 4, 3, {.depth = 2, .width = 6, .activation = network::Tanh{}});
  c.ridge = 0.1;
  c.spec.validation_size = 3;
  const TrainerChoice trainers[] = {
      GradientDescent{.learning_rate = 0.05, .momentum = 0.7, .steps = 31},
      GradientDescent{.time = 3.0},
      GradientDescent{.learning_rate = 0.2, .steps = 200, .schedule = RateSchedule::cosine, .clip = 1.0, .patience = 3},
      Sgd{.learning_rate = 0.02, .batch = 3, .momentum = 0.5, .epochs = 11},
      Adam{.learning_rate = 0.02, .batch = 2, .epochs = 9, .patience = 4},
      Langevin{.step = 1e-3, .steps = 60, .thin = 5},
  };
  for (const TrainerChoice& trainer : trainers) {
    CAPTURE(kind_of(trainer));
    const ObservePlan plan = rich_plan();
    int pieces = 0;
    CHECK(in_pieces(c, trainer, plan, pieces) == bytes_of(train(c.problem(), trainer, plan)));
    CHECK(pieces > 3);
  }
}

TEST_CASE("a chain that is stopped at every trajectory has the bits of one that was not", "[checkpoint]") {
  const int depth = GENERATE(1, 2);
  const Readout readout = GENERATE(Readout::integrated, Readout::sampled);
  const Integrator integrator = GENERATE(Integrator::leapfrog, Integrator::two_stage);
  Case c = chain_case(depth);
  c.precision = GENERATE(Precision::double_, Precision::single);
  const ObservePlan plan = chain_plan();
  const auto check = [&](const TrainerChoice& trainer, int expected) {
    const Result whole = train(c.problem(), trainer, plan);
    CAPTURE(kind_of(trainer), expected, depth, word(readout), word(integrator), word(c.precision));
    REQUIRE(whole.outcome != Outcome::diverged);
    int pieces = 0;
    CHECK(in_pieces(c, trainer, plan, pieces, 1) == bytes_of(whole));
    CHECK(pieces == expected + 1);  // so also in the burn-in, between two samples, and between two batches
    CHECK(in_pieces(c, trainer, plan, pieces, 7) == bytes_of(whole));
    return whole;
  };
  const Hmc hmc{.samples = 8,
                .burn_in = 9,
                .thin = 2,
                .leapfrog = 5,
                .integrator = integrator,
                .readout = readout,
                .start = Start::aligned};
  const Result plain = check(hmc, trajectories(9, 8, 2, 1));
  CHECK(value_of(plain, acceptance) < 1);
  Hmc patient = hmc;
  patient.until = {.batches = 3, .ess = 1e6};  // not reached
  const Result three = check(patient, trajectories(9, 8, 2, 3));
  CHECK(row_of(three, error_test)->count == 32);
  patient.until = {.batches = 9, .rhat = 2, .ess = 20};  // reached on the way
  const auto count = row_of(train(c.problem(), patient, plan), error_test)->count;
  REQUIRE(count > 8);
  check(patient, trajectories(9, 8, 2, std::countr_zero(static_cast<std::uint64_t>(count / 8)) + 1));
  patient = {.samples = 10, .burn_in = 0, .integrator = integrator, .readout = readout};
  patient.until = {.batches = 2, .ess = 1e6};
  check(patient, trajectories(0, 10, 1, 2));
  if (integrator == Integrator::two_stage) return;
  check(Mala{.samples = 8, .burn_in = 4, .thin = 3, .readout = readout, .until = {.batches = 2, .ess = 1e6}},
        trajectories(12, 8, 3, 2));
}

TEST_CASE("a chain over frozen hidden layers, which does not move, goes on too", "[checkpoint]") {
  Case c = chain_case(1);
  c.network.train = network::Trained::readout;
  int pieces = 0;
  const Hmc trainer{.samples = 6, .burn_in = 2};
  CHECK(in_pieces(c, trainer, chain_plan(), pieces, 1) == bytes_of(train(c.problem(), trainer, chain_plan())));
  CHECK(pieces == 9);
}

TEST_CASE("the state of another chain is not read, or leads elsewhere", "[checkpoint]") {
  const Case c = chain_case(1);
  const Hmc trainer{.samples = 8, .burn_in = 4, .until = {.batches = 2, .ess = 1e6}};
  Memory memory;
  memory.stop_after = 16;  // in the second batch
  const Checkpoint checkpoint = memory.checkpoint();
  const auto run = [&](const Case& which, const Hmc& other) {
    Problem problem = which.problem();
    problem.checkpoint = &checkpoint;
    return train(problem, other, chain_plan());
  };
  CHECK_THROWS_AS(run(c, trainer), Stopped);
  CHECK(bytes_of(run(c, trainer)) == bytes_of(train(c.problem(), trainer, chain_plan())));
  Case stranger = c;
  stranger.initialisation = 1;
  CHECK(bytes_of(run(stranger, trainer)) != bytes_of(train(stranger.problem(), trainer, chain_plan())));
  Hmc other = trainer;
  other.until.batches = 1;
  CHECK_THROWS_AS(run(c, other), MalformedMessage);
  other = trainer;
  other.samples = 9;
  CHECK_THROWS_AS(run(c, other), MalformedMessage);
  other = trainer;
  other.readout = Readout::sampled;
  CHECK_THROWS_AS(run(c, other), MalformedMessage);
  memory.kept.pop_back();
  CHECK_THROWS_AS(run(c, trainer), MalformedMessage);
}

TEST_CASE("a chain's record is taken up full, half full and after a network that is not finite", "[checkpoint]") {
  const Case c = chain_case(1);
  const Problem problem = c.problem();
  const network::Network network(c.network, 3);
  const ObservePlan rich = plan_of({overlap, predictor, rhat, ess, variance_posterior});
  const ObservePlan poor = plan_of({overlap});  // of a network that is not finite there is none
  Posterior posterior(problem, network, Readout::sampled, Start::prior);
  const Vector z = posterior.start();
  const auto bytes_with = [&](Index broken, Index saved) {
    const ObservePlan& plan = broken < 0 ? rich : poor;
    const auto fresh = [&] { return ChainRecord(problem, network, plan, 4, {}); };
    std::vector<ChainRecord> records;
    records.push_back(fresh());
    for (Index k = 0; k <= 4; ++k) {
      if (k == saved) {
        FlatWriter out;
        records.back().put(out);
        const Bytes bytes = out.take();
        FlatReader in(bytes);
        records.push_back(fresh());
        records.back().get(in);
        in.expect_end();
      }
      const double factor = k == broken ? std::numeric_limits<double>::quiet_NaN() : 1 + 0.1 * static_cast<double>(k);
      if (k < 4) records.back().add(posterior, factor * z);
    }
    const Result result = records.back().finish({});
    CHECK((result.outcome == Outcome::diverged) == (broken >= 0));
    return bytes_of(result);
  };
  for (const Index broken : {-1, 1}) {
    const Bytes whole = bytes_with(broken, -1);
    for (const Index saved : {0, 2, 4}) CHECK((bytes_with(broken, saved) == whole));
  }
}

TEST_CASE("online learning goes on with the next example", "[checkpoint]") {
  Case c = make_case(1, 5, 3, {.width = 8});
  c.spec.train_size = data::TrainSizeWord::online;
  c.spec.target = data::Linear{};
  c.data.train = {.x = Matrix(0, 3), .target = Matrix(0, 1), .label = Matrix(0, 1)};
  const Sgd trainer{.learning_rate = 0.1, .batch = 3, .steps = 60};  // more examples than are made at once
  int pieces = 0;
  const ObservePlan plan = plan_of({error_test, predictor});
  CHECK(in_pieces(c, trainer, plan, pieces) == bytes_of(train(c.problem(), trainer, plan)));
  CHECK(pieces > 10);
}

TEST_CASE("saving changes nothing, and a state taken up matters", "[checkpoint]") {
  const Case c = make_case(6, 3, 3, {.width = 5});
  const Sgd trainer{.learning_rate = 0.02, .batch = 2, .momentum = 0.9, .steps = 40};
  const ObservePlan plan = plan_of({error_train, predictor});
  Memory memory;
  const Checkpoint checkpoint = memory.checkpoint();
  Problem problem = c.problem();
  problem.checkpoint = &checkpoint;
  const Bytes whole = bytes_of(train(c.problem(), trainer, plan));
  CHECK(bytes_of(train(problem, trainer, plan)) == whole);
  CHECK(memory.saved == 5);
  // Negative control: the state of another network leads elsewhere.
  Case other = c;
  other.initialisation = 1;
  Problem stranger = other.problem();
  stranger.checkpoint = &checkpoint;
  const Bytes theirs = bytes_of(train(stranger, trainer, plan));
  CHECK(theirs != bytes_of(train(other.problem(), trainer, plan)));
}

TEST_CASE("a state that is cut off is not read", "[checkpoint]") {
  const Case c = make_case(6, 3, 3, {.width = 5});
  Memory memory;
  memory.stop_after = 4;
  const Checkpoint checkpoint = memory.checkpoint();
  Problem problem = c.problem();
  problem.checkpoint = &checkpoint;
  const GradientDescent trainer{.learning_rate = 0.02, .steps = 10};
  CHECK_THROWS_AS(train(problem, trainer, plan_of({error_train})), Stopped);
  memory.kept.pop_back();
  CHECK_THROWS_AS(train(problem, trainer, plan_of({error_train})), MalformedMessage);
}
