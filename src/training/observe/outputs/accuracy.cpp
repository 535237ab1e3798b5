#include "fieldscan/data/classes.hpp"
#include "formed.hpp"

namespace fieldscan::training {

template <>
Numbers formed<Observable::accuracy>(const Outputs& outputs, const data::Draw& data) {
  const Matrix& target = data.test.target;
  const data::Classes classes(outputs.test.mean, outputs.test.variance, target.cols());
  return {{.value = data::accuracy_of(classes, target)}};
}

}  // namespace fieldscan::training
