#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "wanted.hpp"

namespace fieldscan::campaign {

/// Members by state.
struct Tally {
  std::uint64_t wanted = 0;
  std::uint64_t missing = 0;                  ///< never computed, or observed for less than is asked
  std::array<std::uint64_t, 7> by_outcome{};  ///< of those that are there, in the order of Outcome
  std::uint64_t done() const { return by_outcome[static_cast<std::size_t>(Outcome::done)]; }
  std::uint64_t failed() const { return by_outcome[static_cast<std::size_t>(Outcome::failed)]; }
  std::uint64_t finished() const { return wanted - missing - failed(); }  ///< with a result of any kind
};

/// Everything that `status` counts.
struct Standings {
  Tally replicas, predictions;
  struct AxisTally {
    std::string block, path;
    std::vector<std::pair<std::string, Tally>> values;  ///< replicas, or predictions where the point trains nothing
  };
  std::vector<AxisTally> axes;
  std::map<std::string, std::uint64_t> failures;    ///< reason → members
  std::map<std::string, std::uint64_t> incomplete;  ///< "without …" → members that are done
  std::int64_t earlier = 0;                         ///< results of earlier texts, which the scan does not ask for
};

/// A point with its members: replicas, or of a point that trains nothing predictions.
struct PointTally {
  scan::Point point;
  Tally members = {};
};
/// All points of a scan, in the order of the plan.
std::vector<PointTally> tally_points(const scan::Scan& scan, const store::Store& store);

Standings tally(const scan::Scan& scan, const store::Store& store);

}  // namespace fieldscan::campaign
