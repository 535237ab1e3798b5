#pragma once
#include <string>

namespace fieldscan::analysis {

/// A field of CSV: quoted where it must be.
std::string csv_field(const std::string& text);
/// "inf" for equilibrium, else the shortest text.
std::string time_text(double time);

}  // namespace fieldscan::analysis
