#pragma once
#include <functional>

#include "table.hpp"

namespace fieldscan::analysis {

/// Where the results of a table come from: of the networks of a point, and of a prediction of it.
struct Sources {
  std::function<Series(const scan::Point&)> measured;
  std::function<Series(const scan::Point&, const scan::TheoryUse&)> predicted;
  /// How far an ensemble with `until` has grown; where it is left out nothing is known of that.
  std::function<std::optional<store::Growth>(const scan::Point&)> growth = {};
};
/// Every point of the plan with its results. Predictions that several points share are asked for once.
Table make_table(const scan::Scan& scan, const Sources& sources);

/// Joins plan and store. Predictions that several points share are loaded once.
Table load_table(const scan::Scan& scan, const store::Store& store);
/// What a store has of what its scan asks for, where that is not all: "70 of 160 networks, 3 of 5 predictions".
std::string partly_there(const Table& table);

}  // namespace fieldscan::analysis
