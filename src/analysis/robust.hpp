#pragma once
#include <optional>

#include "quantity.hpp"

namespace fieldscan::analysis {

/// What a few members do to a mean.
struct RobustSummary {
  double median =
      0;  ///< of the members of the level that varies more (for samplers: the draws), of their means over the other
  double low = 0, high = 0;  ///< 95 % interval of the median from order statistics: whatever the distribution
  double largest_share = 0;  ///< of the variance that one such member makes alone
};

/// The median with its distribution-free interval; nullopt below six members, where no order statistics reach 95 %.
///
/// The number of members below the median is binomial with p = ½: the interval runs between the j-th least and the j-th largest with
/// the largest j for which P(fewer than j) ≤ 2.5 %. Source: David and Nagaraja, "Order Statistics", Wiley (2003).
std::optional<RobustSummary> robust_summary(const Quantity& quantity);

/// Whether a mean hangs on one member: it makes more than half of the variance, with ten members or more. For a normal sample the odds
/// are below 10⁻³.
bool has_heavy_tail(const Quantity& quantity);

}  // namespace fieldscan::analysis
