#pragma once
#include <string>
#include <vector>

#include "fieldscan/analysis/analysis.hpp"
#include "figure/figure.hpp"
#include "table.hpp"

namespace fieldscan::analysis {

/// The report as one self-contained HTML page.
std::string page_of(const scan::Scan& scan, const store::Store& store, const Table& table,
                    const std::vector<TestResult>& results, const std::vector<DrawnFigure>& figures);

// Its sections.
std::string section_verdicts(const std::vector<TestResult>& results);
std::string section_figures(const std::vector<DrawnFigure>& figures);
std::string section_outcomes(const Table& table);
std::string section_diagnostics(const Table& table);
std::string section_provenance(const scan::Scan& scan, const store::Store& store);

}  // namespace fieldscan::analysis
