#pragma once
#include <cstdint>
#include <set>

#include "fieldscan/scan/task/test_members.hpp"

/// What the looks ahead share.
namespace fieldscan::analysis {

/// How many members an interval at the point with the fewest rests on, at least two: chains belong to their draws.
std::int64_t members_that_count(const scan::TestMembers& members);

/// √Σ (u − ū)² of the logarithms u of abscissas: an exponent is as many times better known than one point.
double spread_of_logs(const std::set<double>& x);

}  // namespace fieldscan::analysis
