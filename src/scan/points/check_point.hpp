#pragma once
#include "parsed.hpp"

namespace fieldscan::scan {

/// What no field can see alone: a spec's own problem, and rules across sections. Throws PointFailure.
void check_point(PointSpec& spec, const Variant& variant);

/// Where a section or choice of a variant stands in the file, or the nearest that contains it.
Place place_of(const Variant& variant, std::string path);
/// The same of a section that makes no points, or of an entry of it: `observe.rhat`; the block where it is not written.
Place place_of(const Block& block, std::string path);
bool has_bias(const network::Spec& network);

}  // namespace fieldscan::scan
