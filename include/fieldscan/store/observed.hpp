#pragma once
#include <string>
#include <string_view>

#include "fieldscan/training/observe/observe.hpp"

namespace fieldscan::store {

/// The canonical text of what was asked to be observed: one entry per line, ascending. Observables by name; the times of the grid with
/// their unit; what changes the meaning of an entry is part of it.
std::string observed_text(const training::ObservePlan& plan);

/// Whether everything asked was observed: every entry of `asked` is one of `observed`. A replica is done iff this holds.
bool covers(std::string_view observed, std::string_view asked);

}  // namespace fieldscan::store
