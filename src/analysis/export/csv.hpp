#pragma once
#include <string>

#include "../table/table.hpp"
#include "fieldscan/store/store.hpp"

namespace fieldscan::analysis {

// The tables of export_results. All are sorted, and the same bytes whatever the order in which results came in.

/// Long and tidy: one line per number. point, axes …, source (measured, or the theory's name), draw, initialisation,
/// observable, time, coordinate, value, standard_error, count, flag, outcome (of the replica or prediction).
std::string values_csv(const Table& table);
/// Of the ensemble: one line per point, quantity, time and coordinate: means, the parts of the error (bias2, …),
/// error_ensemble, deviation_THEORY, each with its standard error and 95 % interval. point, axes …, source, quantity,
/// time, coordinate, value, standard_error, low, high, data_draws, initialisations, members (whose numbers enter),
/// asked (for), flag (words of basis.hpp). A quantity without a number because of how all members ended has one line.
std::string ensembles_csv(const Table& table);
/// One line per point: id, every field and axis, replicas by outcome.
std::string points_csv(const Table& table);
/// One line per member that is not done: point or theory, draw, initialisation, outcome, reason.
std::string failures_csv(const Table& table);
/// Times, hosts, attempts: outside the contract of sameness.
std::string provenance_csv(const store::Store& store);

}  // namespace fieldscan::analysis
