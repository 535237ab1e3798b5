#pragma once
#include "fieldscan/analysis/verdict/test_result.hpp"

namespace fieldscan::analysis {

/// The verdicts for a terminal: name, sentence and reason of every test, its first parts, and their count.
std::string render(const std::vector<TestResult>& results);
/// All of them as a list of JSON.
std::string to_json(const std::vector<TestResult>& results);

}  // namespace fieldscan::analysis
