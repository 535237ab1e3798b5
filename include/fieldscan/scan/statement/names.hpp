#pragma once
#include <optional>
#include <string>
#include <vector>

#include "fieldscan/core/observable.hpp"
#include "fieldscan/scan/expression/expression.hpp"
#include "fieldscan/scan/points/scan.hpp"

/// What the names of statements stand for. read_scan has resolved all of them once, so that for a scan it returned these functions
/// do not fail on its own formulas; they throw ExpressionError for other texts.
namespace fieldscan::scan {

struct ResolvedName {
  enum class Kind {
    observable,      ///< a measured observable: `error_test`
    prediction,      ///< of a theory: `nngp.error_test`
    deviation,       ///< deviation(theory)
    error_ensemble,  ///< error_ensemble(m) of the measurement, or of a theory
    rms,             ///< rms(a - b) of two observables or predictions
    definition,      ///< a number of `define`
    field,           ///< an axis, a `let` variable or any number or word field of the points
    dimension,       ///< an observable's own dimension, or time
  };
  Kind kind = Kind::field;
  std::string text = {};  ///< as the expression has it (Atom::text)
  /// observable and prediction: the observable's name; definition: its name; field: the full path, as in Point::names;
  /// dimension: its word (time, mode, layer, unit …).
  std::string name = {};
  std::string theory = {};  ///< name of the theory (TheoryUse::name); empty for the measurement
  std::optional<Observable> observable = {};
  double members = 0;                    ///< m of error_ensemble(m)
  std::vector<ResolvedName> sides = {};  ///< rms: the two names
};

/// Resolves one atom of an expression. A dimension goes before a short name; a short name that is ambiguous throws (FS0408).
ResolvedName resolve_name(const Scan& scan, const Atom& atom);
/// Resolves a bare name, as it stands in `by`, `over`, `along`, `between`, `each`: an axis, field or dimension.
ResolvedName resolve_name(const Scan& scan, const std::string& name);

/// What an expression mentions, in order of first appearance: resolved atom k belongs to Expression::atoms()[k].
struct Mentions {
  Expression expression = {};
  std::vector<ResolvedName> atoms = {};
  bool any(ResolvedName::Kind kind) const;
};
Mentions mentions(const Scan& scan, const std::string& formula);

/// The value of a name at a point (full path); nullptr where the point has no such field.
const AxisValue* find_value(const Point& point, const std::string& path);

}  // namespace fieldscan::scan
