#pragma once
#include "../formula/formula.hpp"
#include "../verdict/finding.hpp"
#include "fieldscan/scan/statement/test.hpp"

namespace fieldscan::analysis {

std::vector<Finding> evaluate(const Context& context, const scan::Test& test, const scan::PowerLaw& kind);
/// The claim in words: "deviation(nngp) is a power law in width with exponent -1 ± 0.2".
std::string claim_of(const scan::Test& test, const scan::PowerLaw& kind);

}  // namespace fieldscan::analysis
