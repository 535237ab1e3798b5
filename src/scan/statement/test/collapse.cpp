#include "fieldscan/scan/statement/test/collapse.hpp"

namespace fieldscan::scan {

std::vector<Fault> Collapse::faults(const Test&, const GivenKeys&) const {
  if (expect.empty() || (expect.size() > 1 && !scaled_by.empty())) return {};
  return {{.message = "a collapse expects two exponents, of 'versus' and of 'of', in powers of 'scaled_by'",
           .help = "scaled_by: width, expect: [1, 0]"}};
}

}  // namespace fieldscan::scan
