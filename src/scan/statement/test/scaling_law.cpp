#include "fieldscan/scan/statement/test/scaling_law.hpp"

namespace fieldscan::scan {

std::vector<Fault> ScalingLaw::faults(const Test&, const GivenKeys& given) const {
  if (expect.empty())
    return {{.key = "within",
             .message = "'within' means nothing where no exponents are expected",
             .help = "expect: [-1, -0.5]"}};
  if (given.contains("within")) return {};
  return {{.message = "'within' is missing", .help = "within: 0.1"}};
}

}  // namespace fieldscan::scan
