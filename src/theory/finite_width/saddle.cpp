#include "saddle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "fieldscan/core/solve/solved.hpp"

namespace fieldscan::theory {

namespace {

constexpr int most_newton_steps = 100;
constexpr double armijo = 1e-4;
constexpr Index feature_rows = 512;  ///< rows of the features at a time

/// Σ_m w_m φ_m φ_mᵀ of the features, w ≥ 0.
Matrix weighted_square(const Matrix& feature, const Vector& weight) {
  const Index points = feature.cols();
  Matrix out = Matrix::Zero(points, points), part;
  for (Index m = 0; m < feature.rows(); m += feature_rows) {
    const Index rows = std::min(feature_rows, feature.rows() - m);
    part = weight.segment(m, rows).cwiseSqrt().asDiagonal() * feature.middleRows(m, rows);
    out.selfadjointView<Eigen::Lower>().rankUpdate(part.transpose());
  }
  mirror_lower(out);
  return out;
}

/// The same for weights of both signs.
Matrix weighted_product(const Matrix& feature, const Vector& weight) {
  Matrix out = Matrix::Zero(feature.cols(), feature.cols());
  for (Index m = 0; m < feature.rows(); m += feature_rows) {
    const Index rows = std::min(feature_rows, feature.rows() - m);
    out.noalias() +=
        feature.middleRows(m, rows).transpose() * (weight.segment(m, rows).asDiagonal() * feature.middleRows(m, rows));
  }
  return out;
}

/// Γ, s and the weights under p_t at t.
struct SaddlePoint {
  double gamma = std::numeric_limits<double>::infinity();
  Matrix score;
  Vector weight;
};

SaddlePoint at_point(const SaddleProblem& problem, const Population& population, const Vector& prior, const Matrix& t) {
  SaddlePoint out{.gamma = 0, .score = population.feature * t, .weight = {}};
  const Vector exponent = 0.5 * problem.strength * out.score.rowwise().squaredNorm();
  if (!exponent.allFinite()) return {};
  double log_mean = 0;
  if (exponent.maxCoeff() < 1) {
    // Close to the prior log⟨e^x⟩ is divided by a small b: without the cancellation of 1 + x.
    const Vector change = exponent.unaryExpr([](double x) { return std::expm1(x); });
    const double mean = prior.dot(change);
    log_mean = std::log1p(mean);
    out.weight = prior.cwiseProduct((change.array() + 1).matrix()) / (1 + mean);
  } else {
    const double largest = exponent.maxCoeff();
    out.weight = prior.array() * (exponent.array() - largest).exp();
    const double mean = out.weight.sum();
    log_mean = largest + std::log(mean);
    out.weight /= mean;
  }
  out.gamma = 0.5 * problem.ridge * t.squaredNorm() - t.cwiseProduct(problem.labels).sum() +
              problem.readout / problem.strength * log_mean;
  return out;
}

/// D of the header, block by block.
Matrix dressed_kernel(const SaddleProblem& problem, const Matrix& feature, const SaddlePoint& at, const Matrix& pull) {
  const Index points = feature.cols(), outputs = pull.cols();
  const double strength = problem.strength * problem.readout;
  Matrix out(points * outputs, points * outputs);
  for (Index c = 0; c < outputs; ++c)
    for (Index e = 0; e <= c; ++e) {
      const Vector product = strength * at.weight.cwiseProduct(at.score.col(c).cwiseProduct(at.score.col(e)));
      auto block = out.block(c * points, e * points, points, points);
      block =
          c == e ? weighted_square(feature, problem.readout * at.weight + product) : weighted_product(feature, product);
      block -= strength * pull.col(c) * pull.col(e).transpose();
    }
  mirror_lower(out);
  return out;
}

}  // namespace

Saddle find_saddle(const SaddleProblem& problem, const Population& population, const Matrix& start, double tolerance) {
  const Matrix& feature = population.feature;
  Vector prior = (population.log_weight.array() - population.log_weight.maxCoeff()).exp();
  prior /= prior.sum();
  Saddle out{.t = start, .weight = {}, .score = {}, .pull = {}, .hessian = {}};
  SaddlePoint at = at_point(problem, population, prior, out.t);
  double change = std::numeric_limits<double>::infinity();
  for (out.steps = 1;; ++out.steps) {
    if (!std::isfinite(at.gamma)) throw NumericalError("the free energy of kernel adaptation is not finite");
    out.pull = feature.transpose() * (at.weight.asDiagonal() * at.score);
    out.hessian = factor(dressed_kernel(problem, feature, at, out.pull), problem.ridge);
    if (change <= tolerance) break;
    if (out.steps > most_newton_steps)
      throw solve::NotConverged(fmt::format(
          "the saddle of kernel adaptation was not found: {} steps of Newton's method leave a change of {:.3g}; raise "
          "the ridge or width, or lower chi",
          most_newton_steps, change));
    const Matrix slope = problem.ridge * out.t - problem.labels + problem.readout * out.pull;
    const Vector step = -out.hessian.solve(Vector(slope.reshaped()));
    const double fall = -slope.reshaped().dot(step), rounding = 1e-13 * (1 + std::abs(at.gamma));
    double length = 1;
    SaddlePoint next;
    for (;; length /= 2) {
      next = at_point(problem, population, prior, out.t + length * step.reshaped(out.t.rows(), out.t.cols()));
      if (next.gamma <= at.gamma - armijo * length * fall + rounding || length < 1e-10) break;
    }
    out.t += length * step.reshaped(out.t.rows(), out.t.cols());
    change = length < 1 ? std::numeric_limits<double>::infinity() : step.norm() / std::max(out.t.norm(), 1e-300);
    if (problem.labels.isZero()) change = 0;
    at = std::move(next);
  }
  if (const double size = problem.labels.norm(); size > 0)
    out.residual = (problem.ridge * out.t - problem.labels + problem.readout * out.pull).norm() / size;
  out.gamma = at.gamma;
  out.score = std::move(at.score);
  out.weight = std::move(at.weight);
  out.effective = 1 / (out.weight.squaredNorm() * static_cast<double>(out.weight.size()));
  return out;
}

Matrix adapted_kernel(const SaddleProblem& problem, const Population& population, const Saddle& saddle) {
  return problem.readout * weighted_square(population.feature, saddle.weight);
}

}  // namespace fieldscan::theory
