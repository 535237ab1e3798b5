#include "regression_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "../rows.hpp"
#include "fieldscan/core/digits.hpp"
#include "fieldscan/core/solve/conjugate_gradients.hpp"
#include "fieldscan/data/classes.hpp"

namespace fieldscan::theory {

namespace {

constexpr Index tile = 128;  ///< columns of K at a time

/// Variance over initialisations, without 1/χ: at the test points, and its mean over the training points.
struct InitialVariance {
  Vector test = {};
  double train = 0;
};

/// K_** + AᵀKA − 2AᵀK_X* at the test points; at the training points f − y = R (f₀ − y) with the symmetric R = 1 − Θ (Θ
/// + κ)⁻¹, so that the sum of the variances is Tr R²K. K comes in columns, so that the factor of Θ + κ stays the only
/// [P × P].
InitialVariance initial_variance(const InitialKernel& initial, const Inverse& inverse, const Matrix& response,
                                 Estimates estimates) {
  const Index points = response.rows();
  Matrix change = -2 * initial.cross;
  InitialVariance out;
  for (Index first = 0; first < points; first += tile) {
    const Index count = std::min(tile, points - first);
    const Matrix columns = initial.columns(first, count);
    change.noalias() += columns * response.middleRows(first, count);
    if (estimates == Estimates::none) continue;
    Matrix unit = Matrix::Zero(points, count);
    unit.middleRows(first, count).setIdentity();
    out.train += inverse.residual(inverse.residual(unit)).cwiseProduct(columns).sum() / static_cast<double>(points);
  }
  const Vector test = initial.diagonal + response.cwiseProduct(change).colwise().sum().transpose();
  out.test = clip_variance(test, initial.diagonal, 1e-6);
  return out;
}

constexpr double digits_needed = 2;

Flag flag_of(double digits) { return digits >= digits_needed ? Flag::none : Flag::outside_validity; }

void write_estimate(Writer& writer, const ErrorEstimate& estimate) {
  writer.row(Observable::error_loo, estimate.leave_one_out);
  writer.row(Observable::error_gcv, estimate.generalised);
}

/// Of several outputs, which are independent with the same variances [P*]; none of these: the accuracy of the mean.
void write_accuracy(Writer& writer, const Matrix& mean, const Vector& variance, const data::Draw& draw) {
  if (mean.cols() == 1) return;
  const Vector means = data::flat(mean), variances = data::flat(variance.replicate(1, mean.cols()));
  writer.row(Observable::accuracy, data::accuracy_of(data::Classes(means, variances, mean.cols()), draw.test.target));
}

}  // namespace

Inverse invert_kernel(const KernelOfPoints& kernel, double ridge, const Matrix& x) {
  const EqualRows equal = equal_rows(x);
  if (!is_packed(static_cast<double>(x.rows()), ridge)) return invert(kernel.whole(), ridge, equal);
  if (!equal.any()) return invert([&] { return kernel.packed(x); }, ridge, equal);
  const Matrix unequal = x(equal_points(equal).first, Eigen::all);
  return invert([&] { return kernel.packed(unequal); }, ridge, equal);
}

Result posterior_rows(Matrix kernel, const Matrix& cross, const Vector& diagonal, const data::Draw& draw, double ridge,
                      double chi) {
  return posterior_rows(invert(std::move(kernel), ridge, equal_rows(draw.train.x)), cross, diagonal, draw, chi,
                        Estimates::all);
}

Result posterior_rows(const Inverse& inverse, const Matrix& cross, const Vector& diagonal, const data::Draw& draw,
                      double chi, Estimates estimates) {
  const MatrixView label = draw.train.label;
  const double points = static_cast<double>(label.rows()), outputs = static_cast<double>(label.cols());
  const Regression r = regression(inverse, label, cross, diagonal, estimates);
  Result result;
  result.reason = digits_remark(r.digits, r.condition);
  Writer writer(result, equilibrium, flag_of(r.digits));
  const double error_mean = writer.predictor(r.mean, draw);
  const double variance = outputs * r.variance.mean() / chi;
  writer.row(Observable::variance_posterior, variance);
  writer.row(Observable::error_test, error_mean + variance);
  if (estimates == Estimates::all) {
    const double variance_train = outputs * r.variance_train / chi;
    writer.row(Observable::error_train, r.residual.squaredNorm() / points + variance_train);
  }
  writer.row(Observable::condition_number, r.condition);
  writer.row(Observable::jitter, r.jitter);
  if (r.kappa_eff) writer.row(Observable::kappa_eff, *r.kappa_eff);
  if (r.estimate) write_estimate(writer, *r.estimate);
  write_accuracy(writer, r.mean, r.variance / chi, draw);
  // Labels are N(0, (K + κI)/χ): both the prior and the noise of the likelihood carry 1/χ.
  if (!r.log_evidence) return result;
  double form = 0;
  for (Index c = 0; c < label.cols(); ++c) form += label.col(c).dot(r.alpha.col(c));
  writer.row(Observable::log_evidence,
             *r.log_evidence + 0.5 * (1 - chi) * form + 0.5 * outputs * points * std::log(chi));
  return result;
}

Result descent_rows(const Inverse& inverse, const Matrix& tangent_cross, const data::Draw& draw,
                    const std::optional<InitialKernel>& initial, Estimates estimates) {
  const MatrixView label = draw.train.label;
  const double points = static_cast<double>(label.rows()), outputs = static_cast<double>(label.cols());
  const Matrix response = inverse.solve(tangent_cross);
  const Matrix alpha = inverse.solve(label), mean = transposed_times(response, label);
  const double digits = digits_left(inverse, response, alpha, mean);
  Result result;
  result.reason = digits_remark(digits, inverse.condition);
  Writer writer(result, equilibrium, flag_of(digits));
  const double error_mean = writer.predictor(mean, draw);
  InitialVariance variance;
  if (initial) variance = initial_variance(*initial, inverse, response, estimates);
  const double chi = initial ? initial->chi : 1;
  const double of_test = initial ? variance.test.mean() : 0.0;
  writer.row(Observable::error_test, error_mean + outputs * of_test / chi);
  if (estimates == Estimates::all) {
    const double residual = inverse.residual(label).squaredNorm() / points;
    writer.row(Observable::error_train, residual + outputs * variance.train / chi);
  }
  writer.row(Observable::condition_number, inverse.condition);
  writer.row(Observable::jitter, inverse.jitter);
  write_accuracy(writer, mean, variance.test / chi, draw);
  if (estimates == Estimates::none || (inverse.rank < label.rows() && !inverse.equal)) return result;
  if (const auto estimate = estimate_error(inverse, label, alpha, inverse.diagonal()))
    write_estimate(writer, *estimate);
  return result;
}

namespace {

/// What (E K Eᵀ + κ) makes of columns, K of the points that are left when equal ones are one, E [P × U] their copies.
class CopiedKernel {
 public:
  CopiedKernel(PackedLower kernel, const EqualRows& equal, double ridge)
      : kernel_(std::move(kernel)), points_(equal_points(equal)), ridge_(ridge) {}

  Matrix times(const Matrix& x) const {
    Matrix sums = Matrix::Zero(kernel_.rows(), x.cols());
    for (Index i = 0; i < x.rows(); ++i) sums.row(group(i)) += x.row(i);
    const Matrix image = kernel_.times(sums);
    Matrix out = ridge_ * x;
    for (Index i = 0; i < x.rows(); ++i) out.row(i) += image.row(group(i));
    return out;
  }
  /// By the diagonal alone.
  Matrix nearly_solved(const Matrix& x) const {
    Matrix out = x;
    for (Index i = 0; i < x.rows(); ++i) out.row(i) /= kernel_(group(i), group(i)) + ridge_;
    return out;
  }

 private:
  Index group(Index i) const { return points_.group[static_cast<std::size_t>(i)]; }

  PackedLower kernel_;
  EqualPoints points_;
  double ridge_;
};

}  // namespace

Result mean_rows(const KernelOfPoints& kernel, const Matrix& cross, const data::Draw& draw, double ridge,
                 double tolerance) {
  const Matrix& x = draw.train.x;
  const EqualRows equal = equal_rows(x);
  const CopiedKernel copied(equal.any() ? kernel.packed(x(equal_points(equal).first, Eigen::all)) : kernel.packed(x),
                            equal, ridge);
  const MatrixView label = draw.train.label;
  const auto solved = solve::conjugate_gradients([&](const Matrix& p) { return copied.times(p); },
                                                 [&](const Matrix& r) { return copied.nearly_solved(r); }, label,
                                                 tolerance, most_gradient_steps);
  const Matrix& alpha = solve::found(solved, fmt::format("(K + κ) α = y to a residual of {} by conjugate gradients "
                                                         "(P = {}, κ = {}; a larger ridge converges sooner)",
                                                         tolerance, label.rows(), ridge));
  Result result;
  Writer writer(result, equilibrium);
  writer.predictor(transposed_times(cross, alpha), draw);
  writer.residual(solved.residual);
  return result;
}

Applicability needs_solution(Solver solver, double ridge) {
  if (solver == Solver::conjugate_gradients && !(ridge > 0)) return {false, "conjugate gradients need a ridge above 0"};
  return {};
}

double mean_bytes(double points, double test_points, double outputs) {
  return PackedLower::bytes(points) + 8 * (points * test_points + 8 * points * outputs);
}

double cubes_of_gradients(double points) { return 4.0 * 200 / std::max(points, 200.0); }

double descent_bytes(double points, double test_points, double ridge) {
  return regression_bytes(points, 4 * test_points + 4 * tile, ridge);
}

double packed_descent_bytes(double points, double test_points, double ridge) {
  return packed_regression_bytes(points, 4 * test_points + 4 * tile, ridge);
}

}  // namespace fieldscan::theory
