#include "fieldscan/theory/droplet/droplet_state.hpp"

#include <fmt/format.h>

#include <cmath>

#include "fieldscan/core/solve/convex.hpp"

namespace fieldscan::theory {

namespace {

constexpr double grid_per_width = 4, most_grid_nodes = 4e6;
constexpr int most_attempts = 40;
constexpr double far_reach = 400;  ///< in widths of the prior

/// The prior of one unit on nodes of (m, ρ), m ≥ 0, with φ_n there.
struct UnitPrior {
  Vector log_weight;  ///< Σ weight = 1; the logarithm, as the tilted_mean brings back what underflows [nodes]
  Matrix projection;  ///< φ_n [modes × nodes]
};

UnitPrior unit_prior(const SingleIndex& problem, double reach) {
  const Transverse transverse = transverse_rule(problem.dimension, problem.weight_variance);
  const double spacing = std::sqrt(problem.weight_variance / problem.dimension) / grid_per_width;
  const double wanted = (reach / spacing + 2) * static_cast<double>(transverse.square.size());
  if (!(wanted < most_grid_nodes))
    throw solve::NotConverged(
        fmt::format("droplets at P = {}: overlaps reach |m| = {:.3g}, more than the grid holds; "
                    "raise the ridge or width, or lower chi",
                    problem.points, reach));
  const auto along = static_cast<Index>(reach / spacing) + 2, across = transverse.square.size();
  UnitPrior out{.log_weight = Vector(along * across), .projection = Matrix(problem.coefficient.size(), along * across)};
  for (Index i = 0; i < along; ++i) {
    const double m = static_cast<double>(i) * spacing;
    const double log_prior = -problem.dimension * m * m / (2 * problem.weight_variance) + (i > 0 ? std::log(2.0) : 0);
    for (Index j = 0; j < across; ++j) {
      const Index node = i * across + j;
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

DropletState droplet_state(const SingleIndex& problem) {
  const double size = problem.coefficient.cwiseAbs().maxCoeff();
  const double width = std::sqrt(problem.weight_variance / problem.dimension);
  double reach = reach_of(problem, Vector::Zero(problem.coefficient.size()));
  Vector t;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    const UnitPrior prior = unit_prior(problem, reach);
    if (t.size() == 0) {
      const Vector weight = prior.log_weight.array().exp(), square = prior.projection.cwiseAbs2() * weight;
      t = problem.coefficient.array() /
          (problem.kappa_eff + problem.readout_variance * problem.points * square.array());
    }
    const auto solved = solve::convex_minimum([&](const Vector& at) { return droplet_action(problem, prior, at); }, t,
                                              {.gradient = 1e-11 * size, .steps = 300});
    t = solve::found(solved, fmt::format("the discrepancy of droplets at P = {} (a larger ridge is solved more easily)",
                                         problem.points));
    const double needed = reach_of(problem, t);
    if (needed <= reach) return {.multipliers = t, .learned = problem.coefficient - problem.kappa_eff * t};
    // Where droplets do not fit yet the discrepancies are too large, and so is what they seem to need.
    reach = needed <= far_reach * width ? 1.05 * needed : std::min(1.05 * needed, 1.5 * reach);
  }
  throw solve::NotConverged(
      fmt::format("droplets at P = {}: the range of the overlaps does not settle at |m| = {:.3g}, where {:.3g} is "
                  "needed; raise the ridge or width, or lower chi",
                  problem.points, reach, reach_of(problem, t)));
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
