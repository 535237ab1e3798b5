#pragma once
#include <variant>

#include "fieldscan/scan/statement/test/agreement.hpp"
#include "fieldscan/scan/statement/test/bound.hpp"
#include "fieldscan/scan/statement/test/chi2.hpp"
#include "fieldscan/scan/statement/test/collapse.hpp"
#include "fieldscan/scan/statement/test/conservation.hpp"
#include "fieldscan/scan/statement/test/linear.hpp"
#include "fieldscan/scan/statement/test/monotone.hpp"
#include "fieldscan/scan/statement/test/power_law.hpp"
#include "fieldscan/scan/statement/test/scaling_law.hpp"

/// The kinds of tests. A new one is its header, its place in this list, and its evaluation in src/analysis/test.
namespace fieldscan::scan {

using TestKind = std::variant<Agreement, Chi2, PowerLaw, ScalingLaw, Collapse, Bound, Monotone, Linear, Conservation>;

}  // namespace fieldscan::scan
