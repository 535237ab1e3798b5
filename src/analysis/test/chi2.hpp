#pragma once
#include "../formula/formula.hpp"
#include "../verdict/finding.hpp"
#include "fieldscan/scan/statement/test.hpp"

namespace fieldscan::analysis {

std::vector<Finding> evaluate(const Context& context, const scan::Test& test, const scan::Chi2& kind);
/// The claim in words: "error_test differs from nngp by its statistical error alone".
std::string claim_of(const scan::Test& test, const scan::Chi2& kind);

}  // namespace fieldscan::analysis
