#pragma once
#include "../formula/groups.hpp"
#include "wish.hpp"

namespace fieldscan::analysis {

/// The curves of one quantity: its groups, and the colour of the first; the others follow.
struct Drawn {
  std::vector<Group> groups = {};
  std::size_t first_colour = 0;
  std::string quantity = {};  ///< empty where the figure shows no other
};

/// What tests of the same formula over the same abscissa look at: fits with their window, bounds.
void add_tests(const Context& context, const Wish& wish, const Drawn& drawn, Panel& panel);

}  // namespace fieldscan::analysis
