#pragma once
#include "../formula/formula.hpp"
#include "fieldscan/scan/statement/statement.hpp"
#include "figure.hpp"

namespace fieldscan::analysis {

/// Where a theory holds: for each agreement with a margin, every comparison that the scan has, whether the test asks
/// for it or not, over the two axes with the most values. Nothing where fewer than two axes vary.
std::vector<DrawnFigure> validity_maps(const Context& context, const std::vector<scan::Test>& tests,
                                       std::vector<std::string>& taken);

}  // namespace fieldscan::analysis
