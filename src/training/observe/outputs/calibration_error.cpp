#include <algorithm>
#include <array>
#include <cmath>

#include "classified.hpp"

namespace fieldscan::training {

/// With 15 bins of equal width, as is customary: C. Guo et al., "On calibration of modern neural networks", ICML
/// (2017). Where two probabilities are the largest the output has no class, which counts as wrong.
template <>
Numbers formed<listed("calibration_error")>(const Outputs& outputs, const data::Draw& data) {
  constexpr std::size_t bins = 15;
  std::array<double, bins> excess{};  // of the share that is right over the confidence, summed over points
  const double count = for_each_classified(outputs, data, [&](const Vector& p, Index own) {
    const double confidence = p.maxCoeff();
    const auto bin = static_cast<std::size_t>(std::clamp(std::ceil(bins * confidence) - 1, 0.0, bins - 1.0));
    const bool right = p[own] == confidence && (p.array() == confidence).count() == 1;
    excess[bin] += (right ? 1 : 0) - confidence;
  });
  if (!(count > 0)) return {};
  double sum = 0;
  for (const double one : excess) sum += std::abs(one);
  return {{.value = sum / count}};
}

}  // namespace fieldscan::training
