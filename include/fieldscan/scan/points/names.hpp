#pragma once
#include <string>

#include "fieldscan/scan/points/scan.hpp"
#include "fieldscan/scan/statement/names.hpp"

/// Names and formulas over a scan. read_scan has resolved all of them once, so that for a scan it returned these
/// functions do not fail on its own formulas; they throw ExpressionError for other texts.
namespace fieldscan::scan {

/// Resolves one atom of an expression. A dimension goes before a short name; a short name that is ambiguous throws
/// (FS0408).
ResolvedName resolve_name(const Scan& scan, const Atom& atom);
/// Resolves a bare name, as it stands in `by`, `over`, `along`, `between`, `each`: an axis, field or dimension.
ResolvedName resolve_name(const Scan& scan, const std::string& name);

/// What a formula mentions.
Mentions mentions(const Scan& scan, const std::string& formula);
/// The same of a condition: comparisons and flags, joined by &&, || and !. Throws ExpressionError (FS0413) for what is
/// none.
Mentions condition(const Scan& scan, const std::string& formula);

/// The value of a name at a point (full path); nullptr where the point has no such field.
const AxisValue* find_value(const Point& point, const std::string& path);

}  // namespace fieldscan::scan
