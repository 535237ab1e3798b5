#include "fieldscan/scan/statement/test/agreement.hpp"

namespace fieldscan::scan {

std::vector<Fault> Agreement::faults(const Test&, const GivenKeys& given) const {
  if (given.contains("with") != given.contains("between")) return {};
  return {{.message = "an agreement has either 'with' or 'between'",
           .help = "with: a theory, an observable or a number; between: an axis"}};
}

}  // namespace fieldscan::scan
