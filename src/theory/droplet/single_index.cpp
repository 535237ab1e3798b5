#include "fieldscan/theory/droplet/single_index.hpp"

#include <cmath>
#include <numbers>

namespace fieldscan::theory {

namespace {

constexpr Index odd_degrees = 12;  ///< 1, 3, …, 23

}  // namespace

void hermite_projections(double overlap, double square, double scale, Index count, double* out) {
  const double m = scale * overlap, width = 1 + 2 * scale * scale * square;
  double value = 2 * std::numbers::inv_sqrtpi * m / std::sqrt(width);
  const double ratio = -2 * m * m / width;
  for (Index k = 0; k < count; ++k) {
    out[k] = value;
    const auto n = static_cast<double>(2 * k + 1);
    value *= ratio * n / std::sqrt((n + 1) * (n + 2));
  }
}

Vector hermite_projections(double overlap, double square, double scale, Index count) {
  Vector out(count);
  hermite_projections(overlap, square, scale, count, out.data());
  return out;
}

Spectrum normal_erf_spectrum(double dimension, double weight_variance, double readout_variance, double scale) {
  // With u = h/σ_w: of degree n is ⟨he_n(u) erf(β σ_w u)⟩² of K(x, x).
  const Vector share = hermite_projections(1, 1, scale * std::sqrt(weight_variance), odd_degrees).cwiseAbs2();
  Spectrum out;
  out.degeneracy.resize(odd_degrees);
  double multiplicity = dimension;
  for (Index k = 0; k < odd_degrees; ++k) {
    out.degeneracy[k] = multiplicity;
    const auto n = static_cast<double>(2 * k + 1);
    multiplicity *= (dimension + n) / (n + 1) * ((dimension + n + 1) / (n + 2));
  }
  out.eigenvalue = readout_variance * share.cwiseQuotient(out.degeneracy);
  const double s = 2 * scale * scale * weight_variance;
  const double total = 2 * std::numbers::inv_pi * std::asin(s / (1 + s));
  out.tail = readout_variance * std::max(total - share.sum(), 0.0);
  return out;
}

}  // namespace fieldscan::theory
