#include "filter_saddle.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/solve/convex.hpp"
#include "neuron.hpp"

namespace fieldscan::theory {
namespace filters {
namespace {

constexpr double most_nodes = 1e7, good = 1e-7, enough = 1e-3, outside_enough = 1e-11, error_power = 1.5;
constexpr Index block_nodes = 256;

/// Equidistant nodes inside a ball.
struct Ball {
  double radius, spacing;
};

/// Calls what(z [m × D]) for blocks of the nodes.
template <class Do>
void for_each_block(Index dimension, const Ball& ball, Do&& what) {
  const auto half = static_cast<Index>(std::floor(ball.radius / ball.spacing)), side = 2 * half + 1;
  Index total = 1, filled = 0;
  for (Index k = 0; k < dimension; ++k) total *= side;
  Matrix block(dimension, block_nodes);
  Vector at(dimension);
  for (Index cell = 0; cell < total; ++cell) {
    for (Index k = 0, rest = cell; k < dimension; ++k, rest /= side)
      at[k] = ball.spacing * static_cast<double>(rest % side - half);
    if (!(at.squaredNorm() <= ball.radius * ball.radius)) continue;
    block.col(filled++) = at;
    if (filled < block_nodes) continue;
    what(Matrix(block.transpose()));
    filled = 0;
  }
  if (filled > 0) what(Matrix(block.leftCols(filled).transpose()));
}

/// The maps F_i of a block of filters, map by map [m × P].
std::vector<Matrix> maps_of(const ConvolutionalSpec& spec, const Matrix& z, const Matrix& inputs, Index positions) {
  const Index points = inputs.rows() / positions;
  const Matrix all = features(spec.activation, z, inputs);
  std::vector<Matrix> maps;
  if (spec.readout == ImageReadout::pooling) {
    maps.push_back(Matrix::Zero(z.rows(), points));
    for (Index s = 0; s < positions; ++s)
      maps[0] += all.middleCols(s * points, points) / static_cast<double>(positions);
    return maps;
  }
  const double scale = 1 / std::sqrt(static_cast<double>(positions));
  for (Index s = 0; s < positions; ++s) maps.push_back(scale * all.middleCols(s * points, points));
  return maps;
}

/// One layer on given images.
struct Layer {
  const ConvolutionalSpec& spec;
  Index positions;
  Matrix train, test;  ///< x̃ [S·P × D], [S·P* × D]
  const FilterProblem& problem;
};

/// Sums over nodes with weights exp(log density − shift): of numbers, of J, of Σ F Fᵀ and J Jᵀ.
struct Sums {
  double shift = -std::numeric_limits<double>::infinity(), weight = 0, outside = 0;
  Vector pull, pull_test, own_test, spread_test;  ///< J; J_*, Σ F_*², J_*²
  Matrix kernel, spread, cross, spread_cross;     ///< Σ F Fᵀ, J Jᵀ; with the test points

  /// Makes `highest` the shift where it is higher than what came before.
  void rise_to(double highest) {
    if (!(highest > shift)) return;
    const double factor = std::exp(shift - highest);  // 0 at the first block
    shift = highest;
    weight *= factor, outside *= factor;
    for (Vector* vector : {&pull, &pull_test, &own_test, &spread_test}) *vector *= factor;
    for (Matrix* matrix : {&kernel, &spread, &cross, &spread_cross}) *matrix *= factor;
  }
};

enum class With { training, test_points };

Sums no_sums(Index points, Index tests) {
  const Vector none = Vector::Zero(tests);
  return {.pull = Vector::Zero(points),
          .pull_test = none,
          .own_test = none,
          .spread_test = none,
          .kernel = Matrix::Zero(points, points),
          .spread = Matrix::Zero(points, points),
          .cross = Matrix::Zero(points, tests),
          .spread_cross = Matrix::Zero(points, tests)};
}

/// Adds a block of nodes.
void add_block(const Layer& layer, const Matrix& z, const Vector& t, double radius, With with, Sums& sums) {
  const std::vector<Matrix> maps = maps_of(layer.spec, z, layer.train, layer.positions);
  Matrix scores(z.rows(), std::ssize(maps)), pull = Matrix::Zero(z.rows(), t.size());
  for (std::size_t i = 0; i < maps.size(); ++i) {
    scores.col(static_cast<Index>(i)) = maps[i] * t;
    pull += scores.col(static_cast<Index>(i)).asDiagonal() * maps[i];
  }
  const Vector size = z.rowwise().squaredNorm();
  const Vector log_density = 0.5 * (layer.problem.strength * scores.rowwise().squaredNorm() - size);
  sums.rise_to(log_density.maxCoeff());
  const Vector weight = (log_density.array() - sums.shift).exp();
  sums.weight += weight.sum();
  sums.outside += (size.array() > 0.81 * radius * radius).select(weight, 0.0).sum();
  sums.pull += pull.transpose() * weight;
  const Matrix weighted_pull = weight.asDiagonal() * pull;
  sums.spread.noalias() += pull.transpose() * weighted_pull;
  for (const Matrix& map : maps) sums.kernel.noalias() += map.transpose() * (weight.asDiagonal() * map);
  if (with == With::training) return;
  const std::vector<Matrix> others = maps_of(layer.spec, z, layer.test, layer.positions);
  Matrix pull_test = Matrix::Zero(z.rows(), sums.pull_test.size());
  for (std::size_t i = 0; i < maps.size(); ++i) {
    pull_test += scores.col(static_cast<Index>(i)).asDiagonal() * others[i];
    sums.cross.noalias() += maps[i].transpose() * (weight.asDiagonal() * others[i]);
    sums.own_test += others[i].cwiseAbs2().transpose() * weight;
  }
  sums.pull_test += pull_test.transpose() * weight;
  sums.spread_test += pull_test.cwiseAbs2().transpose() * weight;
  sums.spread_cross.noalias() += weighted_pull.transpose() * pull_test;
}

Sums sums_of(const Layer& layer, const Ball& ball, const Vector& t, With with) {
  const Index tests = with == With::training ? 0 : layer.test.rows() / layer.positions;
  Sums sums = no_sums(t.size(), tests);
  for_each_block(layer.train.cols(), ball, [&](const Matrix& z) { add_block(layer, z, t, ball.radius, with, sums); });
  return sums;
}

/// D on the training points.
Matrix dressed_kernel(const Layer& layer, const Sums& sums) {
  const double readout = layer.spec.readout_variance;
  const Vector mean = sums.pull / sums.weight;
  return readout *
         (sums.kernel / sums.weight + layer.problem.strength * (sums.spread / sums.weight - mean * mean.transpose()));
}

/// Γ without what the nodes' number and spacing add to it.
solve::Curvature gamma(const Layer& layer, const Ball& ball, const Vector& t) {
  const FilterProblem& problem = layer.problem;
  const double readout = layer.spec.readout_variance;
  const Sums sums = sums_of(layer, ball, t, With::training);
  solve::Curvature out{.value = 0.5 * problem.ridge * t.squaredNorm() - t.dot(problem.label) +
                                readout / problem.strength * (std::log(sums.weight) + sums.shift),
                       .gradient = problem.ridge * t - problem.label + readout * sums.pull / sums.weight,
                       .hessian = dressed_kernel(layer, sums)};
  out.hessian.diagonal().array() += problem.ridge;
  return out;
}

FilterSaddle outputs_of(const Layer& layer, const Ball& ball, const Vector& t) {
  const double readout = layer.spec.readout_variance, strength = layer.problem.strength;
  const Sums sums = sums_of(layer, ball, t, With::test_points);
  const Factor inverse = factor(dressed_kernel(layer, sums), layer.problem.ridge);
  const Vector mean = sums.pull / sums.weight, mean_test = sums.pull_test / sums.weight;
  const Matrix cross = readout * (sums.cross / sums.weight +
                                  strength * (sums.spread_cross / sums.weight - mean * mean_test.transpose()));
  const Vector own =
      readout * (sums.own_test / sums.weight + strength * (sums.spread_test / sums.weight - mean_test.cwiseAbs2()));
  const Matrix half = inverse.half_solve(cross);
  return {.t = t,
          .mean = readout * mean_test,
          .variance = own - half.colwise().squaredNorm().transpose(),
          .inverse = inverse.inverse_diagonal().mean()};
}

}  // namespace
}  // namespace filters

FilterSaddle filter_saddle(const ConvolutionalSpec& spec, const MatrixView& x, const MatrixView& test,
                           const FilterProblem& problem) {
  const Matrix train = filter_inputs(spec, x);
  const filters::Layer layer{.spec = spec,
                             .positions = train.rows() / x.rows(),
                             .train = train,
                             .test = filter_inputs(spec, test),
                             .problem = problem};
  filters::Ball ball{.radius = 9, .spacing = 0.6};
  Vector t = Vector::Zero(problem.label.size());
  double change = std::numeric_limits<double>::infinity(), residual = 0;
  bool refined = false;  // since the last time that t was found in this ball
  for (int rules = 1;; ++rules) {
    const auto at = [&](const Vector& place) { return filters::gamma(layer, ball, place); };
    const double size = std::max(problem.label.norm(), 1e-300);
    const auto solved = solve::convex_minimum(at, t, {.gradient = 1e-11 * size});
    Vector next = solve::found(solved, "the saddle of the filters");
    residual = solved.residual / size;
    change = problem.label.isZero(0) ? 0 : (next - t).norm() / std::max(next.norm(), 1e-300);
    t = std::move(next);
    const filters::Sums sums = filters::sums_of(layer, ball, t, filters::With::training);
    const bool cut = sums.outside > filters::outside_enough * sums.weight;
    if (refined && !cut && change <= filters::good) break;
    const filters::Ball wider{ball.radius * (cut ? 1.4 : 1), ball.spacing / (cut ? 1 : 1.5)};
    if (!(std::pow(2 * wider.radius / wider.spacing, static_cast<double>(layer.train.cols())) <= filters::most_nodes)) {
      if (refined && !cut && change <= filters::enough) break;
      solve::give_up("the saddle of the filters on nodes", change, rules);
    }
    ball = wider;
    refined = !cut;
  }
  FilterSaddle out = filters::outputs_of(layer, ball, t);
  out.rule_error = std::pow(change, filters::error_power);
  out.residual = residual;
  return out;
}

}  // namespace fieldscan::theory
