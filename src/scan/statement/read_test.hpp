#pragma once
#include "statement_reader.hpp"

namespace fieldscan::scan {

/// One entry of `tests`: the kind by its word, its fields, what is missing and what means nothing there.
Test read_test(const Node& node, StatementReader& reader);

}  // namespace fieldscan::scan
