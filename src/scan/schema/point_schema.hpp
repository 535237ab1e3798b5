#pragma once
#include "schema.hpp"

namespace fieldscan::scan {

const Schema& point_schema();   ///< of PointSpec
const Schema& theory_schema();  ///< of theory::AnyTheory

}  // namespace fieldscan::scan
