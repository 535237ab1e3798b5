#include <array>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/list.hpp"
#include "fieldscan/theory/predict.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

namespace {

/// What theories compare themselves with.
const std::array<Dynamics, 3> followed{dynamics::Alone{}, dynamics::Equilibrium{}, dynamics::Flow{}};

/// A small point, with a trainer that the theory may follow.
Setting ordinary(const Dynamics& dynamics) {
  Setting s;
  s.data.input = data::Sphere{.dim = 4};
  s.data.target = data::Gegenbauer{.levels = {{1, 0.8}, {2, 0.2}}};
  s.data.noise = 0.1;
  s.data.train_size = 6;
  s.data.test_size = 5;
  s.ridge = 0.1;
  s.seed = 3;
  s.dynamics = dynamics;
  s.asked.times = {0, 1, equilibrium};
  return s;
}

struct Extreme {
  std::string name;
  std::function<void(Setting&)> change;
};

std::vector<Extreme> extremes() {
  std::vector<Extreme> all{{"nothing", [](Setting&) {}},
                           {"ridge 0", [](Setting& s) { s.ridge = 0; }},
                           {"one training point", [](Setting& s) { s.data.train_size = 1; }},
                           {"no noise", [](Setting& s) { s.data.noise = 0; }},
                           {"centred", [](Setting& s) { s.network.centred = true; }},
                           {"frozen readout", [](Setting& s) { s.network.train = network::Trained::hidden; }},
                           {"frozen features", [](Setting& s) { s.network.train = network::Trained::readout; }},
                           {"one unit", [](Setting& s) { s.network.width = 1; }},
                           {"a thousand layers", [](Setting& s) { s.network.depth = 1000; }},
                           {"normal inputs", [](Setting& s) {
                              s.data.input = data::Gaussian{.dim = 4};
                              s.data.target = data::Linear{};
                            }}};
  for (const double size : {1e-300, 1e-150, 1e150, 1e300}) {
    const std::string at = " of " + std::to_string(std::log10(size));
    all.push_back({"σ_w²" + at, [=](Setting& s) { s.network.weight_variance = size; }});
    all.push_back({"σ_b²" + at, [=](Setting& s) { s.network.bias_variance = size; }});
    all.push_back({"σ_a²" + at, [=](Setting& s) { s.network.readout_variance = size; }});
    all.push_back({"κ" + at, [=](Setting& s) { s.ridge = size; }});
    all.push_back({"χ" + at, [=](Setting& s) { s.network.chi = size; }});
    all.push_back({"σ" + at, [=](Setting& s) { s.data.noise = size; }});
    all.push_back({"three layers and σ_w²" + at, [=](Setting& s) {
                     s.network.depth = 3;
                     s.network.weight_variance = size;
                   }});
  }
  return all;
}

bool is_finite(const Result& result) {
  for (const Row& row : result.rows)
    if (!std::isfinite(row.value) || !std::isfinite(row.standard_error)) return false;
  for (const Array& array : result.arrays)
    for (const double v : array.data)
      if (!std::isfinite(v)) return false;
  return true;
}

/// What a theory must do anywhere: finite numbers, or a sentence that says why there are none.
void check(const TheoryChoice& theory, const Setting& setting, const data::Draw* draw) {
  try {
    const Result result = draw ? predict(theory, setting, 0, *draw) : predict(theory, setting, 0);
    if (result.outcome == Outcome::not_applicable) {
      CHECK(result.reason.find("because") != std::string::npos);
    } else {
      CHECK(is_finite(result));
      if (result.outcome != Outcome::done) CHECK(result.reason.size() > 20);
    }
  } catch (const NumericalError& error) {
    const std::string text = error.what();
    CAPTURE(text);
    CHECK(text.size() > 30);
    CHECK(text.find("boost") == std::string::npos);
    CHECK(text.find("std::") == std::string::npos);
  } catch (const std::exception& error) {
    FAIL_CHECK("another exception: " << error.what());
  }
}

template <class T>
void fit(const T&, Setting&) {}
void fit(const RandomFeatures&, Setting& s) { s.network.train = network::Trained::readout; }
void fit(const NtkDescent&, Setting& s) {
  if (is_descending(s.dynamics)) s.dynamics = dynamics::Descent{.rate = 0.01};
}
void fit(const ScalingExponents&, Setting& s) {
  s.data.input = data::Gaussian{.dim = 40, .spectrum = data::PowerLawSpectrum{.exponent = 1.5}};
  s.data.target = data::Linear{.spectrum = data::PowerLawSpectrum{.exponent = 2}};
  s.network.activation = network::Linear{};
}

/// What takes some time at every setting.
template <class T>
constexpr bool averages_over_units =
    Sampled<T> ||
    T::kind == std::string_view("variational_adaptation") || T::kind == std::string_view("deep_adaptation");

/// A theory as it is by default, but for how much it samples.
template <class T>
T few_samples() {
  T theory;
  if constexpr (Sampled<T>) theory.samples = 1024;
  return theory;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("at any setting a theory gives finite numbers or says why not", "[slow]",
                        VariantOf<TheoryChoice>) {
  std::vector<network::ActivationChoice> activations;
  for_each_kind<network::ActivationChoice>([&]<class A>() { activations.emplace_back(A{}); });
  // Spectra of many levels take time: there a smooth activation, a kink, and one without closed averages stand for all.
  if (TestType::given == Given::nothing) activations = {network::Erf{}, network::Relu{}, network::Tanh{}};
  if (std::is_same_v<TestType, ScalingExponents>) activations = {network::Linear{}};
  // So do averages over one unit's weights.
  if (averages_over_units<TestType>) activations = {network::Erf{}, network::Relu{}, network::Linear{}};
  for (const Dynamics& dynamics : followed)
    for (const auto& activation : activations)
      for (const Extreme& extreme : extremes()) {
        if (TestType::given == Given::nothing && is_sampling(dynamics)) continue;
        Setting s = ordinary(dynamics);
        s.network.activation = activation;
        fit(TestType{}, s);
        extreme.change(s);
        CAPTURE(dynamics.index(), kind_of(activation), extreme.name);
        check(few_samples<TestType>(), s, nullptr);
      }
}

TEMPLATE_LIST_TEST_CASE("inputs that are equal or zero are inputs", "", VariantOf<TheoryChoice>) {
  if constexpr (TestType::given == Given::draw)
    for (const Dynamics& dynamics : followed)
      for_each_kind<network::ActivationChoice>([&]<class A>() {
        if (averages_over_units<TestType> && !std::is_same_v<A, network::Erf> && !std::is_same_v<A, network::Relu>)
          return;
        for (const double ridge : {0.0, 1e-300, 0.1})
          for (const double bias : {0.0, 0.1}) {
            Setting s = ordinary(dynamics);
            s.network.activation = A{};
            s.network.bias_variance = bias;
            s.ridge = ridge;
            fit(TestType{}, s);
            data::Draw draw = data::make_draw(s.data, s.seed, 0);
            draw.train.x.row(1) = draw.train.x.row(0);
            draw.test.x.row(2) = draw.train.x.row(0);
            CAPTURE(dynamics.index(), A::kind, ridge, bias);
            check(few_samples<TestType>(), s, &draw);
            draw.train.x.setZero();
            check(few_samples<TestType>(), s, &draw);
          }
      });
}
