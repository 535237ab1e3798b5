#pragma once
#include <string>
#include <vector>

namespace fieldscan::analysis {

/// A file name: lower-case letters, digits and hyphens, a hundred at most; different from those in `taken`.
std::string slug_of(const std::string& name, std::vector<std::string>& taken);

}  // namespace fieldscan::analysis
