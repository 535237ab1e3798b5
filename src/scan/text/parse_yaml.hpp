#pragma once
#include "tree.hpp"

namespace fieldscan::scan {

/// Parses one YAML document and closes the traps of the library: duplicate keys, merge keys, tags, tabs, values that
/// are missing, a second document, alias bombs, bytes that are no text, files without measure. Every trap is a
/// diagnostic; what remains is returned.
Node parse_yaml(const std::string& text, Report& report);
/// Parses a value as it stands after `=` in --set.
Node parse_value(const std::string& text, Report& report, const std::string& path);

}  // namespace fieldscan::scan
