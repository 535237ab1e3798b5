#pragma once
#include <span>
#include <string>
#include <vector>

#include "../quantity/quantity.hpp"

namespace fieldscan::analysis {

/// One point of a family of curves: y(x) at the size W of its system.
struct ScaledPoint {
  double x = 0;     ///< > 0
  double size = 1;  ///< W > 0
  Quantity y;
};

/// Finite-size scaling: y W^a = F(x W^b) with one function F for all sizes.
struct CollapseLaw {
  Quantity of_abscissa;  ///< b
  Quantity of_ordinate;  ///< a
  double chi_squared = 0;
  int degrees = 0;             ///< points − coefficients of F − 2
  std::vector<double> fitted;  ///< the law at the points
};

/// The exponents that make the curves fall together, by weighted least squares with F the exponential of a polynomial
/// in log(x W^b) where all values are positive, else a polynomial; its degree is a quarter of the number of points,
/// between 1 and 5. Errors by the chain rule over all points.
///
/// A pure power law has one combination of a and b alone: its exponents then come out with errors as large as they are
/// unknown. The problem of the exponents says why there is no fit: fewer than eight points, one size, points that are
/// not positive, one value for all. A fit does not depend on the unit of y. Source: Houdayer and Hartmann,
/// "Low-temperature behavior of two-dimensional Gaussian Ising spin glasses", Physical Review B 70 (2004), for collapse
/// as a minimum of χ².
CollapseLaw fit_collapse(std::span<const ScaledPoint> points);

}  // namespace fieldscan::analysis
