#pragma once
#include <string>
#include <vector>

#include "../figure/figure.hpp"
#include "../formula/formula.hpp"
#include "fieldscan/analysis/verdict/test_result.hpp"
#include "fieldscan/scan/points/scan.hpp"
#include "fieldscan/store/store.hpp"

/// The report as one page of HTML, section by section.
namespace fieldscan::analysis {

/// Everything that the page shows.
struct ReportContents {
  const scan::Scan& scan;
  const store::Store& store;
  const Context& context;
  const std::vector<TestResult>& results;
  const std::vector<DrawnFigure>& figures;
  const std::vector<std::vector<std::string>>& formats;  ///< of the drawings beside the page, figure by figure
};

std::string page_of(const ReportContents& contents);

/// One entry per test: verdict, name, sentence, what is missing; its single statements folded.
std::string section_tests(const std::vector<TestResult>& results);
/// The drawings, each with its table as a file inside the page, and links to the files beside it.
std::string section_figures(const ReportContents& contents);

}  // namespace fieldscan::analysis
