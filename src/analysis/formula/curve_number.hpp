#pragma once
#include "curve.hpp"
#include "fieldscan/scan/statement/statement.hpp"

/// What a curve has to say in one number.
namespace fieldscan::analysis {

/// The number that a definition makes of a curve. With errors from multiplier bootstrap where the number is not smooth
/// in the curve.
///
/// crossing: where the interpolated curve meets `level` first; censored where it does not. Interpolation and parabolas
/// are in log x where the definition says so or, where it says nothing, where the abscissas are spaced in log x; else
/// in x; from an abscissa that is not positive, in x. argmin, argmax: of the parabola through the extreme point and its
/// neighbours; censored at an end of the curve. minimum, maximum: the value there; at an end of the curve the true
/// minimum lies below it, the true maximum above. A bound has the error of the bootstrap too: where the curve as
/// resampled has its number within the curve. value: the last one. slope: the exponent d log y/d log x of a power-law
/// fit.
Quantity number_of_curve(const scan::Define& definition, const Curve& curve, std::uint64_t seed);

}  // namespace fieldscan::analysis
