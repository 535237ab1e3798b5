#pragma once
#include <optional>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/core/solve/quadrature.hpp"

/// Classes of outputs: of one output its sign, of several the largest.
namespace fieldscan::data {

/// The class of outputs or of a target [C]: of one output 0 where it is negative and 1 where it is positive, of several
/// the place of the largest. None where an output is zero, or the largest not the only one.
std::optional<Index> class_of(const VectorView& values);

/// The classes of labels [points × C] as numbers to compare outputs with [points·C], point by point: 1 for the class
/// and 0 for the others; of one output −1 or +1. Throws NumericalError where a label has no class.
Vector class_codes(const Matrix& label);

/// The classes that outputs on some points say; keeps references to them.
class Classes {
 public:
  /// Means [points·C], point by point, and variances of each (empty: none).
  Classes(const Vector& mean, const Vector& variance, Index outputs);
  Index count() const { return outputs_ == 1 ? 2 : outputs_; }
  /// Shares of the classes at point k [classes]: 1 for that of the mean m, 0 for all where it has none. Where outputs
  /// have variances v their probabilities, as independent Gaussians: of one output Φ(±m/√v), of several
  ///
  ///     p_c = ∫ Dz Π_{c′ ≠ c} Φ((m_c − m_c′ + √v_c z)/√v_c′)      by 60 nodes of Gauss and Hermite
  Vector shares(Index k) const;

 private:
  Vector probabilities(const VectorView& mean, const VectorView& variance) const;

  const Vector &mean_, &variance_;
  Index outputs_;
  solve::Rule rule_ = {};
};

/// Expected share of points whose class is that of the target [points × C]; a target without a class does not count.
double accuracy_of(const Classes& classes, const Matrix& target);
/// Shares by class of the target and class of the output, [output, target].
Matrix confusion_of(const Classes& classes, const Matrix& target);

}  // namespace fieldscan::data
