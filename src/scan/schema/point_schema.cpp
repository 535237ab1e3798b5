#include "point_schema.hpp"

#include "fieldscan/scan/schema/point_spec.hpp"
#include "fieldscan/theory/list.hpp"
#include "make_schema.hpp"

namespace fieldscan::scan {
namespace {

theory::TheoryChoice& held(void* theory) { return theory::choice_of(*static_cast<theory::AnyTheory*>(theory)); }

/// That of the list, for a value that holds one of it out of sight.
Schema make_theory_schema() {
  Schema schema = make_schema<theory::TheoryChoice>();
  schema.kind_index = [](const void* theory) {
    return static_cast<int>(theory::choice_of(*static_cast<const theory::AnyTheory*>(theory)).index());
  };
  schema.member = [](void* theory) { return member_of(held(theory)); };
  schema.emplace = [](void* theory, int index) { return emplace_kind(held(theory), index); };
  return schema;
}

// Built once, before main; constant from then on.
const Schema point_fields = make_schema<PointSpec>();
const Schema theory_kinds = make_theory_schema();

}  // namespace

const Schema& point_schema() { return point_fields; }
const Schema& theory_schema() { return theory_kinds; }

}  // namespace fieldscan::scan
