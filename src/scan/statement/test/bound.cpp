#include "fieldscan/scan/statement/test/bound.hpp"

namespace fieldscan::scan {

std::vector<Fault> Bound::faults(const Test&, const GivenKeys& given) const {
  if (given.contains("below") || given.contains("above")) return {};
  return {{.message = "a bound has 'below' or 'above'", .help = "below: 0.05"}};
}

}  // namespace fieldscan::scan
