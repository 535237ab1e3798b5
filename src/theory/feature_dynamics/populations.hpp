#pragma once
#include "feature_rows.hpp"
#include "fieldscan/core/random.hpp"
#include "fieldscan/theory/feature_dynamics/layers_in_time.hpp"

/// Trajectories of `dmft`: by a rule over units, or of independent populations of sampled ones.
namespace fieldscan::theory {

inline constexpr int unit_populations = 16;
inline constexpr int layer_populations = 8;  ///< fewer and larger: the responses of one stay in memory

/// Whether averages over units are taken by a rule: of one hidden layer of linear units, whose second moments close,
/// and of smooth ones that see at most two directions. rank: of the inputs.
bool has_unit_rule(const KernelSpec& spec, double rank);

/// By that rule. Throws NotConverged where a coarser one says something else. residual: how much that is, relative to
/// the labels; 0 where averages close.
Trajectories rule_trajectory(const FeatureProblem& problem, const std::vector<std::int64_t>& steps, double& residual);

/// Of `samples` pairs of units in all; `responses`: of several layers; each population is freed of its bias in one over
/// its size by its two halves.
Trajectories sampled_trajectories(const FeatureProblem& problem, const std::vector<std::int64_t>& steps, int samples,
                                  const Stream& stream, Responses responses = Responses::all);

}  // namespace fieldscan::theory
