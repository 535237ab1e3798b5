#pragma once
#include "../table/table.hpp"

namespace fieldscan::analysis {

/// The table with the target of every data draw beside the predictors of theories where no network was trained, which
/// would have stored it: made again from the scan. Not where the data are files that are no longer there.
Table with_targets(Table table);

}  // namespace fieldscan::analysis
