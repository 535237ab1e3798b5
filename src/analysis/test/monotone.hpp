#pragma once
#include "../formula/formula.hpp"
#include "../verdict/finding.hpp"
#include "fieldscan/scan/statement/test.hpp"

namespace fieldscan::analysis {

std::vector<Finding> evaluate(const Context& context, const scan::Test& test, const scan::Monotone& kind);
/// The claim in words: "error_test goes down with width".
std::string claim_of(const scan::Test& test, const scan::Monotone& kind);

}  // namespace fieldscan::analysis
