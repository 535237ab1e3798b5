#include "formed.hpp"

namespace fieldscan::training {

double mean_square(const Output& output, const VectorView& reference) {
  const double square = (output.mean - reference).squaredNorm() + output.variance.sum();
  return square / static_cast<double>(reference.size());
}

template <>
Numbers formed<Observable::error_train>(const Outputs& outputs, const data::Draw& data) {
  return {{.value = mean_square(outputs.train, data::one_output(data.train.label))}};
}

template <>
Numbers formed<Observable::error_test>(const Outputs& outputs, const data::Draw& data) {
  return {{.value = mean_square(outputs.test, data::one_output(data.test.target))}};
}

template <>
Numbers formed<Observable::error_validation>(const Outputs& outputs, const data::Draw& data) {
  return {{.value = mean_square(outputs.validation, data::one_output(data.validation.label))}};
}

template <>
Numbers formed<Observable::loss_train>(const Outputs& outputs, const data::Draw& data) {
  const auto points = static_cast<double>(data.train.label.rows());
  return {{.value = 0.5 * points * mean_square(outputs.train, data::one_output(data.train.label))}};
}

}  // namespace fieldscan::training
