#include <cmath>

#include "fieldscan/core/statistics.hpp"
#include "formed.hpp"

namespace fieldscan::training {

/// Expected share of outputs with the sign of the target, Φ(|m|/√v) each; a target of zero has no sign and does not
/// count.
template <>
Numbers formed<Observable::accuracy>(const Outputs& outputs, const data::Draw& data) {
  const Output& output = outputs.test;
  const auto target = data::one_output(data.test.target);
  double right = 0;
  Index counted = 0;
  for (Index k = 0; k < target.size(); ++k) {
    if (target[k] == 0) continue;
    ++counted;
    const double signed_output = target[k] > 0 ? output.mean[k] : -output.mean[k];
    const double variance = output.variance.size() > 0 ? output.variance[k] : 0;
    right += variance > 0 ? normal_cdf(signed_output / std::sqrt(variance)) : (signed_output > 0 ? 1.0 : 0.0);
  }
  return {{.value = counted > 0 ? right / static_cast<double>(counted) : 0}};
}

}  // namespace fieldscan::training
