#include "fieldscan/data/components.hpp"
#include "formed.hpp"

namespace fieldscan::training {

/// By the number of the component; of one that vanishes on the test set there is none.
template <>
Numbers formed<Observable::learnability>(const Outputs& outputs, const data::Draw& data) {
  Numbers numbers;
  for (const auto& [component, share] : data::component_shares(data, outputs.test.mean))
    numbers.push_back({.coordinate = component, .value = share});
  return numbers;
}

}  // namespace fieldscan::training
