#pragma once
#include <string>
#include <vector>

#include "report_parts.hpp"

/// Sentences of the page on what to beware of; empty where there is nothing to say.
namespace fieldscan::analysis {

/// What the store does not have yet of what the scan asks for.
std::string banner_of(const ReportContents& contents);
/// How many chains, networks and predictions did not end as they should, beside the headline of the verdicts.
std::string endings_beside(const Table& table);
/// Where all residuals of a panel lie on one side, and a test against the same theory is supported all the same.
std::string one_sided(const DrawnFigure& figure, const std::vector<TestResult>& results);

}  // namespace fieldscan::analysis
