#pragma once
#include <set>
#include <string>
#include <vector>

#include "../table/site.hpp"
#include "../table/table.hpp"

namespace fieldscan::analysis {

/// Where theories have predictions on other data draws than those on which networks have numbers (a run that is half
/// done, networks that diverged): that their lines are over all predictions, and comparisons are paired. Empty where
/// both have the same.
std::string words_of_other_draws(const Table& table, const std::vector<Site>& sites,
                                 const std::set<std::string>& theories);

}  // namespace fieldscan::analysis
