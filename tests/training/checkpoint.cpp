#include "../../src/training/keep.hpp"
#include "support.hpp"

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

/// Stops a training again and again, after 1, 5, 5, 5 … steps, and takes it up each time.
Bytes in_pieces(const Case& c, const TrainerChoice& trainer, const ObservePlan& plan, int& pieces) {
  Memory memory;
  for (pieces = 1;; ++pieces) {
    memory.asked = 0;
    memory.stop_after = pieces == 1 ? 1 : 6;
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

TEST_CASE("online learning goes on with the next example", "[checkpoint]") {
  Case c = make_case(1, 5, 3, {.width = 8});
  c.spec.train_size = data::TrainSizeWord::online;
  c.spec.target = data::Linear{};
  c.data.train = {};
  c.data.train.x.resize(0, 3);
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
