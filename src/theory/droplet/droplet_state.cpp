#include "fieldscan/theory/droplet/droplet_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "fieldscan/core/solve/convex.hpp"

namespace fieldscan::theory {

namespace {

constexpr double grid_per_width = 4, most_grid_nodes = 4e6;
constexpr int most_attempts = 100;
constexpr double margin = 3;        ///< in widths of the prior
constexpr double unsettled = 1e-4;  ///< of the target: a gradient as good as zero while nodes are looked for

/// The prior of one unit on nodes of (m, ρ), m ≥ 0, with φ_n there.
struct UnitPrior {
  Vector log_weight;  ///< Σ weight = 1; the logarithm, as the tilted_mean brings back what underflows [nodes]
  Matrix projection;  ///< φ_n [modes × nodes]
};

UnitPrior unit_prior(const SingleIndex& problem, const std::vector<Interval>& covered) {
  const Transverse transverse = transverse_rule(problem.dimension, problem.weight_variance);
  const double spacing = overlap_width(problem) / grid_per_width;
  const Index across = transverse.square.size();
  double wanted = 0;
  for (const Interval& part : covered) wanted += ((part.high - part.low) / spacing + 2) * static_cast<double>(across);
  if (!(wanted < most_grid_nodes))
    throw solve::NotConverged(
        fmt::format("droplets at P = {}: overlaps reach |m| = {:.3g}, on more nodes than the grid holds; "
                    "raise the ridge or width, or lower chi",
                    problem.points, covered.back().high));
  std::vector<double> along;
  Index next = 0;  // node
  for (const Interval& part : covered) {
    const Index last = static_cast<Index>(part.high / spacing) + 1;
    for (Index i = std::max(next, static_cast<Index>(part.low / spacing)); i <= last; ++i)
      along.push_back(static_cast<double>(i) * spacing);
    next = last + 1;
  }
  UnitPrior out{.log_weight = Vector(std::ssize(along) * across),
                .projection = Matrix(problem.coefficient.size(), std::ssize(along) * across)};
  Index node = 0;
  for (const double m : along) {
    const double log_prior = -problem.dimension * m * m / (2 * problem.weight_variance) + (m > 0 ? std::log(2.0) : 0);
    for (Index j = 0; j < across; ++j, ++node) {
      out.log_weight[node] = log_prior + transverse.log_weight[j];
      hermite_projections(m, m * m + transverse.square[j], problem.scale, out.projection.rows(),
                          out.projection.col(node).data());
    }
  }
  out.log_weight.array() -= std::log(out.log_weight.array().exp().sum());
  return out;
}

/// log⟨exp z⟩ and the tilted weights; for small z without the rounding of 1 + ⟨z⟩.
double tilted_mean(const Vector& log_weight, const Vector& z, Vector& tilted) {
  tilted = log_weight + z;
  const double top = tilted.maxCoeff();
  tilted = (tilted.array() - top).exp();
  const double sum = tilted.sum();
  tilted /= sum;
  if (z.maxCoeff() > 0.5) return top + std::log(sum);
  double excess = 0;
  for (Index k = 0; k < z.size(); ++k) excess += std::exp(log_weight[k]) * std::expm1(z[k]);
  return std::log1p(excess);
}

/// Γ/P with its derivatives.
solve::Curvature droplet_action(const SingleIndex& problem, const UnitPrior& prior, const Vector& t) {
  const double points = problem.points, variance = problem.readout_variance, b = problem.richness;
  const Vector field = prior.projection.transpose() * t;
  const Vector z = b / 2 * points * points * field.cwiseAbs2();
  Vector tilted;
  const double log_mean = tilted_mean(prior.log_weight, z, tilted);
  const Matrix weighted = prior.projection * tilted.asDiagonal();
  const Vector response = weighted * field;
  const Vector square = field.cwiseAbs2();
  const Matrix second = weighted * square.asDiagonal() * prior.projection.transpose() - response * response.transpose();
  solve::Curvature out;
  out.value = problem.kappa_eff / 2 * t.squaredNorm() - t.dot(problem.coefficient) + variance / (b * points) * log_mean;
  out.gradient = problem.kappa_eff * t - problem.coefficient + variance * points * response;
  out.hessian = problem.kappa_eff * Matrix::Identity(t.size(), t.size()) +
                variance * points * (weighted * prior.projection.transpose()) +
                variance * b * points * points * points * second;
  return out;
}

}  // namespace

DropletState droplet_state(const SingleIndex& problem, const DropletState& near) {
  const double size = problem.coefficient.cwiseAbs().maxCoeff();
  std::vector<Interval> covered =
      united(overlap_support(problem, Vector::Zero(problem.coefficient.size())), near.support, 0);
  Vector t = near.multipliers;
  bool settled = false;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    const UnitPrior prior = unit_prior(problem, covered);
    if (t.size() == 0) {
      const Vector weight = prior.log_weight.array().exp(), square = prior.projection.cwiseAbs2() * weight;
      t = problem.coefficient.array() /
          (problem.kappa_eff + problem.readout_variance * problem.points * square.array());
    }
    // Weights are exponentials of numbers as large as this, which are rounded.
    const double rounding = 16 * std::numeric_limits<double>::epsilon() * prior.log_weight.cwiseAbs().maxCoeff();
    const double tolerance = settled ? std::max(1e-11, rounding) : unsettled;
    const auto solved = solve::convex_minimum([&](const Vector& at) { return droplet_action(problem, prior, at); }, t,
                                              {.gradient = tolerance * size, .steps = 300});
    t = solve::found(solved, fmt::format("the discrepancy of droplets at P = {} (a larger ridge is solved more easily)",
                                         problem.points));
    const std::vector<Interval> needed = overlap_support(problem, t);
    const bool inside = covers(covered, needed);
    if (inside && settled)
      return {.multipliers = t,
              .learned = problem.coefficient - problem.kappa_eff * t,
              .support = needed,
              .residual = size > 0 ? solved.residual / size : 0};
    settled = inside;
    // Where droplets do not fit yet the discrepancies are too large: with room for some they fall, and droplets move.
    if (!inside) covered = united(std::move(covered), needed, margin * overlap_width(problem));
  }
  throw solve::NotConverged(fmt::format(
      "droplets at P = {}: the range of the overlaps does not settle at |m| = {:.3g}; raise the ridge or width, or lower "
      "chi",
      problem.points, covered.back().high));
}

std::string_view sentence(Phase phase) {
  switch (phase) {
    case Phase::gp:
      return "GP: the law of the overlaps is the prior";
    case Phase::gfl:
      return "GFL: all units have changed alike";
    case Phase::gmfl_i:
      return "GMFL-I: droplets, units away from the others";
    case Phase::gmfl_ii:
      return "GMFL-II: no unit stays at the centre";
  }
  return "";
}

Phase phase_of(const OverlapLaw& law, const OverlapShape& shape, const SingleIndex& problem) {
  if (!shape.central) return Phase::gmfl_ii;
  if (shape.outer) return Phase::gmfl_i;
  const double ratio = law.second_moment() * problem.dimension / problem.weight_variance;
  return std::abs(ratio - 1) < 0.1 ? Phase::gp : Phase::gfl;
}

}  // namespace fieldscan::theory
