#pragma once
#include <algorithm>
#include <cmath>
#include <numbers>

#include "fieldscan/core/matrix.hpp"

/// Averages over jointly normal pre-activations of covariance C: `pair` ⟨φ_i φ_k⟩, `slopes` ⟨φ′_i φ′_k⟩, `drive` ⟨φ′_i
/// u_j φ_k⟩, `noise` ⟨φ′_i φ′_j φ_k φ_l⟩. Indices may be equal.
namespace fieldscan::theory {

/// φ(z) = erf(γz): those of erf(z/√2) at 2γ²C, every φ′ with a factor √2 γ, every u without it.
/// Source: D. Saad, S. Solla, Physical Review E 52 (1995).
struct ErfIntegrals {
  const MatrixView& covariance;
  double factor;  ///< 2γ²

  double at(Index i, Index j) const { return factor * covariance(i, j); }
  double wide(Index i) const { return 1 + at(i, i); }

  double pair(Index i, Index k) const {
    return 2 / std::numbers::pi * std::asin(std::clamp(at(i, k) / std::sqrt(wide(i) * wide(k)), -1.0, 1.0));
  }
  double slopes(Index i, Index k) const { return factor * 2 / std::numbers::pi / std::sqrt(determinant(i, k)); }
  double drive(Index i, Index j, Index k) const {
    return 2 / std::numbers::pi / std::sqrt(determinant(i, k)) * (at(j, k) * wide(i) - at(i, j) * at(i, k)) / wide(i);
  }
  double noise(Index i, Index j, Index k, Index l) const {
    const double both = determinant(i, j);
    // Covariance of u_k and u_l, times `both`, under the weight φ′_i φ′_j.
    const auto tilted = [&](Index p, Index q) {
      return both * at(p, q) - at(j, p) * at(j, q) * wide(i) - at(i, p) * at(i, q) * wide(j) +
             at(i, j) * (at(i, p) * at(j, q) + at(i, q) * at(j, p));
    };
    const double correlation = tilted(k, l) / std::sqrt((both + tilted(k, k)) * (both + tilted(l, l)));
    return factor * 4 / (std::numbers::pi * std::numbers::pi) / std::sqrt(both) *
           std::asin(std::clamp(correlation, -1.0, 1.0));
  }

 private:
  double determinant(Index i, Index j) const { return wide(i) * wide(j) - at(i, j) * at(i, j); }
};

/// φ(z) = max(z, 0).
struct ReluIntegrals {
  const MatrixView& covariance;

  double at(Index i, Index j) const { return covariance(i, j); }
  double pair(Index i, Index k) const;
  double slopes(Index i, Index k) const;
  double drive(Index i, Index j, Index k) const;
  /// In one integral over [0, 1], see relu_integrals.cpp; to 1e-9 where no two different units coincide.
  double noise(Index i, Index j, Index k, Index l) const;
};

/// φ(z) = z.
struct LinearIntegrals {
  const MatrixView& covariance;

  double pair(Index i, Index k) const { return covariance(i, k); }
  double slopes(Index, Index) const { return 1; }
  double drive(Index, Index j, Index k) const { return covariance(j, k); }
  double noise(Index, Index, Index k, Index l) const { return covariance(k, l); }
};

}  // namespace fieldscan::theory
