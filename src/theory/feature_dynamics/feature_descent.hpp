#pragma once
#include "../given_steps.hpp"
#include "fieldscan/theory/feature_dynamics/feature_problem.hpp"
#include "fieldscan/theory/setting.hpp"

/// What theories of descent that learns features take from a point.
namespace fieldscan::theory {

/// Why the descent of a point is none of these, if so. `rate` is a theory's own, for `training: none`.
Applicability needs_feature_descent(const Setting& setting, const std::optional<double>& rate,
                                    const std::optional<double>& momentum);

/// The descent of a point.
struct FeatureDescent {
  double richness = 1;  ///< γ₀ = √(χ/N)
  double step = 1;      ///< h
  double momentum = 0;
  dynamics::Anchor anchor = dynamics::Anchor::initial;
  double time_per_step = 1;   ///< of the trainer's t
  std::vector<double> times;  ///< the finite ones of those asked for; without a trainer the nearest whole steps
};
FeatureDescent feature_descent(const Setting& setting, const std::optional<double>& rate,
                               const std::optional<double>& momentum);

/// Normals that a unit of the first layer has: as many as inputs, or as training points where these are fewer.
double input_rank(const Setting& setting);

}  // namespace fieldscan::theory
