#include "power.hpp"

#include <boost/math/distributions/non_central_t.hpp>
#include <cmath>
#include <limits>

#include "fieldscan/core/statistics.hpp"

namespace fieldscan::analysis {
namespace {

constexpr double largest_factor = 1e4;

/// How far beyond the nearest end an estimate must lie, in standard errors, for p = 5 % when the range is `width`
/// errors wide.
double reach_outside(double width, double degrees) {
  constexpr double far = 20;  // errors: the other end of the range plays no part
  if (width > far) return student_quantile(1 - error_rate, degrees);
  double low = 0, high = student_quantile(1 - error_rate / 4, degrees) + 1;
  for (int k = 0; k < 20; ++k) {
    const double middle = 0.5 * (low + high);
    const double p = student_cdf(-middle, degrees) + student_cdf(-(middle + width), degrees);
    (p < error_rate ? high : low) = middle;
  }
  return high;
}

}  // namespace

double chance_to_decide(const Estimate& e, const Allowed& allowed, double factor) {
  const double s = e.standard_error, degrees = e.degrees_of_freedom;
  const double error = s / std::sqrt(factor), spread = s * std::sqrt(1 - 1 / factor);
  const double later = degrees * factor;
  const auto below = [&](double x) {  // chance that the later estimate lies below x
    return spread > 0 ? student_cdf((x - e.value) / spread, degrees) : (e.value < x ? 1.0 : 0.0);
  };
  const double half = student_quantile(1 - error_rate / 2, later) * error;
  const double out = reach_outside((allowed.high - allowed.low) / error, later) * error;
  const double inside = std::max(0.0, below(allowed.high - half) - below(allowed.low + half));
  return inside + 1 - below(allowed.high + out) + below(allowed.low - out);
}

double factor_to_decide(const Estimate& e, const Allowed& allowed) {
  const double none = std::numeric_limits<double>::infinity();
  if (!(e.standard_error > 0) || !(allowed.high > allowed.low)) return none;
  double low = 1, high = 2;
  while (high < largest_factor && chance_to_decide(e, allowed, high) < announced_power) low = high, high *= 2;
  if (high >= largest_factor) return none;
  for (int k = 0; k < 12; ++k) {
    const double middle = std::sqrt(low * high);
    (chance_to_decide(e, allowed, middle) < announced_power ? low : high) = middle;
  }
  return high;
}

std::int64_t members_to_find(double truth, double margin, double deviation, std::int64_t least, double level,
                             double power) {
  const double distance = std::abs(truth) - margin;
  if (distance == 0) return 0;
  const auto found = [&](std::int64_t n) {
    const double degrees = static_cast<double>(n - 1), root = std::sqrt(static_cast<double>(n));
    const auto beyond = [&](double reach, double shift) {  // chance that (v − end)/s exceeds `reach`
      return boost::math::cdf(complement(boost::math::non_central_t(degrees, root * shift / deviation), reach));
    };
    if (distance > 0) return beyond(student_quantile(1 - level, degrees), distance);
    const double reach = student_quantile(1 - error_rate / 2, degrees);
    // Inside: both ends of the interval; the two ways to miss exclude each other where the power is large.
    return beyond(reach, margin - truth) + beyond(reach, margin + truth) - 1;
  };
  std::int64_t low = std::max<std::int64_t>(least, 2) - 1, high = low + 1;
  while (found(high) < power) {
    low = high, high *= 2;
    if (high > 10'000'000) return high;
  }
  while (high - low > 1) {
    const std::int64_t middle = (low + high) / 2;
    (found(middle) < power ? low : high) = middle;
  }
  return high;
}

double deviation_to_decide(double truth, const Allowed& allowed, std::int64_t members, double level) {
  const double below = truth - allowed.low, above = allowed.high - truth;
  const bool inside = below > 0 && above > 0;
  const double room = inside ? std::min(below, above) : std::max(-below, -above);
  if (!(room > 0) || std::isinf(room)) return room > 0 ? room : 0;
  const double degrees = static_cast<double>(members - 1), root = std::sqrt(static_cast<double>(members));
  const double reach = student_quantile(1 - (inside ? error_rate / 2 : level), degrees);
  const auto beyond = [&](double shift, double ratio) {  // chance that an end is passed; `ratio`: room over deviation
    const double errors = root * ratio * shift / room;
    if (errors > 10 * reach + 40) return 1.0;
    return boost::math::cdf(complement(boost::math::non_central_t(degrees, errors), reach));
  };
  const auto decides = [&](double ratio) {
    const double chance = inside ? beyond(below, ratio) + beyond(above, ratio) - 1 : beyond(room, ratio);
    return chance >= announced_power;
  };
  double low = 0, high = 10 * root;  // from too noisy to quiet enough
  while (!decides(high)) low = high, high *= 2;
  for (int k = 0; k < 50; ++k) {
    const double middle = 0.5 * (low + high);
    (decides(middle) ? high : low) = middle;
  }
  return room / high;
}

double deviation_to_find(double margin, std::int64_t members) {
  return deviation_to_decide(0, {-margin, margin}, members);
}

}  // namespace fieldscan::analysis
