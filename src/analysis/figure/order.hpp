#pragma once
#include <vector>

#include "../formula/groups.hpp"

namespace fieldscan::analysis {

/// Groups that differ in one number ("width = 128") ascend in it; others stay.
std::vector<Group> sorted_groups(std::vector<Group> groups);
/// Whether there are so many groups of ascending number that the order is worth more than the contrast.
bool ascend(const std::vector<Group>& groups);

}  // namespace fieldscan::analysis
