#include <cmath>
#include <type_traits>

#include "exact_posterior.hpp"
#include "support.hpp"

/// Convolutional networks in the hands of every trainer.
using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;

namespace {

template <class T>
T briefly() {
  T trainer;
  if constexpr (requires { trainer.learning_rate; }) trainer.steps = 6;
  if constexpr (requires { trainer.learning_rate = 0.01; }) trainer.learning_rate = 0.05;
  if constexpr (requires { trainer.batch = 3; }) trainer.batch = 3;
  if constexpr (requires { trainer.samples = 4; }) trainer.samples = 6;
  if constexpr (requires { trainer.thin* trainer.steps; }) trainer.step = 0.01, trainer.steps = 400;
  return trainer;
}

Result result_of(const TrainerChoice& trainer, const network::Architecture& architecture, Index outputs) {
  Case c = make_case(8, 5, 3, {.architecture = architecture, .depth = 2, .width = 4, .activation = network::Tanh{}});
  if (outputs > 1) give_outputs(c, outputs);
  c.network.bias_variance = 0.2;
  c.ridge = 0.5;
  if (problem(trainer, c.network, c.spec, c.ridge)) c.network.train = network::Trained::readout;
  return train(c.problem(), trainer,
               plan_of({Observable::predictor, Observable::error_train, Observable::error_test, Observable::weight_norm,
                        Observable::kernel_scale}));
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("a convolution of one position is trained as a fully connected network is", "[convolution]",
                        VariantOf<TrainerChoice>) {
  using namespace network;
  const TrainerChoice trainer = briefly<TestType>();
  for (const Index outputs : {1, 3})
    for (const auto readout : {ImageReadout::flatten, ImageReadout::pooling}) {
      const Result full = result_of(trainer, {}, outputs);
      const auto with = [&](int channels, int filter) {
        return result_of(
            trainer, {.layers = Layers::convolution, .channels = channels, .filter = filter, .head = readout}, outputs);
      };
      const Result one = with(3, 1);
      REQUIRE(one.outcome == full.outcome);
      REQUIRE(one.rows.size() == full.rows.size());
      for (std::size_t k = 0; k < one.rows.size(); ++k)
        CHECK(one.rows[k].value == Approx(full.rows[k].value).epsilon(1e-8).margin(1e-10));
      CHECK(one.rows.empty() == std::is_same_v<TestType, None>);
      if (outputs > 1 || one.rows.empty()) continue;
      const Result three = with(1, 2);  // three positions: other networks
      CHECK(three.rows.front().value != Approx(full.rows.front().value).epsilon(1e-6));
    }
}

TEST_CASE("descents of convolutional networks fit what they are shown", "[convolution]") {
  using namespace network;
  for (const auto readout : {ImageReadout::flatten, ImageReadout::pooling}) {
    Case c = make_case(10, 5, 9,
                       {.architecture = {.layers = Layers::convolution, .padding = Padding::zero, .head = readout},
                        .depth = 2,
                        .width = 40});
    const auto error = [&](const TrainerChoice& trainer) {
      return value_of(train(c.problem(), trainer, plan_of({Observable::error_train})), Observable::error_train);
    };
    const double labels = c.data.train.label.squaredNorm() / 10, share = readout == ImageReadout::flatten ? 0.3 : 0.95;
    CHECK(error(GradientDescent{.learning_rate = 0.1, .steps = 400}) < share * labels);
    CHECK(error(Sgd{.learning_rate = 0.05, .batch = 5, .steps = 400}) < share * labels);
    CHECK(error(Adam{.learning_rate = 0.02, .steps = 400}) < share * labels);
    c.precision = Precision::single;
    CHECK(error(GradientDescent{.learning_rate = 0.1, .steps = 400}) < share * labels);
  }
}

TEST_CASE("chains with the readout sampled and integrated out agree on convolutional networks", "[convolution][slow]") {
  using namespace network;
  for (const auto readout : {ImageReadout::flatten, ImageReadout::pooling}) {
    Case c =
        make_case(6, 4, 6, {.architecture = {.layers = Layers::convolution, .head = readout}, .width = 4, .chi = 2});
    c.ridge = 0.2;
    constexpr int count = 16;
    Matrix sampled(count, 4), integrated(count, 4);
    for (int k = 0; k < count; ++k) {
      c.draw = c.initialisation = k;
      const ObservePlan plan = plan_of({Observable::predictor});
      sampled.row(k) =
          predictor_of(train(c.problem(), Hmc{.samples = 800, .readout = Readout::sampled}, plan)).transpose();
      integrated.row(k) = predictor_of(train(c.problem(), Hmc{.samples = 300}, plan)).transpose();
    }
    for (Index point = 0; point < 4; ++point) {
      const auto squared_error = [](const auto& column) {
        return (column.array() - column.mean()).square().sum() / (count * (count - 1.0));
      };
      const double difference = sampled.col(point).mean() - integrated.col(point).mean();
      const double error = std::sqrt(squared_error(sampled.col(point)) + squared_error(integrated.col(point)));
      CAPTURE(word(readout), point, difference, error);
      CHECK(std::abs(difference) < 5 * error);  // Student's t of some 30 degrees: once in 10⁵ for each of eight
      CHECK(error < 0.05);
    }
  }
}
