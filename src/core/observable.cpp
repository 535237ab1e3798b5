#include "fieldscan/core/observable.hpp"

#include <utility>

#include "fieldscan/core/observable_list.hpp"

namespace fieldscan {

namespace {

/// The word of an enumerator, as the compiler spells it; empty where the value has none.
template <Observable observable>
consteval std::string_view enumerator() {
  constexpr std::string_view before = "Observable::", letters = "abcdefghijklmnopqrstuvwxyz_0123456789";
  const std::string_view text =
      __PRETTY_FUNCTION__;  // "… [with Observable observable = fieldscan::Observable::overlap; …]"
  const auto begin = text.rfind(before);
  if (begin == std::string_view::npos) return "";
  const std::string_view word = text.substr(begin + before.size());
  return word.substr(0, word.find_first_not_of(letters));
}

/// Whether every enumerator stands where the list has its name, and none behind its end.
template <std::size_t... places>
consteval bool stand_in_order(std::index_sequence<places...>) {
  const auto fits = [](std::string_view word, std::size_t place) {
    return word.empty() || (place < observable_list.size() && observable_list[place].name == word);
  };
  return (fits(enumerator<static_cast<Observable>(places)>(), places) && ...);
}

static_assert(enumerator<Observable::overlap>() == "overlap");
static_assert(stand_in_order(std::make_index_sequence<observable_list.size() + 20>()),
              "an enumerator of core/observable.hpp stands elsewhere than its line in core/observable_list.hpp");

}  // namespace

const ObservableInfo& info(Observable observable) { return observable_list.at(static_cast<std::size_t>(observable)); }

std::span<const ObservableInfo> all_observables() { return observable_list; }

Observable end_of_observables() { return static_cast<Observable>(observable_list.size()); }

std::optional<Observable> find_observable(std::string_view name) {
  for (std::size_t i = 0; i < observable_list.size(); ++i)
    if (observable_list[i].name == name) return static_cast<Observable>(i);
  return std::nullopt;
}

}  // namespace fieldscan
