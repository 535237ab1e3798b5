#include "pair_averages.hpp"

#include <utility>

namespace fieldscan::theory {

namespace {

constexpr double variance_step = 3e-6;  ///< relative

/// The derivative by the first variance: of erf in closed form, of others by differences.
Matrix by_first_variance(const network::ActivationChoice& activation, const Matrix& first, const Matrix& covariance,
                         const Matrix& by_covariance) {
  const Index points = first.rows();
  if (const auto* erf = std::get_if<network::Erf>(&activation)) {
    const double square = erf->scale * erf->scale;
    return -square * by_covariance.array() * covariance.array() / (1 + 2 * square * first.array());
  }
  const Matrix second = first.transpose();
  Matrix shifted = (1 + variance_step) * first, up(points, points), down(points, points), unused(points, points);
  const auto into = [&](Matrix& out) {
    network::averages_value(activation, numbers_of(std::as_const(shifted)), numbers_of(second), numbers_of(covariance),
                            numbers_of(out), numbers_of(unused));
  };
  into(up);
  shifted = (1 - variance_step) * first;
  into(down);
  // What has no variance is zero, and nothing moves it.
  return (first.array() > 0).select((up - down).array() / (2 * variance_step * first.array()), 0.0);
}

}  // namespace

PairAverages pair_averages(const network::ActivationChoice& activation, const Matrix& covariance) {
  const Index count = covariance.rows();
  const Matrix first = covariance.diagonal().replicate(1, count), second = first.transpose();
  PairAverages out{Matrix(count, count), {}, Matrix(count, count)};
  network::averages(activation, numbers_of(first), numbers_of(second), numbers_of(covariance), numbers_of(out.value),
                    numbers_of(out.by_covariance));
  for (Index i = 0; i < count; ++i) {
    const auto equal = network::average_equal(activation, covariance(i, i));
    out.value(i, i) = equal.value;
    out.by_covariance(i, i) = equal.derivative;
  }
  out.by_first = by_first_variance(activation, first, covariance, out.by_covariance);
  for (Index i = 0; i < count; ++i) {  // of u = v all three variances move
    const double a = covariance(i, i), step = variance_step * a;
    if (!(a > 0)) continue;
    const double slope =
        (network::average_equal(activation, a + step).value - network::average_equal(activation, a - step).value) /
        (2 * step);
    out.by_first(i, i) = 0.5 * (slope - out.by_covariance(i, i));
  }
  return out;
}

Matrix PairAverages::backward(const Matrix& slope) const {
  Matrix out = slope.cwiseProduct(by_covariance);
  out.diagonal() += 2 * slope.cwiseProduct(by_first).rowwise().sum();
  return out;
}

}  // namespace fieldscan::theory
