#include "fieldscan/data/classes.hpp"
#include "formed.hpp"

namespace fieldscan::training {

double mean_square(const Output& output, const Matrix& reference) {
  const double square = (output.mean - data::flat(reference)).squaredNorm() + output.variance.sum();
  return square / static_cast<double>(reference.rows());
}

template <>
Numbers formed<Observable::error_train>(const Outputs& outputs, const data::Draw& data) {
  return {{.value = mean_square(outputs.train, data.train.label)}};
}

template <>
Numbers formed<Observable::error_test>(const Outputs& outputs, const data::Draw& data) {
  return {{.value = mean_square(outputs.test, data.test.target)}};
}

template <>
Numbers formed<Observable::error_validation>(const Outputs& outputs, const data::Draw& data) {
  return {{.value = mean_square(outputs.validation, data.validation.label)}};
}

template <>
Numbers formed<Observable::loss_train>(const Outputs& outputs, const data::Draw& data) {
  if (outputs.loss != network::LossFunction::square) {
    Vector slope(outputs.train.mean.size());
    return {{.value = network::cross_entropy(outputs.train.mean, data::class_codes(data.train.label),
                                             data.train.label.cols(), slope)}};
  }
  const auto points = static_cast<double>(data.train.label.rows());
  return {{.value = 0.5 * points * mean_square(outputs.train, data.train.label)}};
}

}  // namespace fieldscan::training
