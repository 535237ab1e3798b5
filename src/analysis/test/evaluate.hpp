#pragma once
#include "../formula/formula.hpp"
#include "fieldscan/analysis/test/evaluate.hpp"

namespace fieldscan::analysis {

/// The context of a scan's statements over a table, with its definitions evaluated.
Context make_context(const scan::Scan& scan, const Table& table);
/// evaluate_tests over a table that is already there.
std::vector<TestResult> evaluate_tests(const Context& context, const std::vector<scan::Test>& tests);

}  // namespace fieldscan::analysis
