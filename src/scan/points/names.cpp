#include "fieldscan/scan/points/names.hpp"

#include <algorithm>

#include "parsed.hpp"

namespace fieldscan::scan {

ResolvedName resolve_name(const Scan& scan, const Atom& atom) { return resolve(scan.parsed().symbols, atom); }
ResolvedName resolve_name(const Scan& scan, const std::string& name) { return resolve(scan.parsed().symbols, name); }
Mentions mentions(const Scan& scan, const std::string& formula) { return mentions(scan.parsed().symbols, formula); }
Mentions condition(const Scan& scan, const std::string& formula) { return condition(scan.parsed().symbols, formula); }

const AxisValue* find_value(const Point& point, const std::string& path) {
  const auto found = std::ranges::find(point.names, path, &NamedValue::path);
  return found == point.names.end() ? nullptr : &found->value;
}

}  // namespace fieldscan::scan
