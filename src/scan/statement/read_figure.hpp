#pragma once
#include "statement_reader.hpp"

namespace fieldscan::scan {

/// One entry of `figures`: `style`, or the number of formulas in `versus`, says the kind.
Figure read_figure(const Node& node, StatementReader& reader);

}  // namespace fieldscan::scan
