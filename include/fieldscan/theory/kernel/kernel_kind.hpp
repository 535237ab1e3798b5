#pragma once
#include <array>
#include <string_view>

namespace fieldscan::theory {

/// K of the network at initialisation, or Θ of its descent.
enum class KernelKind { nngp, tangent };
constexpr auto words(KernelKind) { return std::array<std::string_view, 2>{"nngp", "tangent"}; }

}  // namespace fieldscan::theory
