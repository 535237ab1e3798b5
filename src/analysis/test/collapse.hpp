#pragma once
#include "../formula/formula.hpp"
#include "../verdict/finding.hpp"
#include "fieldscan/scan/statement/test.hpp"

namespace fieldscan::analysis {

std::vector<Finding> evaluate(const Context& context, const scan::Test& test, const scan::Collapse& kind);
/// The claim in words: "error_test against train_size is one curve within 10 %".
std::string claim_of(const scan::Test& test, const scan::Collapse& kind);

}  // namespace fieldscan::analysis
