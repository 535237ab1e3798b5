#pragma once
#include <set>

#include "../points/parsed.hpp"
#include "../statement/statements.hpp"

/// Whether what is to be observed can be, at a point and by the trainers of a block.
namespace fieldscan::scan {

/// Reports what the observables need of a point's data and ensemble, and do not find.
void check_observables(const Needs& all, const Block& block, const Walker& walker, Report& report);

/// Adds what of `observe` and `until` is measured at a point.
void add_measured(const Block& block, const PointSpec& spec, std::set<Observable>& measured);
/// Warns of listed observables that none of the block's trainers has: their replicas would be done without.
/// Reports a stopping rule of which that is so: it would never be met. `measured`: what its points have.
void warn_of_unmeasured(const Block& block, const std::set<Observable>& measured, Report& report);
/// Warns of an `observe` where no block trains.
void warn_of_unused_observe(const std::vector<Block>& blocks, Report& report);

}  // namespace fieldscan::scan
