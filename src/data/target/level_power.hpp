#pragma once
#include <map>
#include <vector>

namespace fieldscan::data {

/// Power c_l of h(u) = Σ_k c_k he_k(u), u = √d t, in every level of spherical harmonics; t = w·x/|x| with uniform
/// direction:
///
///     c_l = N(d,l) ⟨h(√d t) P_l(t)⟩²
///
/// by Gauss quadrature with K + 1 nodes for degree K, exact for polynomials (Golub, Welsch, "Calculation of Gauss
/// quadrature rules", Mathematics of Computation 23 (1969)). Levels l = 0 … K with N(d,l) > 0; powers below rounding
/// are 0.
std::map<int, double> hermite_level_power(const std::vector<double>& coefficients, int dimension);

}  // namespace fieldscan::data
