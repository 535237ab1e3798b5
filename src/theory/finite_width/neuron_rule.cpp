#include <cmath>
#include <vector>

#include "fieldscan/core/solve/solved.hpp"
#include "neuron.hpp"
#include "neuron_chains.hpp"

namespace fieldscan::theory {

namespace {

constexpr double most_rule_nodes = 4e5;
constexpr double rule_good = 1e-10, rule_enough = 1e-5;

/// Nodes of spacing h inside the ball |z| ≤ radius, in rows, with the logarithm of the normal density.
Population ball_nodes(Index dimension, double radius, double spacing) {
  const auto side = static_cast<Index>(std::floor(radius / spacing));
  std::vector<double> all;
  Vector at(dimension);
  Index total = 1;
  for (Index k = 0; k < dimension; ++k) total *= 2 * side + 1;
  for (Index cell = 0; cell < total; ++cell) {
    Index rest = cell;
    for (Index k = 0; k < dimension; ++k, rest /= 2 * side + 1)
      at[k] = spacing * static_cast<double>(rest % (2 * side + 1) - side);
    if (at.squaredNorm() <= radius * radius) all.insert(all.end(), at.begin(), at.end());
  }
  Population out{.z = {}, .log_weight = {}, .feature = {}, .chain = 0};
  out.z = Eigen::Map<const Matrix>(all.data(), dimension, static_cast<Index>(all.size()) / dimension).transpose();
  out.log_weight = -0.5 * out.z.rowwise().squaredNorm();
  return out;
}

/// Weight of the outermost tenth of the ball under p_t.
double weight_outside(const Adaptation& adaptation, double radius) {
  const Vector size = adaptation.population.z.rowwise().norm();
  return (size.array() > 0.9 * radius).select(adaptation.saddle.weight, 0.0).sum();
}

}  // namespace

Adaptation adapt_by_rule(const network::ActivationChoice& activation, const Matrix& inputs,
                         const SaddleProblem& problem, const Matrix& start) {
  const Index dimension = inputs.cols();
  double radius = 9, spacing = 0.6;
  bool refined = false;  // since the last time that t was found in this ball
  Matrix t = start;
  for (;;) {
    Adaptation out{.population = ball_nodes(dimension, radius, spacing), .saddle = {}};
    out.population.feature = features(activation, out.population.z, inputs);
    out.saddle = find_saddle(problem, out.population, t);
    const double change = problem.labels.isZero() ? 0.0 : (out.saddle.t - t).norm() / std::max(t.norm(), 1e-300);
    const bool cut = weight_outside(out, radius) > 1e-15;
    const bool known = refined && !cut;
    out.rule_error = change;
    if (known && change <= rule_good) return out;
    t = out.saddle.t;
    (cut ? radius : spacing) *= cut ? 1.4 : 1 / 1.5;
    refined = !cut;
    if (std::pow(2 * radius / spacing, static_cast<double>(dimension)) <= most_rule_nodes) continue;
    if (known && change <= rule_enough) return out;
    solve::give_up("the average over the weights of a neuron by equidistant nodes", change,
                   static_cast<int>(out.population.z.rows()));
  }
}

}  // namespace fieldscan::theory
