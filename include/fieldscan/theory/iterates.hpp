#pragma once
#include "fieldscan/theory/any_theory.hpp"
#include "fieldscan/theory/setting.hpp"

namespace fieldscan::theory {

/// Whether the numbers of a theory solve equations by iteration in a setting to which it applies: then each of its
/// predictions has a `solver_residual`, but those of stores that were written before there was one.
bool iterates(const AnyTheory& theory, const Setting& setting);

}  // namespace fieldscan::theory
