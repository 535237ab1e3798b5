#pragma once
#include "../formula/formula.hpp"
#include "../verdict/finding.hpp"
#include "fieldscan/scan/statement/test.hpp"

namespace fieldscan::analysis {

std::vector<Finding> evaluate(const Context& context, const scan::Test& test, const scan::ScalingLaw& kind);
/// The claim in words: "error_test follows a joint scaling law (sum) in width, train_size".
std::string claim_of(const scan::Test& test, const scan::ScalingLaw& kind);

}  // namespace fieldscan::analysis
