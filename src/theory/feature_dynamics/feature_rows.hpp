#pragma once
#include <functional>

#include "../rows.hpp"
#include "fieldscan/theory/feature_dynamics/feature_problem.hpp"

/// Rows of what populations say, one estimate from each.
namespace fieldscan::theory {

/// Estimates of the states at all times, one trajectory of each population; of a rule there is one.
using Trajectories = std::vector<std::vector<FeatureState>>;

/// Everything at time number k. Errors are standard errors over the populations; their noise is taken off the squares.
void write_feature_state(Result& result, const Trajectories& all, std::size_t k, double time, Flag flag,
                         const data::Draw& draw);

/// Θ at time number k, mean over the populations.
Matrix mean_tangent(const Trajectories& all, std::size_t k);

struct PopulationEstimate {
  double value = 0, standard_error = 0;
};
/// What is neglected where χ is not large: the share of the output at initialisation in the training error at the
/// start, (⟨K⟩/χ)/(⟨y²⟩ + ⟨K⟩/χ), mean over the training points. The first states are those at the start.
PopulationEstimate initial_share(const Trajectories& all, double readout_variance, double chi, const VectorView& label);

/// Times that all populations have reached.
std::size_t reached(const Trajectories& all);

}  // namespace fieldscan::theory
