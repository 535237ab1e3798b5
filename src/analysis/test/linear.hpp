#pragma once
#include "../formula/formula.hpp"
#include "../verdict/finding.hpp"
#include "fieldscan/scan/statement/test.hpp"

namespace fieldscan::analysis {

std::vector<Finding> evaluate(const Context& context, const scan::Test& test, const scan::Linear& kind);
/// The claim in words: "error_test is linear in width within 5 %".
std::string claim_of(const scan::Test& test, const scan::Linear& kind);

}  // namespace fieldscan::analysis
