#include "fieldscan/theory/regression/gp.hpp"

#include <fmt/format.h>

#include <algorithm>
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

double digits_left(const Inverse& inverse, const MatrixView& left, const MatrixView& right, const MatrixView& numbers) {
  const Matrix of_left = on_groups(inverse, left), of_right = on_groups(inverse, right);
  const SolvedSystem system{.size = of_right.rows(), .mean_diagonal = inverse.mean_diagonal, .jitter = inverse.jitter};
  double fewest = std::numeric_limits<double>::infinity();
  for (Index c = 0; c < numbers.cols(); ++c)
    fewest = std::min(fewest, fieldscan::digits_left(system, of_left, of_right.col(c), numbers.col(c)));
  return fewest;
}

Matrix transposed_times(const MatrixView& a, const MatrixView& b) {
  Matrix out(a.cols(), b.cols());
  for (Index c = 0; c < b.cols(); ++c) out.col(c) = a.transpose() * b.col(c);
  return out;
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

Regression regression(Matrix kernel, double ridge, const MatrixView& labels, const MatrixView& cross,
                      const VectorView& diagonal) {
  return regression(std::move(kernel), ridge, labels, cross, diagonal, {});
}

Regression regression(Matrix kernel, double ridge, const MatrixView& labels, const MatrixView& cross,
                      const VectorView& diagonal, const EqualRows& equal) {
  return regression(invert(std::move(kernel), ridge, equal), labels, cross, diagonal, Estimates::all);
}

Regression regression(const Inverse& inverse, const MatrixView& labels, const MatrixView& cross,
                      const VectorView& diagonal, Estimates estimates) {
  const double points = static_cast<double>(labels.rows()), outputs = static_cast<double>(labels.cols());
  Regression out;
  out.condition = inverse.condition;
  out.jitter = inverse.jitter;
  out.alpha = inverse.solve(labels);
  out.residual = inverse.residual(labels);
  out.mean = transposed_times(cross, out.alpha);
  Matrix some(some_elements(out.mean.col(0)).size(), labels.cols());
  for (Index c = 0; c < labels.cols(); ++c) some.col(c) = some_elements(out.mean.col(c));
  out.digits = digits_left(inverse, inverse.solve(some_columns(cross)), out.alpha, some);
  const Vector explained = inverse.half_solve(cross).colwise().squaredNorm().transpose();
  // Each element of C⁻¹K_X* carries an error of some ε √(P·condition) of its size.
  const double tolerance = std::max(1e-10, 100 * epsilon * std::sqrt(points * inverse.condition));
  out.variance = clip_variance(diagonal - explained, diagonal, tolerance);
  const bool regular = inverse.rank == labels.rows();
  if (estimates == Estimates::all) {
    out.inverse_diagonal = inverse.diagonal();
    out.variance_train = inverse.mean_variance(out.inverse_diagonal.mean());
    out.estimate = estimate_error(inverse, labels, out.alpha, out.inverse_diagonal);
    if (regular) out.kappa_eff = points / out.inverse_diagonal.sum();
  }
  if (!regular) return out;
  double form = 0;
  for (Index c = 0; c < labels.cols(); ++c) form += labels.col(c).dot(out.alpha.col(c));
  out.log_evidence =
      -0.5 * form - 0.5 * outputs * inverse.log_determinant() - 0.5 * outputs * points * std::log(2 * std::numbers::pi);
  return out;
}

ErrorEstimate estimate_error(const MatrixView& alpha, const VectorView& inverse_diagonal) {
  const double points = static_cast<double>(alpha.rows());
  const double mean = inverse_diagonal.sum() / points;
  // By a power of two, which rounds nothing: squares of a tiny A⁻¹ would be zero.
  const int unit = mean > 0 ? std::ilogb(mean) : 0;
  const auto scaled = [unit](double x) { return std::ldexp(x, -unit); };
  const double own_mean = scaled(mean);
  ErrorEstimate out;
  for (const auto& own : alpha.colwise()) {
    out.leave_one_out += own.cwiseQuotient(inverse_diagonal).squaredNorm() / points;
    out.generalised += own.unaryExpr(scaled).squaredNorm() / (points * own_mean * own_mean);
  }
  return out;
}

std::optional<ErrorEstimate> estimate_error(const Inverse& inverse, const MatrixView& labels, const MatrixView& alpha,
                                            const VectorView& inverse_diagonal) {
  if (inverse.rank == labels.rows()) return estimate_error(alpha, inverse_diagonal);
  if (!inverse.equal || inverse.rank < inverse.equal->size.size()) return std::nullopt;
  const Matrix mean = inverse.equal->means(labels);
  double left_out = 0, between = 0;
  for (Index c = 0; c < labels.cols(); ++c)
    for (Index i = 0; i < labels.rows(); ++i) {
      const Index u = inverse.equal->group[static_cast<std::size_t>(i)];
      const double m = inverse.equal->size[u], own = labels(i, c) - mean(u, c);
      left_out += std::pow(m > 1 ? own * m / (m - 1) : alpha(i, c) / inverse_diagonal[i], 2);
      between += own * own;
    }
  const double points = static_cast<double>(labels.rows()), repeated = points - static_cast<double>(inverse.rank);
  return ErrorEstimate{.leave_one_out = left_out / points, .generalised = points * between / (repeated * repeated)};
}

double regression_bytes(double points, double test_points, double ridge) {
  const double factor = ridge > 0 ? points * points + factor_room(points) : 3 * points * points;
  return 8 * (factor + 2 * points * test_points);
}

double packed_regression_bytes(double points, double test_points, double ridge) {
  if (!is_packed(points, ridge)) return regression_bytes(points, test_points, ridge);
  return PackedLower::bytes(points) + 8 * (factor_room(points) + 2 * points * test_points);
}

}  // namespace fieldscan::theory
