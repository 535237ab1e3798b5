#pragma once
#include "../formula/formula.hpp"
#include "../verdict/finding.hpp"
#include "fieldscan/analysis/test/evaluate.hpp"
#include "fieldscan/scan/statement/test.hpp"

namespace fieldscan::analysis {

/// The context of a scan's statements over a table, with its definitions evaluated.
Context make_context(const scan::Scan& scan, const Table& table);
/// The findings of a test, one per statement. Those to which a theory does not apply say nothing, unless there is no
/// other.
std::vector<Finding> statements_of(const Context& context, const scan::Test& test);
/// evaluate_tests over a table that is already there.
std::vector<TestResult> evaluate_tests(const Context& context, const std::vector<scan::Test>& tests);

}  // namespace fieldscan::analysis
