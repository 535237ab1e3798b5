#pragma once
#include <functional>

#include "../rows.hpp"
#include "fieldscan/theory/feature_dynamics/feature_problem.hpp"

/// Rows of what populations say, one estimate from each.
namespace fieldscan::theory {

/// Estimates of the states at all times, one trajectory of each population; of a rule there is one.
using Trajectories = std::vector<std::vector<FeatureState>>;

/// Everything at time number k. Errors are standard errors over the populations; their noise is taken off the squares.
void write_feature_state(Result& result, const Trajectories& all, std::size_t k, double time, const data::Draw& draw);

/// Times that all populations have reached.
std::size_t reached(const Trajectories& all);

}  // namespace fieldscan::theory
