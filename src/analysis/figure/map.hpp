#pragma once
#include "wish.hpp"

namespace fieldscan::analysis {

/// What a formula is called along an abscissa: the label of an axis, or its number; empty where it has none.
std::string map_label(const Context& context, const scan::Mentions& formula, const Site& site);

/// The numbers of a formula over two abscissas.
Map make_map(const Context& context, const Wish& wish, const scan::Map& kind, const std::string& title,
             const std::vector<Site>& sites);

}  // namespace fieldscan::analysis
