#pragma once
#include "../observe/recorder.hpp"
#include "ridge_readout.hpp"

/// What trainers that end with a solved readout share.
namespace fieldscan::training {

/// Why there is nothing to solve on: centred outputs, no training set; nullopt where there is.
std::optional<std::string> solving_problem(const Setting& setting, std::string_view trainer);

/// Solves the readout of θ over its hidden layers on some points with labels [points × C] and puts it into θ.
RidgeReadout solve_into(const Problem& problem, const network::Network& network, const MatrixView& x,
                        const MatrixView& label, Vector& theta);

/// Records the solved network at equilibrium, with condition number and jitter where they are asked for. `start`: θ₀.
Result record_solved(const Problem& problem, const network::Network& network, const ObservePlan& plan,
                     const Vector& start, const Vector& theta, const RidgeReadout& solved, std::int64_t steps);

}  // namespace fieldscan::training
