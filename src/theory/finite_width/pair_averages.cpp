#include "pair_averages.hpp"

#include <utility>

namespace fieldscan::theory {

namespace {

constexpr double variance_step = 3e-6;  ///< relative

/// The derivative by the first variance: of erf in closed form, of others by differences. Where the two variables are
/// one up to a factor, a smaller variance has no meaning: there from larger ones alone.
Matrix by_first_variance(const network::ActivationChoice& activation, const Matrix& first, const Matrix& covariance,
                         const Matrix& value, const Matrix& by_covariance) {
  const Index points = first.rows();
  if (const auto* erf = std::get_if<network::Erf>(&activation)) {
    const double square = erf->scale * erf->scale;
    return -square * by_covariance.array() * covariance.array() / (1 + 2 * square * first.array());
  }
  const Matrix second = first.transpose();
  const auto at = [&](double steps) {
    Matrix out(points, points), unused(points, points);
    const Matrix shifted = (1 + steps * variance_step) * first;
    network::averages_value(activation, numbers_of(shifted), numbers_of(second), numbers_of(covariance),
                            numbers_of(out), numbers_of(unused));
    return out;
  };
  const Matrix up = at(1), step = 2 * variance_step * first;
  const auto one = covariance.array().square() >= (1 - 2 * variance_step) * first.array() * second.array();
  const Matrix slope = one.count() > points  // the diagonal is none of our business here
                           ? Matrix(one.select(4 * up - 3 * value - at(2), up - at(-1)))
                           : Matrix(up - at(-1));
  // What has no variance is zero, and nothing moves it.
  return (first.array() > 0).select(slope.array() / step.array(), 0.0);
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
  out.by_first = by_first_variance(activation, first, covariance, out.value, out.by_covariance);
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
