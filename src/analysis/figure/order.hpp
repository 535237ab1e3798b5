#pragma once
#include <vector>

#include "../formula/groups.hpp"
#include "figure.hpp"

namespace fieldscan::analysis {

/// Groups that differ in one number ("width = 128") ascend in it; others stay.
std::vector<Group> sorted_groups(std::vector<Group> groups);
/// Whether there are so many groups of ascending number that the order is worth more than the contrast.
bool ascend(const std::vector<Group>& groups);
/// Gives a group the same colour in all panels of a figure, by its label, whatever a panel lacks. Of more groups than
/// there are colours those stay that most panels have, and the others are left out everywhere; groups of which the
/// panels share none stay as they are.
void share_colours(std::vector<Panel>& panels);

}  // namespace fieldscan::analysis
