#include <algorithm>
#include <cmath>
#include <set>

#include "catch.hpp"
#include "fieldscan/core/error.hpp"
#include "theory/examples.hpp"
#include "theory/sampled_laws.hpp"

/// What holds for every member of the list, at its own examples.
namespace fieldscan::theory::laws {

namespace {

struct Member {
  std::string_view kind;
  std::vector<Observable> listed;
  std::vector<Example> examples;
  std::vector<Counterexample> counterexamples;
};

std::vector<Member> all_members() {
  std::vector<Member> all;
  for_each_kind<TheoryChoice>([&]<class T>() {
    const std::vector<Observable> listed(T::observables.begin(), T::observables.end());
    all.push_back({T::kind, listed, laws::examples<T>(), laws::counterexamples<T>()});
  });
  return all;
}

bool same_numbers(const Result& a, const Result& b) { return a.rows == b.rows && a.arrays == b.arrays; }

/// One change of a setting each: of what some theory depends on, and of what none does. Which of them a theory depends
/// on is what the text of its inputs says.
std::vector<void (*)(Setting&)> changes() {
  return {[](Setting& s) { s.seed += 1; },
          [](Setting& s) { s.ridge *= 2; },
          [](Setting& s) { s.data.input = data::Sphere{.dim = 7}; },
          [](Setting& s) {
            s.data.target = data::Gegenbauer{.levels = {{1, 0.6}, {3, 0.4}}};
          },
          [](Setting& s) { s.trainer = "another"; },
          [](Setting& s) {
            s.asked.times = {0, 1};
          },
          [](Setting& s) { s.asked.overlap_bins.count = 40; },
          [](Setting& s) { s.asked.beyond = 0.7; },
          [](Setting& s) { s.network.width = 9; },
          [](Setting& s) { s.network.chi = 3; },
          [](Setting& s) { s.network.depth = 2; },
          [](Setting& s) { s.network.weight_variance = 2.5; },
          [](Setting& s) { s.network.bias_variance = 0.2; },
          [](Setting& s) { s.network.readout_variance = 2; },
          [](Setting& s) { s.network.centred = !s.network.centred; },
          [](Setting& s) { s.network.activation = network::Relu{}; },
          [](Setting& s) { s.data.noise = 0.3; },
          [](Setting& s) { s.data.test_size = 40; },
          [](Setting& s) { s.data.validation_size = 10; },
          [](Setting& s) {
            if (!s.data.train_size.is_word()) s.data.train_size = 21;
          }};
}

constexpr double many = 20000;  ///< training points

/// What a theory given a draw of P points holds: one whose numbers are of a kernel a matrix of all pairs of points;
/// another what its declared bytes say. A regression packs it: half of a matrix is the least.
enum class Matrices { of_pairs, as_declared };

/// What is wrong with the costs of a few and of many points: a matrix of all pairs is in the bytes, and what holds one
/// works on it with threads; nothing becomes cheaper.
std::string fault_of_growth(const Cost& few, const Cost& lots, Matrices held) {
  const double pairs = 8 * many * many;
  if (!(lots.seconds >= few.seconds && lots.bytes >= few.bytes)) return "many points cost less than few";
  if (lots.threads != 1 && lots.threads != threads_of(many)) return "threads are none that algebra takes";
  if (lots.bytes > pairs && lots.threads != threads_of(many)) return "a matrix of all pairs on one thread";
  if (lots.bytes > pairs && !(lots.seconds > 100 * few.seconds)) return "a matrix of all pairs at the price of few";
  if (held == Matrices::of_pairs && !(lots.bytes > pairs / 2)) return "a kernel of all pairs is not in the bytes";
  return "";
}

/// Places and numbers of a prediction are in order; gives what it has rows or arrays of.
std::set<Observable> in_order(const Result& result, double test_points) {
  std::set<Observable> seen;
  std::set<std::tuple<Observable, double, double>> places;
  bool finite = true, once = true, whole = true;
  for (const Row& row : result.rows) {
    finite = finite && std::isfinite(row.value) && row.standard_error >= 0;
    once = once && places.insert({row.observable, row.time, row.coordinate}).second;
    seen.insert(row.observable);
  }
  for (const Array& array : result.arrays) {
    double size = 1;
    for (const auto extent : array.shape) size *= static_cast<double>(extent);
    whole = whole && static_cast<double>(array.data.size()) == size;
    whole = whole && (array.observable != Observable::predictor || size == test_points);
    seen.insert(array.observable);
  }
  CHECK(finite);
  CHECK(once);
  CHECK(whole);
  return seen;
}

}  // namespace

TEST_CASE("theories predict what they list, all of it and nothing else") {
  for (const Member& member : all_members()) {
    CAPTURE(member.kind);
    std::set<Observable> seen;
    CHECK_FALSE(member.examples.empty());
    for (const auto& [theory, setting] : member.examples) {
      CHECK(applicability(theory, setting).because.empty());
      const Result result = predict(theory, setting, 3);
      CHECK(result.outcome == Outcome::done);
      CHECK(result.data_draw == (given_of(theory) == Given::nothing ? 0 : 3));
      seen.merge(in_order(result, data::test_points(setting.data) * data::output_count(setting.data)));
    }
    CHECK(seen == std::set<Observable>(member.listed.begin(), member.listed.end()));
  }
}

TEST_CASE("of a target with two outputs theories say something, or why not") {
  int answers = 0;
  for (const Member& member : all_members()) {
    const auto& [theory, own] = member.examples.front();
    CAPTURE(member.kind);
    if (std::holds_alternative<data::File>(own.data.input)) continue;
    const Setting setting = two_outputs(own);
    if (const Applicability a = applicability(theory, setting); !a.applies) {
      CHECK_FALSE(a.because.empty());
      continue;
    }
    try {
      const Result result = predict(theory, setting, 3);
      CHECK(result.outcome == Outcome::done);
      in_order(result, 2.0 * data::test_points(setting.data));
      ++answers;
    } catch (const NumericalError& error) {
      CHECK(std::string(error.what()).starts_with("not applicable to 2 outputs, because"));
    }
  }
  CHECK(answers >= 8);
}

TEST_CASE("theories say where they do not hold, and why") {
  for (const Member& member : all_members()) {
    CAPTURE(member.kind);
    CHECK(member.counterexamples.size() >= 2);
    for (const auto& [theory, setting, because] : member.counterexamples) {
      const Result result = predict(theory, setting, 3);
      CAPTURE(result.reason, because);
      CHECK(result.outcome == Outcome::not_applicable);
      CHECK(result.reason.find("not applicable, because") != std::string::npos);
      CHECK(result.reason.find(because) != std::string::npos);
      CHECK((result.rows.empty() && result.arrays.empty()));
      CHECK(prediction_text(theory, setting).find("not_applicable=") != std::string::npos);
      CHECK(cost_of(theory, setting).seconds < 1e-3);
    }
  }
}

TEST_CASE("theories of draws of the prior do not answer for networks that start elsewhere") {
  const auto of_readout = [](Setting& s) { s.network.initial.readout.law = network::ReadoutLaw::ones; };
  const auto of_hidden = [](Setting& s) { s.network.initial.hidden.scale = 0.5; };
  const auto starts_anywhere = [](std::string_view kind) {
    bool anywhere = false;
    for_each_kind<TheoryChoice>([&]<class T>() {
      if constexpr (requires { T::starts_anywhere; }) anywhere = anywhere || T::kind == kind;
    });
    return anywhere;
  };
  for (const Member& member : all_members()) {
    CAPTURE(member.kind);
    if (starts_anywhere(member.kind)) continue;
    for (const auto& [theory, setting] : member.examples) {
      const bool forgets = is_sampling(setting.dynamics);
      const bool solved = is_any<dynamics::Solved>(setting.dynamics);
      const auto because = [&, &theory = theory, &setting = setting](auto change) {
        return applicability(theory, with(setting, change)).because.find("network.initial") != std::string::npos;
      };
      CHECK(because(of_hidden) == !(forgets && setting.network.train != network::Trained::readout));
      CHECK(because(of_readout) == !(solved || (forgets && setting.network.train != network::Trained::hidden)));
    }
  }
}

TEST_CASE("settings that make the same text of a prediction make the same numbers", "[slow]") {
  for (const Member& member : all_members()) {
    CAPTURE(member.kind);
    int same = 0;
    for (const auto& [theory, setting] : member.examples) {
      const std::string text = prediction_text(theory, setting);
      const Result numbers = predict(theory, setting, 0);
      bool moved = false;  // by one of the changes that make another text, or in another example
      const auto compare = [&](const AnyTheory& another, const Setting& changed) {
        if (changed.data.problem() || changed.network.problem()) return;  // no point is like that
        if (!applicability(another, changed).applies) return;
        const bool same_text = prediction_text(another, changed) == text;
        same += same_text ? 1 : 0;
        if (same_text) CHECK(same_numbers(predict(another, changed, 0), numbers));
        if (!same_text && !moved) moved = !same_numbers(predict(another, changed, 0), numbers);
      };
      for (const auto change : changes()) compare(theory, with(setting, change));
      for (const auto& [another, changed] : member.examples) compare(another, changed);
      CHECK(moved);
    }
    CHECK(same > 2 * static_cast<int>(member.examples.size()));  // beside each example itself: the trainer's words, …
  }
}

TEST_CASE("a draw that is handed in is the one that is made", "[slow]") {
  for (const Member& member : all_members())
    for (const auto& [theory, setting] : member.examples) {
      if (given_of(theory) == Given::nothing) continue;
      CAPTURE(member.kind);
      const data::Draw draw = data::make_draw(setting.data, setting.seed, 2),
                       next = data::make_draw(setting.data, setting.seed, 1);
      const Result own = predict(theory, setting, 2);
      CHECK(same_numbers(predict(theory, setting, 2, draw), own));
      CHECK_FALSE(same_numbers(predict(theory, setting, 1, next), own));
    }
}

TEST_CASE("theories say what they cost, and have a card") {
  for (const Member& member : all_members())
    for (const auto& [theory, setting] : member.examples) {
      CAPTURE(member.kind);
      const Cost cost = cost_of(theory, setting);
      CHECK(cost.seconds > 0);
      CHECK(cost.seconds < 10);  // small examples
      CHECK((cost.bytes >= 0 && std::isfinite(cost.bytes)));
      CHECK(cost.threads == 1);
      const Setting large = with(setting, [](Setting& s) { s.data.train_size = static_cast<int>(many); });
      if (given_of(theory) == Given::nothing || !applicability(theory, large).applies) continue;
      const Matrices held = kernel_of(theory, setting) ? Matrices::of_pairs : Matrices::as_declared;
      CHECK(fault_of_growth(cost, cost_of(theory, large), held) == "");
    }
  for (const About& about : all_theories()) {
    CAPTURE(about.kind);
    for (const auto text : {about.summary, about.card.formula, about.card.source, about.card.regime, about.card.effort})
      CHECK_FALSE(text.empty());
  }
}

TEST_CASE("costs of many points that contradict themselves are seen") {
  const Cost small{.seconds = 1e-4, .bytes = 1e4};
  const Cost matrix{.seconds = 100, .bytes = 1e10, .threads = 8}, columns{.seconds = 1e-2, .bytes = 1e6};
  CHECK(fault_of_growth(small, matrix, Matrices::of_pairs) == "");
  CHECK(fault_of_growth(small, matrix, Matrices::as_declared) == "");
  CHECK(fault_of_growth(small, columns, Matrices::as_declared) == "");
  CHECK(fault_of_growth(small, small, Matrices::as_declared) == "");  // does not depend on P
  const auto fails = [&](const Cost& large, Matrices held) { return fault_of_growth(small, large, held) != ""; };
  CHECK(fails(columns, Matrices::of_pairs));
  CHECK(fails({.seconds = 100, .bytes = 1e9, .threads = 8}, Matrices::of_pairs));
  CHECK(fails({.seconds = 1e-3, .bytes = 1e10, .threads = 8}, Matrices::of_pairs));
  for (const Matrices held : {Matrices::of_pairs, Matrices::as_declared}) {
    CHECK(fails({.seconds = 100, .bytes = 1e10, .threads = 1}, held));
    CHECK(fails({.seconds = 100, .bytes = 1e3, .threads = 8}, held));
    CHECK(fails({.seconds = 1e-5, .bytes = 1e10, .threads = 8}, held));
    CHECK(fails({.seconds = 100, .bytes = 1e10, .threads = 3}, held));
  }
}

TEST_CASE("a theory held out of sight is a value") {
  AnyTheory first = NtkFlow{.averaged = true};
  const AnyTheory copy = first;
  CHECK(first == copy);
  first = NtkFlow{};
  CHECK_FALSE(first == copy);
  CHECK(kind_of(copy) == "ntk_flow");
  CHECK(given_of(copy) == Given::nothing);
  first = copy;
  CHECK(first == copy);
}

TEST_CASE("listed theories that are sampled keep the laws of samples", "[slow]") {
  for_each_kind<TheoryChoice>([&]<class T>() {
    if constexpr (Sampled<T>)
      for (const Example& example : laws::examples<T>())
        check_samples(std::get<T>(choice_of(example.theory)), example.setting);
  });
}

}  // namespace fieldscan::theory::laws
