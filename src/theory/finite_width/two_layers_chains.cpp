#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/solve/solved.hpp"
#include "neuron.hpp"
#include "neuron_chains.hpp"
#include "two_layers.hpp"
#include "unit_walk.hpp"

namespace fieldscan::theory {

namespace two_layer_chains {
namespace {

constexpr int sweeps_between = 2;
constexpr double longest_step = 0.5, last_step = 0.3;  ///< of t, relative
constexpr int most_last_steps = 6;
constexpr double nothing = 1e-10;  ///< eigenvalues of C that are rounding

/// V = ½ Σ_k sign_k (φ·u_k)² with φ at h = z·inputsᵀ.
struct QuadraticTilt {
  const network::ActivationChoice& activation;
  const Matrix& inputs;  ///< [P × r]
  Matrix vectors;        ///< u [P × k]
  Vector sign;           ///< [k]

  Tilt operator()(const Matrix& z) const {
    Matrix feature = z * inputs.transpose(), slope(z.rows(), inputs.rows());
    network::value_and_derivative(activation, span_of(feature), span_of(feature), span_of(slope));
    const Matrix score = feature * vectors;
    slope.array() *= ((score * sign.asDiagonal()) * vectors.transpose()).array();
    return {.value = 0.5 * score.cwiseAbs2() * sign, .gradient = slope * inputs};
  }
};

QuadraticTilt first_tilt(const TwoLayerProblem& problem, const Matrix& pull) {
  const Eigenpairs pairs = eigenpairs(pull);
  return {.activation = problem.spec.activation,
          .inputs = problem.inputs,
          .vectors = pairs.vectors * pairs.values.cwiseAbs().cwiseSqrt().asDiagonal(),
          .sign = pairs.values.cwiseSign()};
}

/// Moves the chains and stacks what they leave.
template <class TiltOf>
Matrix sampled(Walk& walk, const TiltOf& tilt, Index samples) {
  const Index chains = walk.z.rows();
  Matrix out(chains * samples, walk.z.cols());
  for (Index k = 0; k < samples; ++k) {
    for (int sweep = 0; sweep < sweeps_between; ++sweep) walk.move(tilt);
    out.middleRows(k * chains, chains) = walk.z;
  }
  return out;
}

/// The chains of both layers.
struct Chains {
  Walk first, second;
};

/// C = of_features + bias, and its roots: symmetric ones follow C without jumps, and so do the chains.
void set_covariance(Matrix of_features, double bias, TwoLayers& state) {
  of_features.array() += bias;
  const Eigenpairs pairs = eigenpairs(std::move(of_features));
  const double least = nothing * pairs.values[0];
  const Vector root = pairs.values.cwiseMax(0).cwiseSqrt();
  const Vector inverse = pairs.values.unaryExpr([&](double v) { return v > least ? 1 / std::sqrt(v) : 0.0; });
  state.root = pairs.vectors * root.asDiagonal() * pairs.vectors.transpose();
  state.inverse_root = pairs.vectors * inverse.asDiagonal() * pairs.vectors.transpose();
}

/// Samples of the first layer under A, then of the second under the C that they give.
void sample_layers(const TwoLayerProblem& problem, Chains& chains, Index samples, TwoLayers& state) {
  state.first = sampled(chains.first, first_tilt(problem, state.pull), samples);
  const Matrix feature = features(problem.spec.activation, state.first, problem.inputs);
  set_covariance(
      problem.spec.weight_variance.at(1) / static_cast<double>(feature.rows()) * (feature.transpose() * feature),
      problem.spec.bias_variance.at(1), state);
  const QuadraticTilt tilt{.activation = problem.spec.activation,
                           .inputs = state.root,
                           .vectors = std::sqrt(state.sampled_by) * state.t,
                           .sign = Vector::Ones(1)};
  sampled(chains.second, tilt, 1);
  state.second = sampled(chains.second, tilt, samples);
}

/// One step of Newton's method, at most half of t long; how long it is, relative to t.
double step_to_solution(const TwoLayerProblem& problem, TwoLayers& state) {
  const TwoLayerEquations at = equations_of(problem, state);
  const Index points = at.pairs.points;
  const Vector move = -at.jacobian.solve(at.residual);
  const double size = move.head(points).norm() / std::max(state.t.norm(), 1e-300);
  if (!(size < 1e6))
    throw solve::NotConverged(
        fmt::format("deep adaptation: at b = {:.3g} of {:.3g} the equations have no solution near the sampled units; "
                    "raise the ridge, or lower chi",
                    state.sampled_by, problem.strength));
  const double length = std::min(1.0, longest_step / std::max(size, 1e-300));
  state.t += length * move.head(points);
  state.pull += length * at.pairs.unpacked(move.tail(at.pairs.count()));
  return size;
}

}  // namespace
}  // namespace two_layer_chains

TwoLayers adapt_two_layers(const TwoLayerProblem& problem, Index count, const Stream& stream, std::uint32_t lane) {
  using namespace two_layer_chains;
  const Index points = problem.inputs.rows();
  Chains chains{.first = {.stream = stream, .z = Matrix(count, problem.inputs.cols()), .lane = lane},
                .second = {.stream = stream, .z = Matrix(count, points), .lane = lane + 3}};
  stream.at(0, lane).normals(span_of(chains.first.z));
  stream.at(0, lane + 3).normals(span_of(chains.second.z));
  TwoLayers state{.t = problem.start,
                  .pull = Matrix::Zero(points, points),
                  .first = {},
                  .second = {},
                  .root = {},
                  .inverse_root = {}};
  for (int step = 1; step <= problem.annealing; ++step) {
    state.sampled_by = problem.strength * step / problem.annealing;
    sample_layers(problem, chains, 2, state);
    step_to_solution(problem, state);
  }
  double size = longest_step;
  for (int step = 1; step <= most_last_steps; ++step) {
    sample_layers(problem, chains, samples_per_chain, state);
    if (step > 1 && size <= last_step) return state;
    size = state.residual = step_to_solution(problem, state);
  }
  throw solve::NotConverged(fmt::format(
      "deep adaptation: the equations leave a step of {:.2g} of t on {} samples; raise `samples` or the ridge, or lower "
      "chi",
      size, state.second.rows()));
}

}  // namespace fieldscan::theory
