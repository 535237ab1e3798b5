#include "formed.hpp"

namespace fieldscan::training {

/// Not defined for labels that vanish.
template <>
Numbers formed<Observable::discrepancy>(const Outputs& outputs, const data::Draw& data) {
  const Vector label = data::flat(data.train.label);
  const double square = label.squaredNorm();
  if (!(square > 0)) return {};
  return {{.value = 1 - label.dot(outputs.train.mean) / square}};
}

}  // namespace fieldscan::training
