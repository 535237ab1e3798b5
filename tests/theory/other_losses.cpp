#include <set>

#include "catch.hpp"
#include "theory/examples.hpp"

/// What theories say of networks that are none of theirs.
namespace fieldscan::theory::laws {

namespace {

/// The theories that apply at one of their own examples after a change.
template <class Change>
std::set<std::string_view> that_apply(Change change) {
  std::set<std::string_view> kinds;
  for_each_kind<TheoryChoice>([&]<class T>() {
    for (const Example& example : laws::examples<T>()) {
      const Applicability a = applicability(example.theory, with(example.setting, change));
      if (a.applies)
        kinds.insert(T::kind);
      else
        CHECK_FALSE(a.because.empty());
    }
  });
  return kinds;
}

}  // namespace

TEST_CASE("no theory takes a cross-entropy for its own loss") {
  const auto trained = [](Setting& s) {
    s.dynamics = dynamics::Unlike{"with the cross-entropy loss"};
    s.trainer = "sgd with the cross-entropy loss";
  };
  // What is about the networks' start alone applies.
  CHECK(that_apply(trained) == std::set<std::string_view>{"signal_propagation"});
  Setting s = descent();
  trained(s);
  CHECK(applicability(NtkFlow{}, s).because.find("cross-entropy") != std::string::npos);
  // As a reference it sees the same network without a trainer.
  s.dynamics = dynamics::Alone{};
  CHECK(applicability(NtkRegression{}, s).applies);
  CHECK(applicability(Nngp{}, s).applies);
}

TEST_CASE("no theory takes an output centred over the inputs for a plain one") {
  const auto centred = [](Setting& s) { s.network.output = network::OutputForm::centred_over_inputs; };
  CHECK(that_apply(centred) == std::set<std::string_view>{"signal_propagation"});
}

}  // namespace fieldscan::theory::laws
