#include "curves.hpp"

#include <algorithm>

namespace fieldscan::analysis {

double range_of(const Curve& curve) {
  double low = curve.y.front().value, high = low;
  for (const Quantity& q : curve.y) low = std::min(low, q.value), high = std::max(high, q.value);
  return high - low;
}

}  // namespace fieldscan::analysis
