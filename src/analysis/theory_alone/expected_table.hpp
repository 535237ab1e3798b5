#pragma once
#include <set>
#include <string>
#include <vector>

#include "../table/table.hpp"

/// The predictions of a scan as a table of numbers without errors.
namespace fieldscan::analysis {

/// Which theories of a scan are cheap enough to be evaluated for a look ahead.
struct Affordable {
  std::vector<std::string> describing;  ///< cheap ones that describe the networks, in order of first appearance
  std::set<std::string> all;            ///< cheap ones
  std::vector<std::string> dear;        ///< the others that describe them
  double dear_seconds = 0;              ///< that these would take, estimated
};
/// Takes theories in order of first appearance, as long as their estimates sum up to at most `seconds`.
Affordable affordable_theories(const scan::Scan& scan, double seconds);

/// The points that train, without results of networks, and the theories' numbers there, exact: means over at most four
/// data draws, arrays of the first one.
Table expected_table(const scan::Scan& scan, const std::set<std::string>& theories);

}  // namespace fieldscan::analysis
