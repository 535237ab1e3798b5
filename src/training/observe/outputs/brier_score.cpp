#include "classified.hpp"

namespace fieldscan::training {

template <>
Numbers formed<listed("brier_score")>(const Outputs& outputs, const data::Draw& data) {
  double sum = 0;
  const double count = for_each_classified(outputs, data, [&](const Vector& p, Index own) {
    sum += p.squaredNorm() - 2 * p[own] + 1;  // |p − δ|²
  });
  if (!(count > 0)) return {};
  return {{.value = sum / count}};
}

}  // namespace fieldscan::training
