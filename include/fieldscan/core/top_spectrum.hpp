#pragma once
#include "fieldscan/core/matrix.hpp"

namespace fieldscan {

/// The largest eigenvalues of a symmetric positive semi-definite K [n × n], and what is known of the others without
/// finding them.
///
/// In an orthonormal basis that begins with the vectors U, K is [diag(θ), Eᵀ; E, F]: with the columns of E known and
/// two traces of F, sums Σ f(λ) over all eigenvalues are Σ f(θ) + tr f(F) up to the square of E.
struct TopSpectrum {
  Vector values;           ///< θ, descending: Ritz values, never above the eigenvalue of the same number [k]
  Matrix vectors;          ///< U [n × k]
  Vector residual;         ///< |K u − θ u|, the columns of E [k]: an eigenvalue lies within it of each θ
  double rest_count = 0;   ///< n − k
  double rest_trace = 0;   ///< tr F, exactly: tr K − Σ θ
  double rest_square = 0;  ///< tr F², exactly: |K|² − Σ θ² − 2 |E|²
};

/// Begins with the first `count` columns of K, which so should be a random choice of its rows, and multiplies what they
/// span by K `passes` times: 2 n² count operations each. Fewer values where K has a smaller rank. On the threads that
/// tasks set, with the same bits on any number.
/// Source: N. Halko, P. Martinsson, J. Tropp, SIAM Review 53 (2011) 217, algorithm 4.4, with columns of K in the place
/// of K times random vectors.
TopSpectrum top_spectrum(const Matrix& symmetric, Index count, int passes);

}  // namespace fieldscan
