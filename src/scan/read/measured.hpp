#pragma once
#include <string>

#include "fieldscan/core/observable.hpp"
#include "fieldscan/scan/points/point.hpp"

/// Which observables the replicas of a point have.
namespace fieldscan::scan {

/// What is stored of a replica for an observable: itself, or what an ensemble forms it from.
Observable carrier_of(Observable observable);
/// Whether it is measured at such points, or formed there from what is: the trainer has what it needs, and the data
/// have.
bool is_measured(Observable observable, const PointSpec& spec);
/// What to write where an observable is wanted and not measured.
std::string how_to_measure(Observable observable);
/// The numbers that have a dimension of their own: "coordinate_size, weight_norm".
std::string observables_with(std::string_view dimension);

}  // namespace fieldscan::scan
