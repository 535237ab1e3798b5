#pragma once
#include <string>

/// Numbers as sentences have them.
namespace fieldscan::analysis {

/// "0.982 ± 0.031" with digits that fit the error.
std::string with_error(double value, double standard_error);
std::string number(double value);

}  // namespace fieldscan::analysis
