#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fieldscan/core/observable.hpp"
#include "fieldscan/scan/expression/expression.hpp"

/// What the names of statements stand for.
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
  std::string at = {};                   ///< start, end or best, of an observable at a time of its own; empty otherwise
  std::vector<ResolvedName> sides = {};  ///< rms: the two names
};

/// What an expression mentions, in order of first appearance: resolved atom k belongs to Expression::atoms()[k].
struct Mentions {
  Expression expression = {};
  std::vector<ResolvedName> atoms = {};
  bool any(ResolvedName::Kind kind) const;
};

/// How many members an interval of a formula needs, where a kind of test needs `least` for means of single networks. As
/// many as for a fit where the formula has a number of `define`, or one that is no such mean: deviation(), rms(),
/// error_ensemble(), and what is formed from several networks (variances, shares of outcomes).
std::int64_t members_needed(const Mentions& formula, std::int64_t least);

}  // namespace fieldscan::scan
