#include "fieldscan/theory/trajectory/giant_step.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

#include <Eigen/LU>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/core/solve/fixed_point.hpp"
#include "fieldscan/core/solve/quadrature.hpp"

namespace fieldscan::theory {

namespace giant_step {
namespace {

constexpr Index nodes = 61;  ///< of k and of z
constexpr Index eigenvalues = 2000;

/// Nodes of the standard normal.
solve::Rule normal_rule() {
  return solve::rule_of_recurrence(Vector::LinSpaced(nodes - 1, 1, static_cast<double>(nodes - 1)).cwiseSqrt());
}

/// The spectrum of W₀W₀ᵀ [p × p], rows of unit norm in d dimensions, by equal steps of the angle.
solve::Rule marchenko_pastur(double ratio) {
  const double low = std::pow(1 - std::sqrt(ratio), 2), high = std::pow(1 + std::sqrt(ratio), 2);
  const Index zeros = ratio > 1 ? 1 : 0;
  solve::Rule out{.node = Vector::Zero(eigenvalues + zeros), .weight = Vector(eigenvalues + zeros)};
  for (Index i = 0; i < eigenvalues; ++i) {
    const double angle = (static_cast<double>(i) + 0.5) * std::numbers::pi / static_cast<double>(eigenvalues);
    const double x = 0.5 * (low + high) + 0.5 * (high - low) * std::cos(angle);
    out.node[i] = x;
    out.weight[i] = std::pow(std::sin(angle), 2) / x;
  }
  auto bulk = out.weight.head(eigenvalues);
  bulk *= std::min(1.0, 1 / ratio) / bulk.sum();
  if (zeros > 0) out.weight[eigenvalues] = 1 - 1 / ratio;
  return out;
}

/// What the features and the labels are at every node of k.
struct AtNode {
  Vector mean, linear, rest;                ///< m₀, m₁, m₂²
  Vector label, label_slope, label_square;  ///< h₀, h₁, h₂
};

struct Rows {
  double spike = 0, bulk = 1, overlap = 0;
};

Rows rows_after_step(const GiantStep& problem, const solve::Rule& z) {
  Vector value(nodes), slope(nodes);
  network::value_and_derivative(problem.activation, {z.node.data(), static_cast<std::size_t>(nodes)},
                                {value.data(), static_cast<std::size_t>(nodes)},
                                {slope.data(), static_cast<std::size_t>(nodes)});
  const Vector g = z.node.unaryExpr(problem.target);
  const double mean_slope = z.weight.dot(slope),
               slope_variance = z.weight.dot(slope.cwiseAbs2()) - mean_slope * mean_slope;
  const double along = z.weight.dot(z.node.cwiseProduct(g)),
               power = z.weight.dot(g.cwiseAbs2()) + problem.noise_variance;
  const double length = std::sqrt(along * along + power / problem.step_points);
  return {.spike = problem.step * mean_slope * length,
          .bulk = 1 + problem.step * problem.step * power * slope_variance / problem.step_points,
          .overlap = length > 0 ? along / length : 0};
}

AtNode at_nodes(const GiantStep& problem, const solve::Rule& z, const Rows& rows) {
  const Vector none = Vector::Zero(nodes);
  AtNode out{none, none, none, none, none, none};
  const double across = std::sqrt(std::max(0.0, 1 - rows.overlap * rows.overlap));
  Vector feature(nodes);
  for (Index k = 0; k < nodes; ++k) {
    feature = rows.spike * z.node[k] + std::sqrt(rows.bulk) * z.node.array();
    const std::span<double> all(feature.data(), static_cast<std::size_t>(nodes));
    network::value(problem.activation, all, all);
    const Vector label = (rows.overlap * z.node[k] + across * z.node.array()).matrix().unaryExpr(problem.target);
    out.mean[k] = z.weight.dot(feature);
    out.linear[k] = z.weight.dot(feature.cwiseProduct(z.node)) / std::sqrt(rows.bulk);
    out.rest[k] = std::max(
        0.0, z.weight.dot(feature.cwiseAbs2()) - out.mean[k] * out.mean[k] - rows.bulk * out.linear[k] * out.linear[k]);
    out.label[k] = z.weight.dot(label);
    out.label_slope[k] = z.weight.dot(label.cwiseProduct(z.node));
    out.label_square[k] = z.weight.dot(label.cwiseAbs2()) + problem.noise_variance;
  }
  return out;
}

/// What the ridge leaves of the bulk: V₁ = ⟨D/S⟩, V₂ = ⟨1/S⟩ over the spectrum, S = κ + V̂₁D + V̂₂, and moments of S.
struct Bulk {
  Vector variance;          ///< V at every k
  double one = 0, two = 0;  ///< ⟨1/S⟩, ⟨D/S⟩
  Eigen::Matrix2d square;   ///< ⟨(D, 1)(D, 1)ᵀ/S²⟩
  double residual = 0;
};

Vector variance_of(const AtNode& at, const Vector& log_v) {
  return at.linear.cwiseAbs2() * std::exp(log_v[0]) + at.rest * std::exp(log_v[1]);
}

/// V₁ and V₂ increase with themselves, less than in proportion: one positive solution, whatever the start.
Bulk solve_bulk(const GiantStep& problem, const solve::Rule& z, const solve::Rule& spectrum, const Rows& rows,
                const AtNode& at) {
  const double per_unit = problem.points / problem.units;
  const Vector d = rows.bulk * spectrum.node;
  const auto inverse = [&](const Vector& log_v) -> Vector {
    const Vector weight = per_unit * z.weight.cwiseQuotient((1 + variance_of(at, log_v).array()).matrix());
    return (problem.ridge + weight.dot(at.linear.cwiseAbs2()) * d.array() + weight.dot(at.rest)).inverse();
  };
  const auto map = [&](const Vector& log_v) -> Vector {
    const Vector over = inverse(log_v).cwiseProduct(spectrum.weight);
    return Eigen::Vector2d(std::log(over.dot(d)), std::log(over.sum()));
  };
  const Vector start = Vector::Constant(2, -std::log(problem.ridge));
  const auto solved = solve::fixed_point(map, start, {.tolerance = 1e-12, .steps = 20000});
  const Vector& log_v = solve::found(solved, "what the ridge leaves of the features after one giant step");
  const Vector s = inverse(log_v), once = s.cwiseProduct(spectrum.weight), twice = once.cwiseProduct(s);
  Bulk out{.variance = variance_of(at, log_v),
           .one = once.sum(),
           .two = once.dot(d),
           .square = {},
           .residual = solved.residual};
  out.square << twice.dot(d.cwiseAbs2()), twice.dot(d), twice.dot(d), twice.sum();
  return out;
}

/// The squared error on noisy labels at every k: given V the other order parameters solve linear equations.
Vector solve_error(const GiantStep& problem, const solve::Rule& z, const Rows& rows, const AtNode& at,
                   const Bulk& bulk) {
  const double ratio = problem.units, per_unit = problem.points / ratio;
  const Vector shrink = (1 + bulk.variance.array()).inverse(), weight = per_unit * z.weight.cwiseProduct(shrink);
  const Vector along = z.node.cwiseProduct(at.linear);
  const double size = std::sqrt(z.weight.dot(at.mean.cwiseAbs2()));
  const Vector mean = at.mean / std::max(size, 1e-300);  // m₀ in units of its own size: m may be large
  const double slope_hat = weight.dot(at.linear.cwiseProduct(at.label_slope)), slope = ratio * bulk.two * slope_hat;
  const double gain = ratio * rows.bulk * bulk.one;
  Eigen::Matrix2d linear;  // of τ and m
  linear << 1 + gain * weight.dot(along.cwiseAbs2()), gain * weight.dot(along.cwiseProduct(mean)),
      weight.dot(along.cwiseProduct(mean)), size > 0 ? weight.dot(mean.cwiseAbs2()) : 1;
  const Eigen::Vector2d common = linear.partialPivLu().solve(
      Eigen::Vector2d(gain * weight.dot(along.cwiseProduct(at.label)), weight.dot(mean.cwiseProduct(at.label))));
  const Vector output = common[1] * mean + common[0] * along;
  const double common_hat = weight.dot(along.cwiseProduct(at.label - output));
  const Vector plain = at.label_square - 2 * output.cwiseProduct(at.label) + output.cwiseAbs2() -
                       2 * slope * at.linear.cwiseProduct(at.label_slope);
  Matrix power(nodes, 2);
  power << at.linear.cwiseAbs2(), at.rest;
  const Vector twice = weight.cwiseProduct(shrink);
  const Eigen::Vector2d source(ratio * slope_hat * slope_hat, ratio * rows.bulk * common_hat * common_hat);
  const Eigen::Matrix2d of_itself = bulk.square * (power.transpose() * twice.asDiagonal() * power);
  const Eigen::Vector2d rest = bulk.square * (power.transpose() * twice.cwiseProduct(plain) + source);
  const Eigen::Vector2d q = (Eigen::Matrix2d::Identity() - of_itself).partialPivLu().solve(rest);
  return plain + power * q;
}

}  // namespace
}  // namespace giant_step

GiantStepAverage average_after_step(const GiantStep& problem) {
  using namespace giant_step;
  const solve::Rule z = normal_rule(), spectrum = marchenko_pastur(problem.units);
  const Rows rows = rows_after_step(problem, z);
  const AtNode at = at_nodes(problem, z, rows);
  const Bulk bulk = solve_bulk(problem, z, spectrum, rows, at);
  const Vector error = solve_error(problem, z, rows, at, bulk), shrink = (1 + bulk.variance.array()).inverse();
  return {.error_test = z.weight.dot(error) - problem.noise_variance,
          .error_train = z.weight.dot(error.cwiseProduct(shrink.cwiseAbs2())),
          .spike = rows.spike,
          .overlap = rows.overlap,
          .bulk = rows.bulk,
          .held = 1 / (bulk.one * problem.points * z.weight.dot(shrink.cwiseProduct(at.mean.cwiseAbs2()))),
          .residual = bulk.residual};
}

}  // namespace fieldscan::theory
