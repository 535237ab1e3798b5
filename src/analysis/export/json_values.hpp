#pragma once
#include <string>

#include "../table/table.hpp"

namespace fieldscan::analysis {

/// The values as {"points": [{id, fields, outcomes: [{source, asked, done, …}], failures: [...], values: [...]}]}.
std::string values_json(const Table& table, const std::string& name);

}  // namespace fieldscan::analysis
