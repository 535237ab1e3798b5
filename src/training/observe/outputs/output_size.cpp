#include "formed.hpp"

namespace fieldscan::training {

template <>
Numbers formed<listed("output_size")>(const Outputs& outputs, const data::Draw& data) {
  return {{.value = mean_square(outputs.test, Matrix::Zero(data.test.target.rows(), data.test.target.cols()))}};
}

}  // namespace fieldscan::training
