#include "fieldscan/scan/statement/test/bound.hpp"

#include <fmt/format.h>

namespace fieldscan::scan {

std::vector<Fault> Bound::faults(const Test&, const GivenKeys& given) const {
  if (below && above && !(*above < *below))
    return {{.message = fmt::format("nothing lies above {:g} and below {:g}", *above, *below),
             .help = "above: 0, below: 1"}};
  if (given.contains("below") || given.contains("above")) return {};
  return {{.message = "a bound has 'below' or 'above'", .help = "below: 0.05"}};
}

}  // namespace fieldscan::scan
