#pragma once
#include <string>

namespace fieldscan::scan {

// JSON schemas of one definition, one test, one figure, from the same descriptions as their reader and pages.

std::string define_schema();
std::string test_schema();
std::string figure_schema();

}  // namespace fieldscan::scan
