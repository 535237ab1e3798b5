#include "theory/sampled_laws.hpp"

#include <array>
#include <numbers>

/// Theories whose numbers are sampled, by one that is not in the list: the variance of a network's output at
/// initialisation, from draws of its pre-activations. For φ = erf and q = σ_w² + σ_b² it is (2/π) asin(2q/(1 + 2q))/χ.
namespace fieldscan::theory::laws {

namespace {

template <Given on>
struct Drawn {
  int samples = 2000;  ///< 0: the closed form
  double error = 1;    ///< factor of the error that is stated: a theory that lies has another one than 1

  static constexpr std::string_view kind = "drawn";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "The output at initialisation, from samples.";
  static const Card card;
  static constexpr Given given = on;
  static constexpr std::array observables = {Observable::error_test};
  static auto fields() { return std::tuple{field("samples", &Drawn::samples, "pairs of draws", non_negative())}; }
  bool operator==(const Drawn&) const = default;

  struct Inputs {
    double variance = 1, chi = 1;
    int samples = 0;
    static auto fields() {
      return std::tuple{field("variance", &Inputs::variance, "q", positive()),
                        field("chi", &Inputs::chi, "χ", positive()),
                        field("samples", &Inputs::samples, "pairs of draws", non_negative())};
    }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const {
    if (setting.network.depth != 1) return {false, "it has one layer"};
    return {};
  }
  Inputs inputs(const Setting& setting) const {
    return {.variance = setting.network.weight_variance.at(0) + setting.network.bias_variance.at(0),
            .chi = setting.network.chi,
            .samples = samples};
  }
  Cost cost(const Setting&) const { return {.seconds = 1e-7 * samples}; }
  bool sampled(const Inputs& inputs) const { return inputs.samples > 0; }

  Result from(const Inputs& inputs, const Stream& stream) const {
    Row row{.observable = Observable::error_test};
    const double n = inputs.samples, q = inputs.variance;
    if (inputs.samples == 0) row.value = 2 / std::numbers::pi * std::asin(2 * q / (1 + 2 * q)) / inputs.chi;
    double square = 0;
    for (int k = 0; k < inputs.samples; ++k) {
      const double phi = std::erf(std::sqrt(q) * stream.normal(static_cast<std::uint64_t>(k))),
                   value = phi * phi / inputs.chi;
      row.value += value / n;
      square += value * value / n;
    }
    if (inputs.samples > 0) row.standard_error = error * std::sqrt((square - row.value * row.value) / (n - 1));
    return {.reason = {}, .rows = {row}, .arrays = {}};
  }
  Result predict(const Inputs& inputs, const Stream& stream) const requires(on == Given::nothing) {
    return from(inputs, stream);
  }
  Result predict(const Inputs& inputs, const data::Draw&, const Stream& stream) const requires(on == Given::draw) {
    return from(inputs, stream);
  }
};
template <Given on>
const Card Drawn<on>::card = {.formula = "⟨φ²⟩/χ", .source = "nobody", .regime = "one layer", .effort = "samples"};

using Averaged = Drawn<Given::nothing>;
using OnDraw = Drawn<Given::draw>;
static_assert(Theory<Averaged> && Theory<OnDraw> && Sampled<Averaged>);

Setting setting() {
  Setting s;
  s.data.input = data::Sphere{.dim = 3};
  s.data.target = data::Linear{};
  s.data.train_size = 4;
  s.data.test_size = 5;
  s.network.activation = network::Erf{};
  s.network.bias_variance = 0.3;
  s.network.chi = 2;
  s.seed = 3;
  return s;
}

}  // namespace

TEST_CASE("a sampled theory keeps the laws of samples") {
  check_samples(Averaged{}, setting());
  check_samples(OnDraw{}, setting());
  const double exact = predicted(Averaged{.samples = 0}, setting()).rows.at(0).value;
  const Row row = predicted(Averaged{.samples = 40000}, setting()).rows.at(0);
  CHECK(std::abs(row.value - exact) < 4 * row.standard_error);
  CHECK(row.standard_error < 0.01 * exact);
}

TEST_CASE("errors that are half, or twice, what they should be are seen") {
  for (const double lie : {0.5, 2.0}) {
    std::vector<Row> rows;
    for (std::uint64_t seed = 100; seed < 160; ++seed) {
      Setting s = setting();
      s.seed = seed;
      rows.push_back(predicted(Averaged{.error = lie}, s).rows.at(0));
    }
    CHECK(std::abs(spread_in_errors(rows) - 1) > 0.35);
  }
}

TEST_CASE("the seed is part of the identity where numbers are sampled, and only there") {
  Setting other = setting();
  other.seed = 4;
  const auto text = [](const auto& theory, const Setting& s) { return prediction_text_of_one(theory, s); };
  CHECK(text(Averaged{}, setting()) != text(Averaged{}, other));
  CHECK(text(Averaged{.samples = 0}, setting()) == text(Averaged{.samples = 0}, other));
  CHECK(predicted(Averaged{.samples = 0}, setting()).rows == predicted(Averaged{.samples = 0}, other).rows);
  CHECK(text(OnDraw{.samples = 0}, setting()) != text(OnDraw{.samples = 0}, other));  // of the data
}

TEST_CASE("the random numbers of a prediction are those of its inputs and of its draw") {
  Setting s = setting();
  const Result first = predicted(OnDraw{}, s, 0), second = predicted(OnDraw{}, s, 1);
  CHECK_FALSE(first.rows == second.rows);
  CHECK(largest_gap(first, second) < 4.5);
  CHECK(second.data_draw == 1);
  // Given nothing there is one prediction, whatever draw is asked for.
  CHECK(predicted(Averaged{}, s, 0).rows == predicted(Averaged{}, s, 5).rows);
  // What the theory does not depend on leaves the numbers alone; what it depends on draws others.
  s.network.width = 5;
  s.data.test_size = 6;
  CHECK(predicted(OnDraw{}, s, 0).rows == first.rows);
  s.network.chi = 4;
  CHECK_FALSE(predicted(OnDraw{}, s, 0).rows.at(0).value == Approx(first.rows.at(0).value / 2).epsilon(1e-6));
}

}  // namespace fieldscan::theory::laws
