#pragma once
#include <tuple>

#include "fieldscan/training/concept.hpp"

namespace fieldscan::training {

/// No training: only theories are computed.
struct None {
  static constexpr std::string_view kind = "none";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "No training: only theories are computed.";
  static constexpr Law law = Law::none;
  static constexpr bool keeps_state = false;
  static constexpr Need offers = Need::nothing;
  static auto fields() { return std::tuple{}; }
  Dynamics dynamics(const Setting&) const { return dynamics::Alone{}; }
  bool operator==(const None&) const = default;
};
static_assert(Trainer<None>);

}  // namespace fieldscan::training
