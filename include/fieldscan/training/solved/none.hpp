#pragma once
#include <tuple>

#include "fieldscan/training/concept.hpp"

namespace fieldscan::training {

/// No training: only theories are computed.
struct None {
  static constexpr std::string_view kind = "none";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "No training: only theories are computed.";
  static constexpr Yield yields = Yield::nothing;
  static constexpr bool keeps_state = false;
  static constexpr Need offers = Need::nothing;
  static constexpr std::string_view needs_double = "";
  static auto fields() { return std::tuple{}; }
  std::optional<std::string> problem(const Setting&) const { return std::nullopt; }
  Dynamics dynamics(const Setting&) const { return dynamics::Alone{}; }
  std::vector<double> record_times(const Setting& setting, const TimeGrid& grid) const;
  Cost cost(const Setting&, const Sizes&) const { return {}; }
  std::vector<const char*> ends_sooner() const { return {}; }
  ChainLength chain() const { return {}; }
  Result train(const Problem& problem, const ObservePlan& plan) const;
  bool operator==(const None&) const = default;
};
static_assert(Trainer<None>);

}  // namespace fieldscan::training
