#include "../../src/theory/one_theory.hpp"
#include "catch.hpp"
#include "fieldscan/network/network.hpp"

/// A theory that is given a replica, through all that is generic; itself it says no more than what the network's
/// outputs are at the start.
using namespace fieldscan;
using namespace fieldscan::theory;

namespace {

struct FirstOutputs {
  static constexpr std::string_view kind = "first_outputs";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "The outputs of this very network before it is trained.";
  static const Card card;
  static constexpr Given given = Given::replica;
  static constexpr std::array observables = {Observable::predictor, Observable::error_test};
  static auto fields() { return std::tuple{}; }
  bool operator==(const FirstOutputs&) const = default;

  struct Inputs {
    network::Spec network;
    static auto fields() { return std::tuple{field("network", &Inputs::network, "the network")}; }
    bool operator==(const Inputs&) const = default;
  };

  Applicability applicability(const Setting& setting) const {
    if (setting.network.centred) return {false, "the outputs at initialisation are subtracted"};
    return {};
  }
  Inputs inputs(const Setting& setting) const { return {setting.network}; }
  Cost cost(const Setting&) const { return {.seconds = 1e-4}; }
  Result predict(const Inputs& inputs, const Replica& replica) const {
    const auto& test = replica.draw.test;
    const network::Network network(inputs.network, static_cast<int>(test.x.cols()));
    const Vector outputs = network.evaluate(replica.theta, test.x);
    Result result;
    result.rows.push_back({.observable = Observable::error_test,
                           .value = (outputs - test.target).squaredNorm() / static_cast<double>(outputs.size())});
    result.arrays.push_back({.observable = Observable::predictor,
                             .shape = {outputs.size()},
                             .data = {outputs.data(), outputs.data() + outputs.size()}});
    return result;
  }
};
const Card FirstOutputs::card{.formula = "f(x; θ₀)", .source = "", .regime = "any", .effort = "a forward pass"};
static_assert(Theory<FirstOutputs>);

Setting small_setting() {
  Setting s;
  s.data.input = data::Sphere{.dim = 4};
  s.data.target = data::Gegenbauer{.levels = {{1, 1.0}}};
  s.data.train_size = 6;
  s.data.test_size = 5;
  s.network.width = 8;
  s.seed = 3;
  return s;
}

Result evaluate(const Setting& s, Number number) {
  return predict_one(FirstOutputs{}, s, number, [&] { return data::make_draw(s.data, s.seed, number.draw); });
}

}  // namespace

TEST_CASE("a theory given a replica sees the weights that a trainer starts from") {
  const Setting s = small_setting();
  const Result result = evaluate(s, {2, 5});
  CHECK(result.outcome == Outcome::done);
  CHECK((result.data_draw == 2 && result.initialisation == 5));
  // As training has always drawn them.
  const network::Network network(s.network, 4);
  const Vector theta = network.initial(Stream(s.seed, Purpose::initial_weights, "", 0, 5));
  const Vector outputs = network.evaluate(theta, data::make_draw(s.data, s.seed, 2).test.x);
  REQUIRE(result.arrays.size() == 1);
  CHECK(std::ranges::equal(result.arrays[0].data, outputs));
  // Control: another initialisation, another draw, another seed are other numbers.
  CHECK(evaluate(s, {2, 4}).arrays != result.arrays);
  CHECK(evaluate(s, {1, 5}).arrays != result.arrays);
  Setting other = s;
  other.seed = 4;
  CHECK(evaluate(other, {2, 5}).arrays != result.arrays);
}

TEST_CASE("the identity of what is given a replica holds the network, the data and the seed") {
  const Setting s = small_setting();
  const std::string text = prediction_text_of_one(FirstOutputs{}, s);
  const auto changes = {+[](Setting& t) { t.network.width = 9; },
                        +[](Setting& t) { t.network.activation = network::Relu{}; },
                        +[](Setting& t) { t.data.test_size = 6; }, +[](Setting& t) { t.seed = 4; }};
  for (const auto change : changes) {
    Setting other = s;
    change(other);
    CHECK(prediction_text_of_one(FirstOutputs{}, other) != text);
  }
  Setting same = s;
  same.trainer = "another";
  for (const Dynamics& dynamics : {Dynamics(dynamics::Alone{}), Dynamics(dynamics::Solved{})}) {
    same.dynamics = dynamics;
    CHECK(prediction_text_of_one(FirstOutputs{}, same) == text);
  }
}

TEST_CASE("where it does not apply it says so of that replica, without making its data") {
  Setting s = small_setting();
  s.network.centred = true;
  const Result result = predict_one(FirstOutputs{}, s, {2, 5}, [&]() -> data::Draw { throw 1; });
  CHECK(result.outcome == Outcome::not_applicable);
  CHECK((result.data_draw == 2 && result.initialisation == 5));
}
