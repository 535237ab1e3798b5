#include "droplet_share.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "fieldscan/core/observable_list.hpp"

namespace fieldscan::analysis {

Edge droplet_edge(const TablePoint& point) {
  Edge out;
  std::string from;
  for (const auto& [name, series] : point.theories)
    for (const Member& member : series->members)
      for (const Row& row : member.rows) {
        if (row.observable != listed("droplet_edge") || !usable(member)) continue;
        if (out.value && *out.value != row.value)
          return {.value = {}, .problem = fmt::format("{} and {} have different m_c", from, name)};
        out.value = row.value;
        from = name;
      }
  if (!out.value)
    out.problem = "no theory of this point has an m_c: droplet_edge of droplet, where p(m) has two maxima";
  return out;
}

Quantity share_beyond(const Series& series, const Bins& bins, double edge, double time, const DrawSet& draws) {
  const double width = (bins.high - bins.low) / bins.count;
  if (!(edge < bins.high && -edge > bins.low))
    return no_quantity(fmt::format("m_c = {:.4g} lies outside the bins of overlap_histogram", edge));
  std::vector<Quantity> parts;
  std::vector<double> shares;
  double value = 0;
  for (int bin = 0; bin < bins.count; ++bin) {
    const double low = bins.low + bin * width, high = low + width;
    const double inside = std::max(std::min(high, edge) - std::max(low, -edge), 0.0);
    const double beyond = 1 - inside / width;
    if (!(beyond > 0)) continue;
    parts.push_back(mean_of_rows(series, Observable::overlap_histogram, time, bins.centre(bin), draws));
    shares.push_back(beyond);
    value += beyond * parts.back().value;
  }
  return combine(value, parts, shares);
}

}  // namespace fieldscan::analysis
