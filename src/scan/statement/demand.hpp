#pragma once
#include "statements.hpp"

/// What statements ask of points, from what was read of them.
namespace fieldscan::scan {

Demand demand_of(const Define& define, const std::string& statement, const Node& node);
Demand demand_of(const Test& test, const std::string& statement, const Node& node, const Symbols& symbols);
Demand demand_of(const Figure& figure, const std::string& statement, const Node& node, const Symbols& symbols);

}  // namespace fieldscan::scan
