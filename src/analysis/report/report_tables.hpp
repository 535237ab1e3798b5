#pragma once
#include <string>

#include "report_parts.hpp"

namespace fieldscan::analysis {

/// Definitions of the observables that tests and figures name.
std::string section_quantities(const ReportContents& contents);
std::string section_outcomes(const ReportContents& contents);
std::string section_provenance(const scan::Scan& scan, const store::Store& store);

/// A table that is folded where it is long.
std::string folded_table(const std::string& head, const std::vector<std::string>& rows);
/// "width = 128, train_size = 16".
std::string point_label(const Table& table, const TablePoint& point);

}  // namespace fieldscan::analysis
