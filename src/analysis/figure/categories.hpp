#pragma once
#include "../formula/sites.hpp"
#include "fieldscan/scan/statement/statement.hpp"

namespace fieldscan::analysis {

/// Whether the abscissa of a figure's curves has words for values: an axis of numbers has no place for them.
bool is_along_words(const Context& context, const scan::Figure& figure);

/// The same numbers as a map, whose columns are the words, and whose rows the values of `by`. Throws where there is no
/// such map: of several quantities, of theories beside them, or of another number of names in `by` than one.
scan::Figure as_map(const scan::Figure& figure);

}  // namespace fieldscan::analysis
