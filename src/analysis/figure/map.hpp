#pragma once
#include "wish.hpp"

namespace fieldscan::analysis {

/// The numbers of a formula over two abscissas.
Map make_map(const Context& context, const Wish& wish, const scan::Map& kind, const std::string& title,
             const std::vector<Site>& sites);

}  // namespace fieldscan::analysis
