#pragma once
#include "../formula/formula.hpp"
#include "../verdict/finding.hpp"
#include "fieldscan/scan/statement/test.hpp"

namespace fieldscan::analysis {

std::vector<Finding> evaluate(const Context& context, const scan::Test& test, const scan::Bound& kind);
/// The claim in words: "error_test lies below 0.1".
std::string claim_of(const scan::Test& test, const scan::Bound& kind);

}  // namespace fieldscan::analysis
