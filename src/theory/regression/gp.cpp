#include "fieldscan/theory/regression/gp.hpp"

#include <fmt/format.h>

#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "fieldscan/core/digits.hpp"
#include "fieldscan/core/error.hpp"

namespace fieldscan::theory {

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();

/// The part of B that the factorised matrix acts on: B, or √m times its means over equal points.
Matrix on_groups(const Inverse& inverse, const MatrixView& right) {
  if (!inverse.equal) return right;
  return inverse.equal->size.cwiseSqrt().asDiagonal() * inverse.equal->means(right);
}

}  // namespace

double digits_left(const Inverse& inverse, const MatrixView& left, const VectorView& right, const VectorView& numbers) {
  const Matrix of_left = on_groups(inverse, left), of_right = on_groups(inverse, right);
  return fieldscan::digits_left(
      {.size = of_right.rows(), .mean_diagonal = inverse.mean_diagonal, .jitter = inverse.jitter}, of_left,
      of_right.col(0), numbers);
}

Vector clip_variance(const VectorView& variance, const VectorView& scale, double tolerance) {
  for (Index i = 0; i < variance.size(); ++i)
    if (!(variance[i] >= -tolerance * scale[i]))
      throw NumericalError(
          fmt::format("a variance came out as {} beside a prior of {} (the kernel is too badly conditioned); "
                      "raise the ridge",
                      variance[i], scale[i]));
  return variance.cwiseMax(0.0);
}

Regression regression(Matrix kernel, double ridge, const VectorView& labels, const MatrixView& cross,
                      const VectorView& diagonal) {
  return regression(std::move(kernel), ridge, labels, cross, diagonal, {});
}

Regression regression(Matrix kernel, double ridge, const VectorView& labels, const MatrixView& cross,
                      const VectorView& diagonal, const EqualRows& equal) {
  const Inverse inverse = invert(std::move(kernel), ridge, equal);
  const double points = static_cast<double>(labels.size());
  Regression out;
  out.condition = inverse.condition;
  out.jitter = inverse.jitter;
  out.alpha = inverse.solve(labels);
  out.residual = inverse.residual(labels);
  out.mean = cross.transpose() * out.alpha;
  out.digits = digits_left(inverse, inverse.solve(some_columns(cross)), out.alpha, some_elements(out.mean));
  const Vector explained = inverse.half_solve(cross).colwise().squaredNorm().transpose();
  // Each element of C⁻¹K_X* carries an error of some ε √(P·condition) of its size.
  const double tolerance = std::max(1e-10, 100 * epsilon * std::sqrt(points * inverse.condition));
  out.variance = clip_variance(diagonal - explained, diagonal, tolerance);
  out.inverse_diagonal = inverse.diagonal();
  out.estimate = estimate_error(inverse, labels, out.alpha, out.inverse_diagonal);
  if (inverse.rank == labels.size()) {
    out.kappa_eff = points / out.inverse_diagonal.sum();
    out.log_evidence =
        -0.5 * labels.dot(out.alpha) - 0.5 * inverse.log_determinant() - 0.5 * points * std::log(2 * std::numbers::pi);
  }
  return out;
}

ErrorEstimate estimate_error(const VectorView& alpha, const VectorView& inverse_diagonal) {
  const double points = static_cast<double>(alpha.size());
  const double mean = inverse_diagonal.sum() / points;
  return {.leave_one_out = alpha.cwiseQuotient(inverse_diagonal).squaredNorm() / points,
          .generalised = alpha.squaredNorm() / (points * mean * mean)};
}

std::optional<ErrorEstimate> estimate_error(const Inverse& inverse, const VectorView& labels, const VectorView& alpha,
                                            const VectorView& inverse_diagonal) {
  if (inverse.rank == labels.size()) return estimate_error(alpha, inverse_diagonal);
  if (!inverse.equal || inverse.rank < inverse.equal->size.size()) return std::nullopt;
  const Matrix mean = inverse.equal->means(labels);
  double left_out = 0, between = 0;
  for (Index i = 0; i < labels.size(); ++i) {
    const Index u = inverse.equal->group[static_cast<std::size_t>(i)];
    const double m = inverse.equal->size[u], own = labels[i] - mean(u, 0);
    left_out += std::pow(m > 1 ? own * m / (m - 1) : alpha[i] / inverse_diagonal[i], 2);
    between += own * own;
  }
  const double points = static_cast<double>(labels.size()), repeated = points - static_cast<double>(inverse.rank);
  return ErrorEstimate{.leave_one_out = left_out / points, .generalised = points * between / (repeated * repeated)};
}

Matrix posterior_covariance(const Inverse& inverse, const MatrixView& cross, const MatrixView& prior) {
  Matrix covariance = prior;
  const Matrix half = inverse.half_solve(cross);
  covariance.selfadjointView<Eigen::Lower>().rankUpdate(half.transpose(), -1.0);
  mirror_lower(covariance);
  return covariance;
}

NoiseAverage average_over_noise(const Inverse& inverse, const MatrixView& cross, const VectorView& target,
                                const VectorView& target_test, double noise_variance) {
  const Matrix response = inverse.solve(cross);  // Hᵀ
  return {.bias2 = (response.transpose() * target - target_test).cwiseAbs2(),
          .variance = noise_variance * response.colwise().squaredNorm().transpose()};
}

double regression_bytes(double points, double test_points, double ridge) {
  return 8 * ((ridge > 0 ? 1 : 3) * points * points + 2 * points * test_points);
}

LeaveOneOut leave_one_out(const Regression& regression, const VectorView& labels) {
  const auto inverse_diagonal = regression.inverse_diagonal.array();
  return {.mean = labels.array() - regression.alpha.array() / inverse_diagonal, .variance = inverse_diagonal.inverse()};
}

}  // namespace fieldscan::theory
