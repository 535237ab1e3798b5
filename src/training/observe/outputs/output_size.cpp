#include "formed.hpp"

namespace fieldscan::training {

template <>
Numbers formed<listed("output_size")>(const Outputs& outputs, const data::Draw& data) {
  return {{.value = mean_square(outputs.test, Vector::Zero(data.test.target.rows()))}};
}

}  // namespace fieldscan::training
