#pragma once
#include <string>

#include "names.hpp"

/// What becomes of a formula in which a theory takes the place of something.
namespace fieldscan::scan {

/// Whether a name stands for a measurement: an observable or error_ensemble() of networks, deviation(), rms() with one
/// of these.
bool is_measured(const ResolvedName& name);

/// Whether a formula is another one as `theory` has it. A theory takes the place of measured observables and of the
/// networks' error_ensemble(); where the formula mentions no measurement, of the predictions of other theories. What
/// deviation() and rms() compare, numbers of `define`, fields and dimensions stay as they are. The empty name is a
/// theory unlike all others.
bool replaces(const Mentions& formula, const std::string& theory);

}  // namespace fieldscan::scan
