#pragma once
#include "../formula/formula.hpp"
#include "../verdict/finding.hpp"
#include "fieldscan/scan/statement/test.hpp"

namespace fieldscan::analysis {

std::vector<Finding> evaluate(const Context& context, const scan::Test& test, const scan::Agreement& kind);
/// The claim in words: "error_test agrees with nngp within 3 %".
std::string claim_of(const scan::Test& test, const scan::Agreement& kind);

}  // namespace fieldscan::analysis
