#include "fieldscan/theory/kernel_choice.hpp"

#include <cmath>

#include "catch.hpp"
#include "fieldscan/theory/list.hpp"
#include "fieldscan/theory/predict.hpp"
#include "theory/examples.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

namespace {

Setting setting_of(const Dynamics& dynamics) {
  Setting s;
  s.data.input = data::Sphere{.dim = 6};
  s.data.target = data::Gegenbauer{.levels = {{1, 0.8}, {3, 0.2}}};
  s.data.noise = 0.1;
  s.data.train_size = 60;
  s.network.activation = network::Relu{};
  s.network.bias_variance = 0.2;
  s.ridge = 0.05;
  s.dynamics = dynamics;
  return s;
}

/// The theory with another choice, where it leaves one.
TheoryChoice with(TheoryChoice theory, KernelChoice choice) {
  std::visit(
      [&](auto& t) {
        if constexpr (requires { t.kernel = choice; }) t.kernel = choice;
      },
      theory);
  return theory;
}

/// Theories whose kernel is to be chosen, each with what it asks of network and data.
struct Chosen {
  TheoryChoice theory;
  Setting alone, sampler, descent;
};
std::vector<Chosen> all_chosen() {
  std::vector<Chosen> out;
  for_each_kind<TheoryChoice>([&]<class T>() {
    if constexpr (requires(T t) { t.kernel = KernelChoice::tangent; }) {
      Chosen one{T{}, setting_of(dynamics::Alone{}), setting_of(dynamics::Equilibrium{}), setting_of(dynamics::Flow{})};
      const Setting example = laws::examples<T>().front().setting;
      for (Setting* s : {&one.alone, &one.sampler, &one.descent}) {
        s->network = example.network;
        s->data = example.data;
      }
      out.push_back(std::move(one));
    }
  });
  return out;
}

double error_test(const Result& result) {
  for (const Row& row : result.rows)
    if (row.observable == Observable::error_test) return row.value;
  FAIL("no error");
  return 0;
}

}  // namespace

TEST_CASE("a named kernel is that of the trainer that follows it, and its own identity") {
  const auto chosen = all_chosen();
  CHECK(chosen.size() == 5);
  for (const auto& [theory, alone, sampler, descent] : chosen) {
    CAPTURE(kind_of(theory));
    const auto automatic = with(theory, KernelChoice::automatic), nngp = with(theory, KernelChoice::nngp),
               tangent = with(theory, KernelChoice::tangent);
    CHECK(prediction_text(automatic, alone) == prediction_text(automatic, sampler));
    for (const auto& [named, auto_setting] : {std::pair{nngp, sampler}, {tangent, descent}}) {
      const Result own = predict(named, alone, 0), follows = predict(automatic, auto_setting, 0);
      CHECK(own.outcome == Outcome::done);
      CHECK(own.rows == follows.rows);
      const std::string text = prediction_text(automatic, auto_setting);
      const bool names_kernel = text.find("theory.kernel=") != std::string::npos;
      CHECK((prediction_text(named, alone) == text) != names_kernel);
    }
    CHECK(*kernel_of(tangent, alone) == KernelKind::tangent);
    CHECK(*kernel_of(automatic, alone) == KernelKind::nngp);
    CHECK(follows_trainer(automatic));
    CHECK_FALSE(follows_trainer(tangent));
    // A theory of the other law says so.
    const Applicability wrong = applicability(tangent, sampler);
    CHECK_FALSE(wrong.applies);
    CHECK(wrong.because.find("tangent") != std::string::npos);
    CHECK(applicability(nngp, descent).because.find("nngp") != std::string::npos);
  }
}

TEST_CASE("without a posterior the kernel left open is the tangent kernel") {
  int checked = 0;
  for (const auto& [theory, alone, sampler, descent] : all_chosen()) {
    CAPTURE(kind_of(theory));
    Setting centred = alone, trained = descent;
    centred.network.centred = trained.network.centred = true;
    const auto automatic = with(theory, KernelChoice::automatic);
    CHECK(applicability(automatic, centred).applies);
    CHECK(predict(automatic, centred, 0).rows == predict(automatic, trained, 0).rows);
    CHECK_FALSE(applicability(with(theory, KernelChoice::nngp), centred).applies);
    Setting frozen = alone;
    frozen.network.train = network::Trained::hidden;
    // Not those that ask for a frozen hidden layer, nor those that do not look at what is trained.
    const auto nngp = with(theory, KernelChoice::nngp);
    const bool sees_training = prediction_text(nngp, frozen) != prediction_text(nngp, alone);
    if (!sees_training || !applicability(with(theory, KernelChoice::tangent), frozen).applies) continue;
    ++checked;
    CHECK(applicability(automatic, frozen).applies);
    CHECK_FALSE(applicability(with(theory, KernelChoice::nngp), frozen).applies);
  }
  CHECK(checked >= 3);
}

TEST_CASE("the names of kernels leave the identity of a prediction alone") {
  const Setting s = setting_of(dynamics::Equilibrium{});
  for (const KernelChoice choice : {KernelChoice::automatic, KernelChoice::nngp}) {
    CHECK(prediction_text(LearningCurve{.kernel = choice}, s).find("theory.kernel=") == std::string::npos);
    CHECK(prediction_text(LearningCurve{.kernel = choice}, s) == prediction_text(LearningCurve{}, s));
  }
  CHECK(prediction_text(ConvolutionalGp{}, s).find("theory.kernel=") == std::string::npos);
}

TEST_CASE("a learning curve of the tangent kernel is the average of ntk, without any trainer") {
  Setting s = setting_of(dynamics::Alone{});
  s.ridge = 3;
  double mean = 0, square = 0;
  constexpr int draws = 60;
  for (int r = 0; r < draws; ++r) {
    const double error = error_test(predict(NtkRegression{}, s, r));
    mean += error / draws;
    square += error * error / draws;
  }
  const double spread = std::sqrt((square - mean * mean) / (draws - 1));
  const double tangent = error_test(predict(LearningCurve{.kernel = KernelChoice::tangent}, s, 0));
  const double other = error_test(predict(LearningCurve{}, s, 0));
  CAPTURE(mean, spread, tangent, other);
  CHECK(std::abs(mean - tangent) <= 3.5 * std::hypot(spread, 0.03 * tangent));
  // Control: the curve of the posterior is another number.
  CHECK(std::abs(mean - other) > 5 * std::hypot(spread, 0.03 * other));
}
