#pragma once
#include "wish.hpp"

namespace fieldscan::analysis {

/// One panel: of every quantity a curve per group with its theories, residuals, and what tests say of it.
Panel make_panel(const Context& context, const std::vector<Wish>& wishes, const scan::Curves& kind,
                 const std::string& title, const std::vector<Site>& sites);

}  // namespace fieldscan::analysis
