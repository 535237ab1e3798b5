#pragma once
#include "../points/parsed.hpp"

namespace fieldscan::scan {

/// Settings that are legal and hardly what is meant: a bias-free one-hidden-layer ReLU network with odd levels, Hermite
/// targets on the sphere, a step of langevin that is not stable.
void warn_of_traps(const Block& block, const Point& point, const Variant& variant, Report& report);

}  // namespace fieldscan::scan
