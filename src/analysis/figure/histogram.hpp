#pragma once
#include "wish.hpp"

namespace fieldscan::analysis {

/// The distribution over members of the observable that is plotted, one histogram per group.
Panel make_histogram(const Context& context, const Wish& wish, const std::string& title,
                     const std::vector<Site>& sites);
/// A histogram of density one with `low` … `high` in equal bins; x the centres of the bins.
DrawnCurve histogram_of(const std::vector<double>& values, double low, double high, std::size_t bins);
/// All residuals of the figures beside the normal distribution; nothing where there are fewer than 20.
std::optional<DrawnFigure> residual_distribution(const std::vector<DrawnFigure>& figures,
                                                 std::vector<std::string>& taken);

}  // namespace fieldscan::analysis
