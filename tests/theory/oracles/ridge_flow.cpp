#include "theory/oracles/ridge_flow.hpp"

#include <cassert>
#include <cmath>

namespace fieldscan::theory {

double running_ridge(const Spectrum& spectrum, Index levels, double points, double ridge, RidgeFlow flow) {
  assert(levels >= 0 && levels <= spectrum.eigenvalue.size());
  const double kappa_eff = flow == RidgeFlow::exact ? effective_ridge(spectrum, points, ridge) : 0;
  double running = ridge + spectrum.tail;
  for (Index l = spectrum.eigenvalue.size() - 1; l >= levels; --l) {
    const double eigenvalue = spectrum.eigenvalue[l], weight = spectrum.degeneracy[l] * eigenvalue;
    if (weight == 0) continue;
    const double seen = flow == RidgeFlow::exact ? kappa_eff : running;
    running += flow == RidgeFlow::tail_sum ? weight : weight * seen / (points * eigenvalue + seen);
  }
  return running;
}

double error_under_shift(const Spectrum& spectrum, const VectorView& coefficients, const MatrixView& overlap,
                         double points, double ridge, double noise_variance) {
  assert(overlap.rows() == coefficients.size() && overlap.cols() == coefficients.size());
  const DataAverage average = average_over_data(spectrum, coefficients.cwiseAbs2(), 0, points, ridge, noise_variance);
  const Vector missed = (1 - average.learnability.array()) * coefficients.array();
  return missed.dot(overlap * missed) +
         average.error_total / points * average.learnability.cwiseAbs2().dot(overlap.diagonal());
}

Matrix linear_overlap(const VectorView& train_variances, const MatrixView& test_moments) {
  const Vector scale = train_variances.cwiseSqrt().cwiseInverse();
  return scale.asDiagonal() * test_moments * scale.asDiagonal();
}

}  // namespace fieldscan::theory
