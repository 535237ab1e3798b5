#pragma once
#include <string>

#include "judge.hpp"

namespace fieldscan::analysis {

/// Of words that mean strictly (above, below, up, down), a finding on a number without an error that lies on an end of
/// the allowed range is not inside: contradicted where the number is exact, open where all members of a sample have it.
/// `reason` says so.
void require_strict(Finding& finding, const Quantity& quantity, const Allowed& allowed, const std::string& reason);

}  // namespace fieldscan::analysis
