#pragma once
#include "fieldscan/core/matrix.hpp"

/// Spectra in closed form.
namespace fieldscan::theory {

/// Level eigenvalues of k(t) = Σ_m c_m t^m on the sphere in d dimensions, from the coefficients c_m ≥ 0 [terms]:
///
///     λ_l = Σ_{m = l, l+2, …} c_m m!/(2^l (m − l)!) Γ(d/2) Γ((m − l + 1)/2)/(√π Γ((m + l + d)/2))
///
/// Nothing cancels: full relative precision, where a quadrature has an absolute error of ε k(1). d ≥ 2.
Vector levels_from_taylor(int dimension, const VectorView& coefficients, Index levels);

/// a_l = ⟨max(t, 0) P_l(t)⟩ and b_l = ⟨1(t > 0) P_l(t)⟩ over the cosine t of two points of the sphere. a_l = 0 for odd
/// l ≥ 3, b_l = 0 for even l ≥ 2. Source: F. Bach, "Breaking the curse of dimensionality with convex neural networks",
/// JMLR 18 (2017).
double rectifier_coefficient(int dimension, int level);
double step_coefficient(int dimension, int level);

/// Levels of one hidden layer of rectifiers without bias, σ_w² = σ_a² = 1 (other variances multiply them by σ_w² σ_a²):
///
///     λ_l(K) = d a_l²,   λ_l(Θ) = d a_l² + (l b²_{l−1} + (l + d − 2) b²_{l+1})/(2l + d − 2)
Vector rectifier_levels_nngp(int dimension, Index levels);
Vector rectifier_levels_tangent(int dimension, Index levels);

/// Eigenvalues of exp(−(x − x′)²/(2ℓ²)) for x ~ N(0, s²) in one dimension, k = 0 … count − 1: λ_k = √(2A/D) (B/D)^k
/// with A = 1/(4s²), B = 1/(2ℓ²), D = A + B + √(A² + 2AB). In more dimensions they multiply. Source: C. Rasmussen, C.
/// Williams, Gaussian Processes for Machine Learning (2006), section 4.3.
Vector rbf_eigenvalues(double deviation, double length, Index count);

}  // namespace fieldscan::theory
