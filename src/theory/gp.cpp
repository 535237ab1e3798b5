#include "fieldscan/theory/gp.hpp"

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

Inverse pseudo_invert(Matrix kernel) {
  const Index points = kernel.rows();
  Eigenpairs pairs = eigenpairs(std::move(kernel));
  const double largest = points > 0 ? pairs.values[0] : 0.0;
  const double cut = epsilon * static_cast<double>(points) * largest;
  Index rank = 0;
  while (rank < points && pairs.values[rank] > cut) ++rank;
  Inverse out;
  out.rank = rank;
  out.condition = rank > 0 ? largest / pairs.values[rank - 1] : 1.0;
  pairs.vectors.conservativeResize(points, rank);
  out.form = PseudoInverse{pairs.values.head(rank), std::move(pairs.vectors)};
  return out;
}

}  // namespace

Inverse invert(Matrix kernel, double ridge) {
  assert(ridge >= 0 && "a ridge is not negative");
  const double mean_diagonal = kernel.rows() > 0 ? kernel.trace() / static_cast<double>(kernel.rows()) + ridge : ridge;
  if (ridge == 0) {
    Inverse out = pseudo_invert(std::move(kernel));
    out.mean_diagonal = mean_diagonal;
    return out;
  }
  Factor f = factor(std::move(kernel), ridge);
  Inverse out;
  out.ridge = ridge + f.jitter;
  out.jitter = f.jitter;
  out.condition = f.condition;
  out.mean_diagonal = mean_diagonal;
  out.rank = f.lower.rows();
  out.form = std::move(f);
  return out;
}

Matrix Inverse::solve(const MatrixView& right) const {
  if (const auto* f = std::get_if<Factor>(&form)) return f->solve(right);
  const auto& p = std::get<PseudoInverse>(form);
  return p.vectors * (p.values.cwiseInverse().asDiagonal() * (p.vectors.transpose() * right));
}

Matrix Inverse::half_solve(const MatrixView& right) const {
  if (const auto* f = std::get_if<Factor>(&form)) return f->half_solve(right);
  const auto& p = std::get<PseudoInverse>(form);
  return p.values.cwiseSqrt().cwiseInverse().asDiagonal() * (p.vectors.transpose() * right);
}

Matrix Inverse::residual(const MatrixView& right) const {
  if (const auto* f = std::get_if<Factor>(&form)) return ridge * f->solve(right);
  const auto& p = std::get<PseudoInverse>(form);
  if (p.vectors.rows() == rank) return Matrix::Zero(right.rows(), right.cols());
  return right - p.vectors * (p.vectors.transpose() * right);
}

Vector Inverse::diagonal() const {
  if (const auto* f = std::get_if<Factor>(&form)) return f->inverse_diagonal();
  const auto& p = std::get<PseudoInverse>(form);
  return p.vectors.array().square().matrix() * p.values.cwiseInverse();
}

double Inverse::log_determinant() const {
  if (const auto* f = std::get_if<Factor>(&form)) return f->log_determinant();
  return std::get<PseudoInverse>(form).values.array().log().sum();
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
  const Inverse inverse = invert(std::move(kernel), ridge);
  const double points = static_cast<double>(labels.size());
  Regression out;
  out.condition = inverse.condition;
  out.jitter = inverse.jitter;
  out.alpha = inverse.solve(labels);
  out.residual = inverse.residual(labels);
  out.mean = cross.transpose() * out.alpha;
  out.digits = digits_left({.size = labels.size(), .mean_diagonal = inverse.mean_diagonal, .jitter = inverse.jitter},
                           inverse.solve(some_columns(cross)), out.alpha, some_elements(out.mean));
  const Vector explained = inverse.half_solve(cross).colwise().squaredNorm().transpose();
  // Each element of C⁻¹K_X* carries an error of some ε √(P·condition) of its size.
  const double tolerance = std::max(1e-10, 100 * epsilon * std::sqrt(points * inverse.condition));
  out.variance = clip_variance(diagonal - explained, diagonal, tolerance);
  out.inverse_diagonal = inverse.diagonal();
  if (inverse.rank == labels.size()) {
    out.kappa_eff = points / out.inverse_diagonal.sum();
    out.estimate = estimate_error(out.alpha, out.inverse_diagonal);
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
