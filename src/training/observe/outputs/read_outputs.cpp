#include <algorithm>
#include <array>
#include <utility>

#include "formed.hpp"

namespace fieldscan::training {

namespace {

using Former = Numbers (*)(const Outputs&, const data::Draw&);

template <std::size_t place>
constexpr Former former() {
  if constexpr (is_of_outputs(observable_list[place]))
    return &formed<static_cast<Observable>(place)>;
  else
    return nullptr;
}

/// By the place in the list; nullptr for all that is not formed from outputs.
constexpr auto formers = []<std::size_t... places>(std::index_sequence<places...>) {
  return std::array{former<places>()...};
}
(std::make_index_sequence<observable_list.size()>());

Former former_of(Observable observable) { return formers.at(static_cast<std::size_t>(observable)); }

/// The last set that an observable needs: numbers are written down set by set.
Need last_set(Need needs) {
  for (const Need set : {Need::validation_outputs, Need::test_outputs})
    if (has_any(needs, set)) return set;
  return Need::train_outputs;
}

Need sets_of(const Outputs& outputs) {
  const auto set = [](const Output& output, Need has) { return output.mean.size() > 0 ? has : Need::nothing; };
  return set(outputs.train, Need::train_outputs) | set(outputs.test, Need::test_outputs) |
         set(outputs.validation, Need::validation_outputs) |
         (outputs.loss == network::LossFunction::square ? Need::nothing : Need::class_odds);
}

}  // namespace

bool wants_outputs(const ObservePlan& plan, Need set) {
  return std::ranges::any_of(plan.observables, [&](Observable observable) {
    return former_of(observable) && has_any(info(observable).needs, set);
  });
}

void read_outputs(const data::Draw& data, const Outputs& outputs, const ObservePlan& plan, std::vector<Reading>& out) {
  const Need there = sets_of(outputs);
  for (const Need set : {Need::train_outputs, Need::test_outputs, Need::validation_outputs})
    for (const Observable observable : plan.observables) {
      const Former former = former_of(observable);
      const Need needs = info(observable).needs;
      if (!former || last_set(needs) != set || !has_all(there, needs)) continue;
      for (const Number& number : former(outputs, data)) out.push_back({observable, number.coordinate, number.value});
    }
}

}  // namespace fieldscan::training
