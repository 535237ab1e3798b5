#include "strict.hpp"

#include <algorithm>
#include <cmath>

namespace fieldscan::analysis {

void require_strict(Finding& finding, const Quantity& quantity, const Allowed& allowed, const std::string& reason) {
  if (quantity.censored != Censored::no) return;
  const double error = estimate(quantity).standard_error;
  const auto on = [&](double end) {
    const double own = 1e-12 * std::max(std::abs(quantity.value), std::abs(end));
    return std::isfinite(end) && std::abs(quantity.value - end) <= (error > 0 ? slack_of(quantity, allowed) : own);
  };
  if (!finding.inside || !is_rounding(error, quantity, allowed) || (!on(allowed.low) && !on(allowed.high))) return;
  finding.inside = false;
  finding.p = quantity.exact() ? 0 : 1;
  finding.because = reason + (finding.because.empty() ? "" : "; " + finding.because);
}

}  // namespace fieldscan::analysis
