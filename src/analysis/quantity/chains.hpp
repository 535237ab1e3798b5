#pragma once
#include "../table/table.hpp"
#include "quantity.hpp"

namespace fieldscan::analysis {

/// R-hat of error_test across the chains of a data draw,
///
///     R² = 1 − 1/n + B/W,   B the variance of the chains' means, W the mean of chain_spread², n the samples of a
///     chain,
///
/// averaged over the draws with two chains at least; the root is taken last. Near 1 where the chains agree; what one
/// chain's own split R-hat can not see, chains that each settled elsewhere, is seen here. Source: Gelman, Rubin,
/// "Inference from iterative simulation using multiple sequences", Statistical Science 7 (1992).
Quantity rhat_across_chains(const Series& series);

}  // namespace fieldscan::analysis
