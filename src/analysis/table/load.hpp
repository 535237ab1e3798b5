#pragma once
#include "table.hpp"

namespace fieldscan::analysis {

/// Joins plan and store. Predictions that several points share are loaded once.
Table load_table(const scan::Scan& scan, const store::Store& store);

}  // namespace fieldscan::analysis
