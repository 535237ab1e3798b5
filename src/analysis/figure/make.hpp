#pragma once
#include "../formula/formula.hpp"
#include "fieldscan/scan/statement/statement.hpp"
#include "figure.hpp"

namespace fieldscan::analysis {

/// The figures of a scan: those that it declares, one for every test without a declared figure of the same formula, a
/// map of validity for every agreement over two axes, and the distribution of all residuals.
std::vector<DrawnFigure> make_figures(const Context& context, const std::vector<scan::Figure>& figures,
                                      const std::vector<scan::Test>& tests);

}  // namespace fieldscan::analysis
