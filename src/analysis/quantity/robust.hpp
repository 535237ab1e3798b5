#pragma once
#include <optional>
#include <string>

#include "quantity.hpp"

namespace fieldscan::analysis {

/// How the number is written that a sentence stands beside: itself, or in per cent.
enum class Shown { plain, percent };

/// What a few members do to a mean.
struct RobustSummary {
  double median =
      0;  ///< of the members of the level that varies more (for samplers: the draws), of their means over the other
  double low = 0, high = 0;        ///< 95 % interval of the median from order statistics: whatever the distribution
  bool by_draw = false;            ///< the members are data draws, else initialisations
  std::int64_t members = 0;        ///< of that level
  std::int64_t averaged_over = 0;  ///< of the other level, in the member that has most: 1 where nothing is averaged
  double largest_share = 0;        ///< of the variance that one such member makes alone
  double odds = 1;                 ///< at most: of a share as large in a normal sample (Grubbs's test)
};

/// The median with its distribution-free interval; nullopt below six members, where no order statistics reach 95 %.
///
/// The number of members below the median is binomial with p = ½: the interval runs between the j-th least and the j-th
/// largest with the largest j for which P(fewer than j) ≤ 2.5 %. Source: David and Nagaraja, "Order Statistics", Wiley
/// (2003).
std::optional<RobustSummary> robust_summary(const Quantity& quantity);

/// Whether a mean hangs on one member: it makes more than a quarter of the variance, and so much with odds below 10⁻³
/// if members were normal. Source: Grubbs, "Sample criteria for testing outlying observations", Annals of Mathematical
/// Statistics 21 (1950).
bool has_heavy_tail(const Quantity& quantity);

/// The remark beside a number with a heavy tail: which level one member of which makes how much of the variance, and
/// the median over the members of that level, each of which is a mean over the other: it is not that of single
/// networks. Empty where the tail is light.
std::string tail_sentence(const Quantity& quantity, Shown shown = Shown::plain);

}  // namespace fieldscan::analysis
