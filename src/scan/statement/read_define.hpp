#pragma once
#include "statement_reader.hpp"

namespace fieldscan::scan {

Define read_define(const Entry& entry, StatementReader& reader);

}  // namespace fieldscan::scan
