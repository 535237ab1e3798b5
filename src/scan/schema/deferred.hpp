#pragma once
#include <string>

#include "fieldscan/scan/expression/expression.hpp"
#include "fieldscan/scan/text/diagnostic.hpp"
#include "schema.hpp"

namespace fieldscan::scan {

/// An expression that stands where a number does, as it was read.
struct Deferred {
  std::string path;                  ///< of the field, or name of the `let` variable
  const FieldInfo* field = nullptr;  ///< nullptr for a `let` variable
  int element = -1;                  ///< entry of a list; key of a map
  Expression expression;
  Place place;
};

}  // namespace fieldscan::scan
