#pragma once
#include <functional>
#include <optional>

#include "fieldscan/theory/droplet/overlap_law.hpp"

namespace fieldscan::theory {

/// Share of units beyond the edge of the droplets; 0 where there are none, 1 where the centre is a minimum without one.
double share_beyond_edge(const OverlapLaw& law, const OverlapShape& shape);

/// Where droplets appear as κ falls and all else stays.
struct Transition {
  std::optional<double> begin = {};  ///< the κ below which p(m) has an outer maximum
  std::optional<double> onset = {};  ///< the κ below which 1% of the units are beyond its edge
};
/// law_at(κ) is the law at a ridge; the search starts from `ridge`. To 10⁻⁴ relative; none where it is not found within
/// a factor of 3000, or a state on the way does not converge.
Transition transition_of(const std::function<OverlapLaw(double ridge)>& law_at, double ridge);

}  // namespace fieldscan::theory
