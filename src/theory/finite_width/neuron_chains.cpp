#include "neuron_chains.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "fieldscan/core/solve/solved.hpp"
#include "neuron.hpp"
#include "unit_walk.hpp"

namespace fieldscan::theory {

namespace {

constexpr double change_per_step = 0.02;    ///< variance of the logarithm of the weights, from one b to the next
constexpr int most_annealing_steps = 2000;  ///< of b
constexpr double least_effective = 0.02;    ///< share of the chains
constexpr int sweeps_per_sample = 2;

/// The density p_0(z) exp((b/2)|t·φ|²).
struct Density {
  const network::ActivationChoice& activation;
  const Matrix& inputs;  ///< x̃ [P × r]
  double strength = 0;   ///< b
  Matrix t;              ///< [P × C]
};
/// t at the training points.
Matrix at_points(const SaddleProblem& problem, const Matrix& t) {
  return problem.basis.size() > 0 ? Matrix(problem.basis * t) : t;
}

/// (b/2)|s|² and its gradient.
Tilt tilt(const Density& density, const Matrix& z) {
  Matrix feature = z * density.inputs.transpose(), slope(z.rows(), density.inputs.rows());
  network::value_and_derivative(density.activation, span_of(feature), span_of(feature), span_of(slope));
  const Matrix score = feature * density.t;
  slope.array() *= (density.strength * score * density.t.transpose()).array();
  return {.value = 0.5 * density.strength * score.rowwise().squaredNorm(), .gradient = slope * density.inputs};
}

double effective_share(const Vector& log_weight) {
  const Vector weight = (log_weight.array() - log_weight.maxCoeff()).exp();
  return weight.sum() * weight.sum() / weight.squaredNorm() / static_cast<double>(weight.size());
}

double weighted_deviation(const Vector& log_weight, const Vector& value) {
  Vector weight = (log_weight.array() - log_weight.maxCoeff()).exp();
  weight /= weight.sum();
  const double mean = weight.dot(value);
  return std::sqrt(weight.dot((value.array() - mean).square().matrix()));
}

/// b rises from 0 to its value; `density` and t end there. Returns the logarithm of the chains' weights under it.
Vector anneal(const SaddleProblem& problem, Walk& walk, Density& density, Matrix& t) {
  Vector log_weight = Vector::Zero(walk.z.rows());
  for (int step = 0; density.strength < problem.strength; ++step) {
    Population at{
        .z = {}, .log_weight = {}, .feature = seen_features(problem, density.activation, walk.z, density.inputs)};
    const Vector square = 0.5 * (at.feature * t).rowwise().squaredNorm();
    const double spread = weighted_deviation(log_weight, square);
    const double next =
        std::min(problem.strength, density.strength + std::sqrt(change_per_step) / std::max(spread, 1e-300));
    at.log_weight = log_weight - density.strength * square;
    SaddleProblem there = problem;
    there.strength = next;
    t = find_saddle(there, at, t, 1e-4).t;
    density.t = at_points(problem, t);
    log_weight = at.log_weight + 0.5 * next * (at.feature * t).rowwise().squaredNorm();
    density.strength = next;
    walk.move([&](const Matrix& z) { return tilt(density, z); });
    if (step > most_annealing_steps || effective_share(log_weight) < least_effective)
      throw solve::NotConverged(fmt::format(
          "kernel adaptation: at b = {:.3g} of {:.3g} the weights of {} chains are those of {:.1f}; raise `samples` or the "
          "ridge, or lower chi",
          next, problem.strength, walk.z.rows(), effective_share(log_weight) * static_cast<double>(walk.z.rows())));
  }
  return log_weight;
}

/// z in all dimensions: `within` [M × r] along the orthonormal `basis` [D × r], the rest from the prior.
Matrix completed(const Matrix& within, const Matrix& basis, const Stream& stream) {
  Matrix rest(within.rows(), basis.rows());
  stream.normals(span_of(rest));
  return rest + (within - rest * basis) * basis.transpose();
}

}  // namespace

Adaptation adapt_by_chains(const network::ActivationChoice& activation, const Matrix& inputs,
                           const SaddleProblem& problem, const Matrix& start, Index samples, const Stream& stream) {
  const Index points = inputs.rows(), dimension = inputs.cols(),
              chains = std::max<Index>(samples / samples_per_chain, 1);
  const bool wide = dimension > points;
  Matrix basis, reduced = inputs;
  if (wide) {
    basis = Eigen::HouseholderQR<Matrix>(inputs.transpose()).householderQ() * Matrix::Identity(dimension, points);
    reduced = inputs * basis;
  }
  Walk walk{.stream = stream, .z = Matrix(chains, reduced.cols())};
  stream.at(0, 0).normals(span_of(walk.z));
  Matrix t = start;
  Density density{.activation = activation, .inputs = reduced, .strength = 0, .t = at_points(problem, t)};
  const Vector log_weight = anneal(problem, walk, density, t);
  const Index count = chains * samples_per_chain;
  Matrix within(count, reduced.cols());
  for (Index k = 0; k < samples_per_chain; ++k) {
    for (int sweep = 0; sweep < sweeps_per_sample; ++sweep)
      walk.move([&](const Matrix& z) { return tilt(density, z); });
    for (Index m = 0; m < chains; ++m) within.row(m * samples_per_chain + k) = walk.z.row(m);
  }
  Adaptation out{.population = {.z = {},
                                .log_weight = Vector(count),
                                .feature = seen_features(problem, activation, within, reduced),
                                .chain = samples_per_chain},
                 .saddle = {}};
  const Vector tilted = 0.5 * problem.strength * (out.population.feature * t).rowwise().squaredNorm();
  for (Index m = 0; m < count; ++m) out.population.log_weight[m] = log_weight[m / samples_per_chain] - tilted[m];
  out.saddle = find_saddle(problem, out.population, t);
  out.population.z = wide ? completed(within, basis, stream.at(0, 3)) : std::move(within);
  return out;
}

}  // namespace fieldscan::theory
