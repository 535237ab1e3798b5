#include <algorithm>
#include <cmath>

#include "fieldscan/theory/descent/ntk_descent.hpp"
#include "fieldscan/theory/feature_dynamics/dmft.hpp"
#include "fieldscan/theory/feature_dynamics/layers_in_time.hpp"
#include "fieldscan/theory/feature_dynamics/width_fluctuations.hpp"
#include "training/support.hpp"

/// Networks that learn features beside dynamical mean-field theory: wide ones, and narrow ones where it must be seen to
/// be off.
namespace fieldscan::feature_dynamics {

namespace {

using namespace fieldscan::training;
using namespace fieldscan::training::testing;

constexpr int steps = 15;

/// Four points in three dimensions; h = 0.2 of one layer, 0.05 of two, inside the edge of stability.
struct Descending {
  Case c;
  GradientDescent trainer;
};
double step_of(int depth) { return depth == 1 ? 0.2 : 0.05; }
Descending descending(const network::Spec& network, double richness, double momentum, double ridge, Anchor anchor) {
  Descending out{.c = make_case(4, 6, 3, network), .trainer = {}};
  out.c.network.chi = richness * richness * network::last_width(network);
  out.c.ridge = ridge;
  const bool mup = network.parameterisation == network::Parameterisation::mup;
  const double factor = mup ? network::last_width(network) / network.base_width : 1;
  out.trainer = {.learning_rate = step_of(network.depth) * out.c.network.chi / factor,
                 .momentum = momentum,
                 .steps = steps,
                 .anchor = anchor};
  return out;
}

/// f at the test points of `count` networks [count × 6].
Matrix networks(Descending d, int count) {
  Matrix out(count, 6);
  for (int k = 0; k < count; ++k) {
    d.c.initialisation = k;
    out.row(k) = predictor_of(train(d.c.problem(), d.trainer, plan_of({Observable::predictor}))).transpose();
  }
  return out;
}

theory::Setting setting_of(const Descending& d) {
  const double time = d.trainer.learning_rate.number() * steps / (d.c.network.chi * (1 - d.trainer.momentum));
  theory::Setting s;
  s.network = d.c.network;
  s.data = d.c.spec;
  s.ridge = d.c.ridge;
  s.seed = 5;
  s.dynamics = dynamics::Descent{
      .rate = d.trainer.learning_rate.number(), .momentum = d.trainer.momentum, .anchor = d.trainer.anchor};
  s.asked.times = {time};
  return s;
}

struct Predicted {
  Vector f;
  double error = 0;
};
template <class T>
Predicted predicted(const T& theory, const Descending& d) {
  const theory::Setting s = setting_of(d);
  REQUIRE(theory.applicability(s).because == "");
  Result result;
  if constexpr (std::is_same_v<T, theory::Dmft>)
    result = theory.predict(theory.inputs(s), d.c.data, Stream(3, Purpose::test, "dmft", 0, 0));
  else
    result = theory.predict(theory.inputs(s), d.c.data);
  Predicted out{.f = predictor_of(result)};
  if (const auto row = row_of(result, listed("predictor_error"))) out.error = row->value;
  return out;
}

/// Largest |mean over networks − f| in units of √(standard error² + theory's error² + (allowed/N)²).
double deviation(const Matrix& f, const Predicted& theory, double width, double allowed) {
  double largest = 0;
  for (Index k = 0; k < f.cols(); ++k) {
    const auto n = static_cast<double>(f.rows());
    const double mean = f.col(k).mean(), square = (f.col(k).array() - mean).square().sum() / (n - 1) / n;
    const double error = std::sqrt(square + theory.error * theory.error + std::pow(allowed / width, 2));
    largest = std::max(largest, std::abs(mean - theory.f[k]) / error);
  }
  return largest;
}

network::Spec net(int depth, int width, const network::ActivationChoice& activation) {
  return {.depth = depth, .width = width, .activation = activation};
}

}  // namespace

// z is nearly normal: of six numbers one beyond 4.5 with probability 4e-5.
TEST_CASE("wide networks of one layer go where dmft says, by any descent that it takes", "[slow]") {
  network::Spec general = net(1, 400, network::Tanh{});
  general.weight_variance = 1.6, general.bias_variance = 0.4, general.readout_variance = 1.8;
  network::Spec mup = net(1, 400, network::Relu{});
  mup.parameterisation = network::Parameterisation::mup;
  const std::vector<Descending> cases = {descending(net(1, 400, network::Erf{}), 1.5, 0, 0, Anchor::initial),
                                         descending(general, 1.2, 0.5, 0.1, Anchor::initial),
                                         descending(general, 1.2, 0.5, 0.1, Anchor::zero),
                                         descending(mup, 1, 0.3, 0.05, Anchor::zero)};
  for (std::size_t k = 0; k < cases.size(); ++k) {
    CAPTURE(k);
    const Matrix f = networks(cases[k], 300);
    const Predicted rich = predicted(theory::Dmft{}, cases[k]);
    CHECK(rich.error < 4e-3);
    CHECK(deviation(f, rich, 400, 0.5) < 4.5);
    if (cases[k].trainer.anchor == Anchor::zero || k == 3) continue;
    CHECK(deviation(f, predicted(theory::NtkDescent{}, cases[k]), 400, 0.5) > 12);  // control: kernels that stay
  }
}

TEST_CASE("narrow networks are off by one over their width", "[slow]") {
  // N · (mean − dmft), largest over the points, agrees between two widths, and is seen in each.
  const auto off = [](int width, int count) {
    const Descending d = descending(net(1, width, network::Erf{}), 1.5, 0, 0, Anchor::initial);
    const Predicted rich = predicted(theory::Dmft{}, d);
    const Matrix f = networks(d, count);
    CHECK(deviation(f, rich, width, 0) > 5);
    const Vector bias = width * (f.colwise().mean().transpose() - rich.f);
    return bias;
  };
  const Vector at_8 = off(8, 10000), at_16 = off(16, 20000);
  CAPTURE(at_8.norm(), at_16.norm(), (at_8 - at_16).norm());
  CHECK((at_8 - at_16).norm() < 0.6 * at_16.norm());
}

TEST_CASE("wide networks of two layers go where dmft says, with all of its responses", "[slow]") {
  network::Spec general = net(2, 300, network::Tanh{});
  general.weight_variance = std::vector{1.3, 1.7}, general.bias_variance = std::vector{0.2, 0.3};
  general.readout_variance = 1.4;
  for (const Descending& d : {descending(net(2, 300, network::Tanh{}), 2, 0, 0, Anchor::initial),
                              descending(general, 1.2, 0.4, 0.1, Anchor::zero)}) {
    const Matrix f = networks(d, 160);
    const Predicted rich = predicted(theory::Dmft{.samples = 8192}, d);
    CAPTURE(rich.error);
    CHECK(rich.error < 1e-2);
    CHECK(deviation(f, rich, 300, 1) < 4.5);
    // Controls: one population with less of the responses.
    const theory::FeatureProblem problem =
        theory::feature_problem(theory::kernel_spec(d.c.network), std::sqrt(d.c.network.chi / 300),
                                {.step = step_of(2),
                                 .momentum = d.trainer.momentum,
                                 .pull = step_of(2) * d.c.ridge,
                                 .anchor = d.trainer.anchor},
                                d.c.data);
    const theory::LayerNoise noise = theory::layer_noise(problem, steps, 2000, Stream(4, Purpose::test, "less", 0, 0));
    const auto less = [&](theory::Responses responses) {
      return Predicted{.f = follow_layers(problem, noise, {steps}, responses).back().test, .error = rich.error};
    };
    CHECK(deviation(f, less(theory::Responses::all), 300, 1) < 6);
    if (d.c.ridge == 0) CHECK(deviation(f, less(theory::Responses::none), 300, 1) > 12);  // γ₀ = 2
  }
}

TEST_CASE("two layers of rectifiers go where dmft says, its responses formed either way", "[slow]") {
  const Descending d = descending(net(2, 300, network::Relu{}), 1, 0, 0, Anchor::initial);
  const Matrix f = networks(d, 160);
  using Form = theory::Dmft::Form;
  const Predicted correlations = predicted(theory::Dmft{.responses = Form::correlations, .samples = 32768}, d),
                  jacobians = predicted(theory::Dmft{.responses = Form::jacobians, .samples = 8192}, d);
  CAPTURE(correlations.error, jacobians.error);
  CHECK(correlations.error < 0.02);
  CHECK(deviation(f, correlations, 300, 1) < 4.5);
  CHECK(deviation(f, jacobians, 300, 1 + 0.01 * 300) < 4.5);  // and the width of φ″, .01
  const theory::FeatureProblem problem = theory::feature_problem(
      theory::kernel_spec(d.c.network), std::sqrt(d.c.network.chi / 300), {.step = step_of(2)}, d.c.data);
  const theory::LayerNoise noise = theory::layer_noise(problem, steps, 4000, Stream(4, Purpose::test, "less", 0, 0));
  const Predicted none{.f = follow_layers(problem, noise, {steps}, theory::Responses::none).back().test,
                       .error = correlations.error};
  CHECK(deviation(f, none, 300, 1) > 7);
}

TEST_CASE("networks vary between initialisations as width_fluctuations says", "[slow]") {
  // Relative error of a variance of 1500 networks: 3.7% for a point, less for the mean of six.
  struct Rich {
    network::ActivationChoice activation;
    double richness, momentum;
  };
  for (const auto& [activation, richness, momentum] : {Rich{network::Erf{}, 1.5, 0.4}, Rich{network::Relu{}, 0.7, 0}}) {
    const Descending d = descending(net(1, 200, activation), richness, momentum, 0.05, Anchor::zero);
    const theory::WidthFluctuations theory{.samples = 4096};
    const theory::Setting s = setting_of(d);
    const Result result = theory.predict(theory.inputs(s), d.c.data, Stream(3, Purpose::test, "dmft", 0, 0));
    const Matrix f = networks(d, 1500);
    const Matrix away = f.rowwise() - f.colwise().mean();
    const double measured = away.squaredNorm() / 1499 / 6;
    const Row row = *row_of(result, Observable::variance_init);
    CAPTURE(measured, row.value, row.standard_error);
    CHECK(row.standard_error < 0.06 * row.value);
    CHECK(std::abs(measured / row.value - 1) < 0.15);
  }
}

}  // namespace fieldscan::feature_dynamics
