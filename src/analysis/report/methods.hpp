#pragma once
#include <string>

#include "report_parts.hpp"

namespace fieldscan::analysis {

/// The paragraph that a paper needs of how its numbers were made: trainers with their settings, draws ×
/// initialisations, R-hat and effective sample sizes, theories, conventions of loss, ridge and scale, statistics,
/// versions and machines.
std::string methods_of(const ReportContents& contents);

}  // namespace fieldscan::analysis
