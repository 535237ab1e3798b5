#include "formed.hpp"

namespace fieldscan::training {

/// By the number of the component; of one that vanishes on the test set there is none.
template <>
Numbers formed<Observable::learnability>(const Outputs& outputs, const data::Draw& data) {
  Numbers numbers;
  for (Index k = 0; k < data.test.modes.cols(); ++k) {
    const double power = data.test.modes.col(k).squaredNorm();
    if (!(power > 0)) continue;
    numbers.push_back({.coordinate = data.mode_numbers[static_cast<std::size_t>(k)],
                       .value = data.test.modes.col(k).dot(outputs.test.mean) / power});
  }
  return numbers;
}

}  // namespace fieldscan::training
