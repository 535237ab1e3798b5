#pragma once
#include "fieldscan/scan/statement/statement.hpp"
#include "formula.hpp"

/// The numbers of `define`.
namespace fieldscan::analysis {

/// Evaluates all definitions of a scan, in order, into context.definitions.
void evaluate_definitions(Context& context, const std::vector<scan::Define>& definitions);

}  // namespace fieldscan::analysis
