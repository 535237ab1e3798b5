#pragma once
#include "../table/table.hpp"
#include "quantity.hpp"

namespace fieldscan::analysis {

/// ntk_variance: the variance of the networks' own NTK over initialisations i, relative to the square of its mean,
///
///     ⟨Var_i Θ_ri(x, x′)⟩ / ⟨(mean_i Θ_ri(x, x′))²⟩,
///
/// both averaged over pairs of points and over the data draws r with two initialisations at least. Numerator and
/// denominator are each unbiased, from products: the square of the mean is the mean over i ≠ j of Θ_ri Θ_rj, which is
/// the square of the sample mean minus Var/n, and the variance is what ⟨Θ_ri²⟩ has beyond it. The ratio is that of
/// averages, since single pairs of points may have a mean kernel near zero. Of order 1/N at initialisation and in the
/// lazy regime. At `time`; without a value where no draw has two networks.
Quantity relative_variance_of_ntk(const Series& series, double time);

}  // namespace fieldscan::analysis
