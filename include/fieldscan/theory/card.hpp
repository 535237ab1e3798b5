#pragma once
#include <string_view>

#include "fieldscan/core/cost.hpp"
#include "fieldscan/core/field.hpp"
#include "fieldscan/core/row.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/theory/setting.hpp"

/// What the header of a theory is written with.
namespace fieldscan::theory {

/// The sentences of a theory for `explain`. They stand in its source file, so that a word changed compiles one file.
struct Card {
  std::string_view formula;
  std::string_view source;  ///< who showed it
  std::string_view regime;  ///< where it holds
  std::string_view effort;  ///< what it takes, in words; `cost` says it in numbers
};

}  // namespace fieldscan::theory
