#pragma once
#include <array>
#include <string_view>

#include "fieldscan/core/field.hpp"
#include "fieldscan/core/observable_list.hpp"

namespace fieldscan::theory {

/// How (K + κ) α = y is solved: by a factor, or for the mean alone by conjugate gradients, whose operations grow as P²
/// times steps.
enum class Solver { cholesky, conjugate_gradients };
constexpr auto words(Solver) { return std::array<std::string_view, 2>{"cholesky", "conjugate_gradients"}; }

/// What a solution for the labels alone gives, and of it alone: the residual ‖y − (K + κ) α‖/‖y‖ that it ends with.
constexpr bool gives(Solver solver, Observable observable) {
  const bool iterated = solver == Solver::conjugate_gradients;
  if (observable == listed("solver_residual")) return iterated;
  return !iterated || observable == Observable::predictor || observable == Observable::error_mean_predictor ||
         observable == Observable::learnability;
}

inline constexpr std::string_view solver_sentence =
    "`cholesky`, or `conjugate_gradients`: the mean predictor alone, for large P and a ridge that is not small";
inline constexpr std::string_view tolerance_sentence =
    "of conjugate gradients: the residual of (K + κ) α = y, relative to y; where it is not reached there is no number";
/// With α = 0 the residual is 1: that, and what is near it, is no solution. At 0.01 the predictor at the training
/// points is off by a hundredth of the labels at most, in root mean square.
inline constexpr Range tolerance_range{.low = 0, .high = 0.01, .low_open = true};

/// Products with K until a solution is given up.
inline constexpr int most_gradient_steps = 2000;

}  // namespace fieldscan::theory
