#pragma once
#include "fieldscan/scan/statement/define.hpp"
#include "fieldscan/scan/statement/figure.hpp"
#include "fieldscan/scan/statement/test.hpp"

/// The statements of a scan file about its results: `define`, `tests`, `figures`, as written and checked for form. The
/// analysis evaluates them. Expressions are kept as text together with the place where they stand.
