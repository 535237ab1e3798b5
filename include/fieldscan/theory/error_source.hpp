#pragma once
#include <string>

#include "fieldscan/theory/any_theory.hpp"
#include "fieldscan/theory/setting.hpp"

namespace fieldscan::theory {

/// What the standard errors of a theory's predictions come from, in a text that predictions with the same errors share:
/// the choice of the rows of a file that networks are tested on, which makes all points of a learning curve too high or
/// too low together. Empty where every prediction has an error of its own: exact ones, and samples that are drawn
/// anew for every prediction. Throws EnvironmentError where a file has to be read for it and can not.
std::string error_source(const AnyTheory& theory, const Setting& setting);

}  // namespace fieldscan::theory
