#include "fieldscan/scan/points/point.hpp"
#include "make_schema.hpp"

namespace fieldscan::scan {
namespace {

// Built once, before main; constant from then on.
const Schema point_fields = make_schema<PointSpec>();
const Schema theory_kinds = make_schema<theory::TheoryChoice>();

}  // namespace

const Schema& point_schema() { return point_fields; }
const Schema& theory_schema() { return theory_kinds; }

}  // namespace fieldscan::scan
