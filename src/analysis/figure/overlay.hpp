#pragma once
#include "../formula/groups.hpp"
#include "wish.hpp"

namespace fieldscan::analysis {

/// What tests of the same formula over the same abscissa look at: fits with their window, bounds.
void add_tests(const Context& context, const Wish& wish, const std::vector<Group>& groups, Panel& panel);

}  // namespace fieldscan::analysis
