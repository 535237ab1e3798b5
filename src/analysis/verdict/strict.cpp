#include "strict.hpp"

namespace fieldscan::analysis {

void require_strict(Finding& finding, const Quantity& quantity, const Allowed& allowed, const std::string& reason) {
  const bool on_end = quantity.value == allowed.low || quantity.value == allowed.high;
  if (!finding.inside || !on_end || quantity.censored != Censored::no || estimate(quantity).standard_error > 0) return;
  finding.inside = false;
  finding.p = quantity.exact() ? 0 : 1;
  finding.because = reason + (finding.because.empty() ? "" : "; " + finding.because);
}

}  // namespace fieldscan::analysis
