#pragma once
#include <functional>
#include <span>

#include "fieldscan/network/activation/concept.hpp"

/// Gaussian averages by quadrature, for activations that give no closed forms.
namespace fieldscan::network {

/// (φ(z[k]), φ′(z[k])) of an array.
using ValueAndDerivative = std::function<void(std::span<const double>, std::span<double>, std::span<double>)>;

/// The averages of one pair in polar coordinates u = √a r cos α, v = √b r cos(α − θ) with cos θ = c/√(ab), by panels of
/// Gauss and Legendre that end at the lines u = 0 and v = 0 and become finer towards them, as fine as φ is at these
/// variances.
///
/// Error of both averages at most 1e-12 (1 + |average|), at any variances, for φ that is smooth on the scale of one but
/// for a kink at zero, and far from zero bounded or a power (softplus, swish, elu, tanh; tested from 1e-6 to 1e12).
/// What oscillates everywhere is resolved up to variances of some 25. At c = a = b the sectors of other signs are
/// empty: the diagonal is exact, and rows of equal points are equal. Some 6000 nodes at variances of order one, 700
/// more for each doubling.
GaussianAverage quadrature_average(const ValueAndDerivative& phi, double a, double b, double c);

/// The same of many pairs, from a table (`pair_table.hpp`) where all have one variance.
void quadrature_averages(const ValueAndDerivative& phi, std::span<const double> a, std::span<const double> b,
                         std::span<const double> c, std::span<double> out, std::span<double> derivative);

/// What one of many pairs costs: within a factor of some 3, whatever φ costs.
double quadrature_seconds(double variance, Norms norms);

}  // namespace fieldscan::network
