#include <fmt/format.h>

#include <set>

#include "fieldscan/core/canonical.hpp"
#include "fieldscan/training/clock.hpp"
#include "support.hpp"

using namespace fieldscan;
using namespace fieldscan::training;

TEMPLATE_LIST_TEST_CASE("every trainer is described, with values of its own in range", "", VariantOf<TrainerChoice>) {
  STATIC_REQUIRE(Trainer<TestType>);
  const TestType defaults;
  std::set<std::string_view> names;
  for_each_field<TestType>([&](const auto& f) {
    CHECK(names.insert(f.name).second);
    CHECK_FALSE(f.sentence.empty());
    const auto& value = defaults.*(f.member);
    if constexpr (std::is_arithmetic_v<std::decay_t<decltype(value)>>)
      CHECK(f.range.contains(static_cast<double>(value)));
  });
  CHECK_FALSE(TestType::summary.empty());
  const std::string text = fmt::format("training.kind={}@{}\n", TestType::kind, TestType::revision);
  CHECK(canonical_text("training", TrainerChoice{defaults}) == text);
}

TEST_CASE("a descent needs exactly one length") {
  CHECK(GradientDescent{}.problem());
  CHECK(GradientDescent{.learning_rate = 0.1, .steps = 1, .time = 1.0}.problem());
  CHECK_FALSE(GradientDescent{.learning_rate = 0.1, .epochs = 3}.problem());
  CHECK_FALSE(GradientDescent{.time = 1.0}.problem());
  CHECK(GradientDescent{.steps = 10}.problem());
  CHECK(GradientDescent{.momentum = 0.9, .time = 1.0}.problem());
  CHECK(Sgd{}.problem());
  // Beside a stop the most steps are a length; by themselves, and of the gradient flow, they bound one.
  CHECK_FALSE(Sgd{.stop = {.error_train = 1e-3}, .max_steps = 9}.problem());
  CHECK_FALSE(GradientDescent{.time = 1.0, .stop = {.error_train = 1e-3}, .max_steps = 9}.problem());
  CHECK(GradientDescent{.stop = {.error_train = 1e-3}, .max_steps = 9}.problem());
  CHECK(Adam{.max_steps = 9}.problem());
  CHECK(Adam{.steps = 9, .stop_loss = 0.1, .stop = {.error_train = 1e-3}}.problem());
  CHECK(Adam{}.problem());
  CHECK_FALSE(Adam{.warmup = 3, .steps = 3}.problem());
  CHECK_FALSE(Langevin{}.problem());
  CHECK(Langevin{.steps = 100, .thin = 20}.problem());
}

TEST_CASE("a warm-up is no longer than the training, whatever trains and however its length is given") {
  network::Spec network;
  data::Spec data{.input = data::Sphere{.dim = 4}, .train_size = 20};
  const auto of = [&](const TrainerChoice& trainer) { return problem(trainer, network, data, 0.1).has_value(); };
  CHECK(of(Adam{.warmup = 4, .steps = 3}));
  CHECK_FALSE(of(Adam{.warmup = 3, .steps = 3}));
  CHECK(of(Adam{.warmup = 9, .batch = 10, .epochs = 4}));  // 8 steps
  CHECK_FALSE(of(Adam{.warmup = 8, .batch = 10, .epochs = 4}));
  CHECK(of(GradientDescent{.learning_rate = 0.1, .steps = 3, .warmup = 4}));
  CHECK(of(GradientDescent{.learning_rate = 0.1, .epochs = 3, .warmup = 4}));
  CHECK(of(GradientDescent{.learning_rate = 0.5, .time = 2.0, .warmup = 5}));  // 4 steps
  CHECK_FALSE(of(GradientDescent{.learning_rate = 0.5, .time = 2.0, .warmup = 4}));
  CHECK(of(Sgd{.batch = 10, .epochs = 4, .warmup = 9}));
  CHECK_FALSE(of(Sgd{.batch = 10, .epochs = 4, .warmup = 8}));
  data.train_size = data::TrainSizeWord::online;
  CHECK(of(Sgd{.time = 2.0, .warmup = 9}));  // d steps per unit of time
  CHECK_FALSE(of(Sgd{.time = 2.0, .warmup = 8}));
}

TEST_CASE("what can not be trained is said beforehand") {
  network::Spec network;
  data::Spec data;
  data.input = data::Sphere{.dim = 4};
  CHECK(problem(Hmc{}, network, data, 0.0));
  CHECK_FALSE(problem(Hmc{}, network, data, 0.1));
  CHECK_FALSE(problem(None{}, network, data, 0.0));
  CHECK_FALSE(problem(GradientDescent{.time = 1.0}, network, data, 0.0));
  network.centred = true;
  CHECK(problem(Langevin{}, network, data, 0.1));
  network.centred = false;
  CHECK_FALSE(problem(Langevin{.step = 0.01, .steps = 100, .waiting = 10}, network, data, 0.1));
  CHECK(problem(Langevin{.step = 0.01, .steps = 100, .waiting = 10.2}, network, data, 0.1));
  data.train_size = data::TrainSizeWord::online;
  CHECK(problem(Hmc{}, network, data, 0.1));
  CHECK(problem(GradientDescent{.time = 1.0}, network, data, 0.0));
  CHECK(problem(Sgd{.epochs = 2}, network, data, 0.0));
  CHECK_FALSE(problem(Sgd{.time = 2.0}, network, data, 0.0));
  CHECK(problem(Adam{.steps = 2}, network, data, 0.0));
  CHECK_FALSE(problem(Adam{.batch = 4, .steps = 2}, network, data, 0.0));
}

TEST_CASE("times of samplers are equilibrium; without training they are the grid") {
  const TimeGrid grid{.unit = TimeUnit::time, .values = {0.5, 2}};
  const network::Spec network;
  const data::Spec data;
  const Setting setting{network, data, 0.5};
  CHECK(record_times(Hmc{}, setting, grid) == std::vector<double>{equilibrium});
  CHECK(record_times(None{}, setting, grid) == std::vector<double>{0, 0.5, 2});
  CHECK(record_times(None{}, setting, {}) == std::vector<double>{equilibrium});
  // ε/κ = 0.1 a step, the mean over the chain at the end.
  const auto along = record_times(Langevin{.step = 0.05, .steps = 100}, setting, grid);
  REQUIRE(along.size() == 5);
  CHECK(along[1] == Approx(0.5));
  CHECK(along[3] == Approx(10));
  CHECK(along[4] == equilibrium);
  // Epochs of sgd: 100 points in batches of 32 are 4 steps.
  const TimeGrid epochs{.unit = TimeUnit::epochs, .values = {1, 2}};
  const auto times = record_times(Sgd{.learning_rate = 0.5, .epochs = 3}, setting, epochs);
  REQUIRE(times.size() == 4);
  CHECK(times[1] == Approx(2));
  CHECK(times[3] == Approx(6));
}

TEST_CASE("a recorded time in steps, epochs and operations") {
  const network::Spec network{.depth = 2, .width = 8};
  data::Spec data{.input = data::Sphere{.dim = 5}, .train_size = 100};
  const Setting setting{network, data, 0.5};
  const auto reading = [&](const TrainerChoice& trainer, ClockUnit unit, double time) {
    const auto clock = clock_of(trainer, setting);
    return clock ? clock->reading(unit, time) : std::nullopt;
  };
  const double per_point = 4 * 8 * 5 + 6 * 8 * 8 + 6 * 8;         // 4 N d + 6 N² + 6 N
  const Sgd sgd{.learning_rate = 0.5, .batch = 32, .epochs = 3};  // 4 steps an epoch, of 100 points in all
  CHECK(reading(sgd, ClockUnit::steps, 2) == 4.0);
  CHECK(reading(sgd, ClockUnit::epochs, 3) == 1.5);
  CHECK(*reading(sgd, ClockUnit::compute, 2) == Approx(100 * per_point));
  Sgd drawn = sgd;
  drawn.sampling = decltype(drawn.sampling)::with_replacement;  // no batch is smaller than the others
  CHECK(*reading(drawn, ClockUnit::compute, 2) == Approx(4 * 32 * per_point));
  CHECK(*reading(GradientDescent{.learning_rate = 0.1, .momentum = 0.5, .steps = 9}, ClockUnit::compute, 0.6) ==
        Approx(3 * 100 * per_point));
  CHECK(reading(Adam{.learning_rate = 0.01, .steps = 9}, ClockUnit::epochs, 0.05) == 5.0);
  CHECK(reading(Langevin{.step = 0.05}, ClockUnit::steps, 0.7) == 7.0);
  CHECK_FALSE(reading(Langevin{.step = 0.05}, ClockUnit::steps, equilibrium));
  CHECK_FALSE(reading(GradientDescent{.time = 1.0}, ClockUnit::steps, 0.5));  // the flow chooses its steps
  CHECK_FALSE(reading(Hmc{}, ClockUnit::steps, 0));
  data.train_size = data::TrainSizeWord::online;
  CHECK(reading(Sgd{.batch = 4, .time = 2.0}, ClockUnit::steps, 2) == 10.0);
  CHECK_FALSE(reading(Sgd{.batch = 4, .time = 2.0}, ClockUnit::epochs, 2));
}

TEST_CASE("what one replica is, and what becomes of its parameters") {
  CHECK(is_sampler(Hmc{}));
  CHECK(is_sampler(Langevin{}));
  CHECK_FALSE(is_sampler(Sgd{}));
  CHECK(yield_of(None{}) == Yield::nothing);
  const network::Spec network;
  const data::Spec data;
  const Setting setting{network, data};
  CHECK(dynamics_of(ExactReadout{}, setting) == Dynamics(dynamics::Solved{}));
  CHECK(dynamics_of(Adam{}, setting) == Dynamics(dynamics::Unlike{}));
  CHECK(dynamics_of(GradientDescent{.time = 1.0}, setting) == Dynamics(dynamics::Flow{}));
  const GradientDescent clipped{.learning_rate = 0.1, .steps = 5, .clip = 1.0};
  CHECK(dynamics_of(clipped, setting) == Dynamics(dynamics::Unlike{"with clipped gradients"}));
}
