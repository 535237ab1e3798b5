#pragma once
#include <string>

#include "formula.hpp"

namespace fieldscan::analysis {

/// What a formula is compared with, as one side of a comparison has it.
struct ReferenceFormula {
  scan::Mentions formula;
  std::string theory;  ///< from which its observables are taken; empty: as written
};

/// `with`: the name of a theory, which takes the place of what `of` mentions (`as_predicted`), or a formula of its own.
ReferenceFormula reference_of(const Context& context, const scan::Mentions& of, const std::string& with);

}  // namespace fieldscan::analysis
