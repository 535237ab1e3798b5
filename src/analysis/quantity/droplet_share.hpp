#pragma once
#include "../table/table.hpp"
#include "observe.hpp"
#include "quantity.hpp"

namespace fieldscan::analysis {

/// m_c of the theories of a point: without a value where none has one, or two differ.
struct Edge {
  std::optional<double> value = {};
  std::string problem = {};
};
Edge droplet_edge(const TablePoint& point);

/// droplet_share as measured: the sum of overlap_histogram over the bins beyond ±edge, of the bin that holds it the
/// part beyond, at one time. Without a value where the edge lies outside the bins, as the end bins hold all beyond.
Quantity share_beyond(const Series& series, const Bins& bins, double edge, double time,
                      const DrawSet& draws = std::nullopt);

}  // namespace fieldscan::analysis
