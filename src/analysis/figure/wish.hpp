#pragma once
#include <set>

#include "../formula/sites.hpp"
#include "fieldscan/scan/statement/statement.hpp"
#include "figure.hpp"

/// The pieces of which figures are made.
namespace fieldscan::analysis {

/// One quantity of a figure with its formulas resolved, and the tests that may be drawn into it.
struct Wish {
  const scan::Figure& figure;
  const std::vector<scan::Test>& tests;
  std::string of;  ///< the quantity, as the file has it
  scan::Mentions plot;
  scan::Mentions versus;
  std::set<std::string> free;  ///< names along which the curves go
};

}  // namespace fieldscan::analysis
