#include "classified.hpp"

namespace fieldscan::training {

/// From the outputs, not from their probabilities, which may be rounded to 0.
template <>
Numbers formed<listed("cross_entropy_test")>(const Outputs& outputs, const data::Draw& data) {
  const Matrix& target = data.test.target;
  const Index classes = target.cols();
  double sum = 0, count = 0;
  for (Index k = 0; k < target.rows(); ++k) {
    const Matrix own = target.row(k);
    if (!data::class_of(own.transpose())) continue;
    Vector slope(classes);
    sum +=
        network::cross_entropy(outputs.test.mean.segment(k * classes, classes), data::class_codes(own), classes, slope);
    ++count;
  }
  if (!(count > 0)) return {};
  return {{.value = sum / count}};
}

}  // namespace fieldscan::training
