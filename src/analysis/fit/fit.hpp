#pragma once
#include <span>
#include <string>
#include <vector>

#include "../quantity/quantity.hpp"

/// Fits of curves to quantities, with the errors of all points taken jointly.
namespace fieldscan::analysis {

/// y ≈ A x^(order·a).
struct PowerLaw {
  Quantity exponent;   ///< a
  Quantity amplitude;  ///< A at the geometric mean of x
  double centre = 1;   ///< that mean
  double order = 1;
  double chi_squared = 0;      ///< of the fit, errors of the points taken as independent
  int degrees = 0;             ///< points − 2
  std::vector<double> fitted;  ///< A x^(order·a) at the points
};

/// Weighted least squares of y itself, never of its logarithm: a noisy y may be negative, and a logarithm of |y| would
/// turn an exponent of −1 into −0.8. order = 2 with y = signed squares gives the exponent of the roots. Weights are the
/// standard errors of the points, at least a thousandth of |y|. The exponent's error is that of resample_errors() where
/// the linear one is not enough; a fit does not depend on the unit of y. The problem of the exponent says why there is
/// no fit: fewer than three points, no positive amplitude, an amplitude that its error hides.
PowerLaw fit_power_law(std::span<const double> x, std::span<const Quantity> y, double order = 1);
/// The same with linear errors, and without the two rules by which noise is refused:
PowerLaw fit_power_law_to_anything(std::span<const double> x, std::span<const Quantity> y, double order = 1);
/// 1. The amplitude is above zero in 97.5 % of reweighted ensembles. Its error may be large because draws differ, which
/// leaves the
///    exponent alone; an amplitude that may be zero takes it along.
bool amplitude_is_sure(const PowerLaw& fit);
/// 2. The exponent's standard error is at most 0.5.
bool exponent_is_known(const PowerLaw& fit);

/// The least-squares exponent alone; NaN where no positive amplitude fits.
double power_law_exponent(std::span<const double> x, std::span<const double> y, std::span<const double> sigma,
                          double order);

/// Why a law of positive amplitude fits no such values: some are negative by more than their errors, and have no
/// logarithm, or all are lost in their errors.
std::string why_not_positive(std::span<const Quantity> y);

/// A power of two near the largest |y| (of four where `order` is 2, so that it has a root): fits divide by it, and do
/// not depend on the unit of y. 1 where all values are zero.
double unit_of(std::span<const Quantity> y, double order = 1);
std::vector<Quantity> in_unit(std::span<const Quantity> y, double unit);

/// Weights of a fit: the standard errors, at least a thousandth of |y|.
std::vector<double> fit_errors(std::span<const Quantity> y);

}  // namespace fieldscan::analysis
