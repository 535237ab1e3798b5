#include "formed.hpp"

namespace fieldscan::training {

/// Not defined for labels that vanish.
template <>
Numbers formed<Observable::discrepancy>(const Outputs& outputs, const data::Draw& data) {
  const double square = data.train.label.squaredNorm();
  if (!(square > 0)) return {};
  return {{.value = 1 - data.train.label.dot(outputs.train.mean) / square}};
}

}  // namespace fieldscan::training
