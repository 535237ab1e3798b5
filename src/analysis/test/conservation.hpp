#pragma once
#include "../formula/formula.hpp"
#include "../verdict/finding.hpp"
#include "fieldscan/scan/statement/test.hpp"

namespace fieldscan::analysis {

std::vector<Finding> evaluate(const Context& context, const scan::Test& test, const scan::Conservation& kind);
/// The claim in words: "loss stays what it is at the start within 1 %".
std::string claim_of(const scan::Test& test, const scan::Conservation& kind);

}  // namespace fieldscan::analysis
