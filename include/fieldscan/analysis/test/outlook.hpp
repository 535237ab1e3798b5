#pragma once
#include <vector>

#include "fieldscan/scan/points/scan.hpp"
#include "fieldscan/scan/task/plan.hpp"
#include "fieldscan/store/store.hpp"

/// Whether tests can be decided, and with what, before they are.
namespace fieldscan::analysis {

/// Of every test of a scan: how many members it needs and has, what these resolve, and, where a store has results, what
/// they came to so far and which ensemble would decide, four times in five. `store`: nullptr where nothing ran.
///
/// A run with a small ensemble is a pilot of the larger one: its replicas are the first of those.
std::vector<scan::TestOutlook> outlook_of_tests(const scan::Scan& scan, const store::Store* store);

}  // namespace fieldscan::analysis
