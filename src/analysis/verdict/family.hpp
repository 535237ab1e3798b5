#pragma once
#include "fieldscan/analysis/verdict/test_result.hpp"
#include "finding.hpp"

/// From findings to the verdicts of a family of tests.
namespace fieldscan::analysis {

/// The verdict of one of so many statements of a test: supported inside, contradicted where p times their number is
/// small.
Verdict verdict_of(const Finding& finding, std::size_t statements);

/// Joins the findings of one test: supported where all are inside; p is the smallest, times their number.
TestResult join(std::string name, std::string summary, const std::vector<Finding>& findings);

/// Holm's step-down correction over a family: the adjusted p-values, in the given order.
std::vector<double> holm(const std::vector<double>& p_values);
/// Turns tests whose adjusted p-value is below 5 % into contradictions.
void correct_family(std::vector<TestResult>& results);

}  // namespace fieldscan::analysis
