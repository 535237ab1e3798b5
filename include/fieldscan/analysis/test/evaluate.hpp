#pragma once
#include "fieldscan/analysis/verdict/test_result.hpp"
#include "fieldscan/scan/points/scan.hpp"
#include "fieldscan/store/store.hpp"

namespace fieldscan::analysis {

/// Evaluates all declared tests; one family error rate 5 % over them (Holm).
std::vector<TestResult> evaluate_tests(const scan::Scan& scan, const store::Store& store);
/// 0 all supported or none declared; 5 one contradicted; else 4 where one is undecided because all replicas of a point
/// ended without numbers, 6 where some are undecided for other reasons.
int exit_status(const std::vector<TestResult>& results);

}  // namespace fieldscan::analysis
