#pragma once
#include <array>
#include <string_view>

#include "fieldscan/core/observable.hpp"

namespace fieldscan::theory {

/// Whether a regression gives what needs the diagonal of (K + κ)⁻¹, which is as much work as the factor itself.
enum class Estimates { all, none };
constexpr auto words(Estimates) { return std::array<std::string_view, 2>{"all", "none"}; }

/// What is left out for `none`.
constexpr bool is_estimate(Observable observable) {
  return observable == Observable::error_train || observable == Observable::kappa_eff ||
         observable == Observable::error_loo || observable == Observable::error_gcv;
}
constexpr bool gives(Estimates estimates, Observable observable) {
  return estimates == Estimates::all || !is_estimate(observable);
}

/// Operations of the factor, and of the diagonal, in units of P³ (`draw_cost`).
constexpr double cubes_of_estimates(Estimates estimates) { return estimates == Estimates::all ? 0.7 : 0.35; }

inline constexpr std::string_view estimates_sentence =
    "`none` leaves out error_train, kappa_eff, error_loo and error_gcv: for the diagonal of (K + κ)⁻¹ they take as "
    "long as the factorisation";

}  // namespace fieldscan::theory
