#include "two_layers_outputs.hpp"

#include <algorithm>
#include <cmath>

#include "neuron.hpp"
#include "unit_walk.hpp"
#include "units.hpp"

namespace fieldscan::theory {

namespace two_layer_answers {
namespace {

constexpr Index test_tile = 64;
constexpr Index rule_nodes = 7;      ///< over what a test point's pre-activation has beside the training points'
constexpr double least_own = 1e-10;  ///< of that, in units of its variance

/// φ, φ′, φ″, φ² of the second layer's units at test points, averaged over what the training points leave open [M × n].
struct TestUnits {
  Matrix first;  ///< φ of the first layer [M × n]
  Matrix value, slope, curvature, square;
};

TestUnits test_units(const TwoLayerProblem& problem, const TwoLayers& state, const TwoLayerViews& views,
                     const Matrix& test) {
  const auto& activation = problem.spec.activation;
  const double weight = problem.spec.weight_variance.at(1), bias = problem.spec.bias_variance.at(1);
  const double mean = 1 / static_cast<double>(views.first.rows());
  TestUnits out{.first = features(activation, state.first, test)};
  const Matrix cross = (weight * mean * (views.first.transpose() * out.first)).array() + bias;
  const Vector whole = (weight * mean * out.first.colwise().squaredNorm().transpose()).array() + bias;
  const Matrix half = state.inverse_root * cross;
  const Vector own =
      (whole - half.colwise().squaredNorm().transpose()).cwiseMax(least_own * whole).cwiseMax(1e-300).cwiseSqrt();
  const Matrix centre = state.second * half;
  out.value = out.slope = out.curvature = out.square = Matrix::Zero(centre.rows(), centre.cols());
  const ProductRule rule = gauss_rule(rule_nodes);
  for (Index k = 0; k < rule_nodes; ++k) {
    const double node = rule.node[k], share = rule.weight[k];
    Matrix value = centre.rowwise() + node * own.transpose(), slope(centre.rows(), centre.cols());
    network::value_and_derivative(activation, span_of(value), span_of(value), span_of(slope));
    out.value += share * value;
    out.square += share * value.cwiseAbs2();
    out.slope += share * slope;
    out.curvature += share * node * slope * own.cwiseInverse().asDiagonal();  // ⟨φ″⟩ = ⟨φ′ξ⟩/own
  }
  return out;
}

/// q between training points [pairs × n], between them and x [P × n], at x [n].
struct PullOfSource {
  Matrix train, cross;
  Vector own;
};

PullOfSource pull_of_source(const TwoLayerProblem& problem, const TwoLayers& state, const TwoLayerEquations& at,
                            const TestUnits& units) {
  const TwoLayerViews& v = at.views;
  const double b = state.sampled_by, scale = problem.pull_scale() / static_cast<double>(v.score.size());
  const Matrix scored = b * v.score.asDiagonal() * units.value;
  PullOfSource out;
  out.train = at.second_pairs.transpose() * scored + 2 * b * at.slope_pairs.transpose() * scored;
  const Matrix curved = b * state.t.asDiagonal() * (v.curvature.transpose() * units.value);
  for (Index a = 0; a < at.pairs.points; ++a) out.train.row(at.pairs.diagonal(a)) += curved.row(a);
  out.train *= scale;
  out.cross = scale * state.t.asDiagonal() * (v.slope.transpose() * (v.force.asDiagonal() * units.slope));
  out.own = scale * b * (units.curvature.transpose() * v.score);
  return out;
}

struct Tile {
  const TwoLayerProblem& problem;
  const TwoLayers& state;
  const TwoLayerEquations& at;
  const Vector& last;  ///< the step (δt, δA) that is left

  /// Mean and variance at test points [n].
  void write(const Matrix& test, Eigen::Ref<Vector> mean, Eigen::Ref<Vector> variance) const {
    const TwoLayerViews& v = at.views;
    const Index points = at.pairs.points, count = at.pairs.count();
    const TestUnits units = test_units(problem, state, v, test);
    const double b = state.sampled_by, readout = problem.spec.readout_variance;
    const double per = 1 / static_cast<double>(v.score.size()), per_first = 1 / static_cast<double>(v.first.rows());
    const Vector output = per * (units.value.transpose() * v.score);  // f̄/σ_a²
    const Vector weight = 1 + b * v.score.array().square();
    const Matrix cross = readout * (per * (v.second.transpose() * (weight.asDiagonal() * units.value)) -
                                    b * at.pull * output.transpose());
    const Vector own = readout * (per * (units.square.transpose() * weight) - b * output.cwiseAbs2());
    const PullOfSource q = pull_of_source(problem, state, at, units);
    Matrix with_x = 2 * units.first.cwiseProduct(v.first * q.cross) + units.first.cwiseAbs2() * q.own.asDiagonal();
    with_x.rowwise() -= Vector(with_x.colwise().mean()).transpose();
    const Vector twice = at.pairs.multiplicity();
    const Matrix psi = at.first_pairs * (twice.asDiagonal() * q.train) + with_x;
    Matrix source(points + count, test.rows());
    source << cross, -q.train;
    source += at.by_covariance(state.inverse_root, 0.5 * problem.spec.weight_variance.at(1) * per_first *
                                                       (at.first_pairs.transpose() * with_x));
    const Matrix answer = -at.jacobian.solve(source);
    const double fold = readout / (4 * b * problem.ratio) * per_first;
    const Matrix moved = at.first_pairs * (twice.asDiagonal() * answer.bottomRows(count)) + with_x;
    variance = own + cross.cwiseProduct(answer.topRows(points)).colwise().sum().transpose() +
               fold * psi.cwiseProduct(moved).colwise().sum().transpose();
    const Vector drift = at.first_pairs * twice.cwiseProduct(last.tail(count));
    mean = readout * output + cross.transpose() * last.head(points) + fold * (psi.transpose() * drift);
  }
};

}  // namespace
}  // namespace two_layer_answers

TwoLayerOutputs two_layer_outputs(const TwoLayerProblem& problem, const TwoLayers& state, const TwoLayerEquations& at,
                                  const Matrix& test) {
  using namespace two_layer_answers;
  const Index points = at.pairs.points, count = test.rows();
  const Vector last = -at.jacobian.solve(at.residual);
  const Tile tile{problem, state, at, last};
  TwoLayerOutputs out{.mean = Vector(count), .variance = Vector(count)};
  for (Index first = 0; first < count; first += test_tile) {
    const Index n = std::min(test_tile, count - first);
    tile.write(test.middleRows(first, n), out.mean.segment(first, n), out.variance.segment(first, n));
  }
  Matrix shift = Matrix::Zero(points + at.pairs.count(), points);
  shift.topRows(points).setIdentity();
  const double by_label = Matrix(at.jacobian.solve(shift)).topRows(points).trace(),
               per = 1 / static_cast<double>(points);
  out.error_train = std::pow(problem.ridge, 2) * per * (state.t + last.head(points)).squaredNorm();
  out.variance_train = problem.ridge * (1 - problem.ridge * per * by_label);
  return out;
}

}  // namespace fieldscan::theory
