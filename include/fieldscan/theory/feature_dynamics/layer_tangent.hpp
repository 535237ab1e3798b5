#pragma once
#include <vector>

#include "fieldscan/core/matrix.hpp"

namespace fieldscan::theory {

/// How the units of one layer answer to their own noise: derivatives of h, φ(h) and g = φ′(h) z at every place by the
/// noise at every place before, unit by unit. A place is a pair (t, μ) of step and training point, number t P + μ.
///
/// The noise is u, of the pre-activations, or r, of what comes back from above: h(t) = s u(t) + M g(< t), z(t) = s r(t)
/// + M′ φ(≤ t), s = start(t). Work n³/2 multiplications for each unit and n places, memory n² numbers.
class LayerTangent {
 public:
  enum class Noise { forward, backward };
  LayerTangent(Noise noise, Index units, Index steps, Index points);

  /// Of φ(h) at step t, after h: past = M [P × tP], slope = φ′(h) [units × P].
  void step_forward(Index t, const Matrix& past, const MatrixView& slope, double start);
  /// Of g, after z: past = M′ [P × (t + 1)P], curvature = φ″(h) z.
  void step_backward(Index t, const Matrix& past, const MatrixView& slope, const MatrixView& curvature, double start);

  /// ⟨∂φ(h)/∂r⟩ at step t by all places before it [P × tP].
  Matrix response_of_phi(Index t) const;
  /// ⟨∂g/∂u⟩ at step t by all places up to it [P × (t + 1)P].
  Matrix response_of_g(Index t) const;
  /// ⟨∂φ(h)/∂r⟩ of other points at step t, which answer to g with past [P* × tP] and have the slopes [units × P*].
  Matrix response_of_others(Index t, const Matrix& past, const Matrix& slope) const;

  /// Bytes of so many units and places.
  static double bytes(double units, double places) { return 8 * units * places * places; }

 private:
  Index first(Index place) const { return place / points_ * points_; }  ///< of the step's places
  Noise noise_;
  Index points_;
  Matrix scratch_;
  std::vector<Matrix> phi_, g_;  ///< by noise place k: [units × places from first(k) on]
};

}  // namespace fieldscan::theory
