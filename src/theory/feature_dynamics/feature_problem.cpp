#include "fieldscan/theory/feature_dynamics/feature_problem.hpp"

#include <cmath>

#include "fieldscan/core/linear_algebra.hpp"

namespace fieldscan::theory {

namespace {

constexpr double diverged_above = 1e4;  ///< as the trainers have it unless they are told otherwise
constexpr double rounding = 1e-20;      ///< of a loss, where all labels are zero
constexpr double no_direction = 1e-13;  ///< eigenvalues below this share of the largest are rounding

/// √(σ_w²/d) x, and σ_b as one more coordinate.
Matrix inputs_of(const KernelSpec& spec, const MatrixView& x) {
  const double bias = spec.bias_variance.at(0);
  Matrix out(x.rows(), x.cols() + (bias > 0 ? 1 : 0));
  out.leftCols(x.cols()) = std::sqrt(spec.weight_variance.at(0) / static_cast<double>(x.cols())) * x;
  if (bias > 0) out.col(x.cols()).setConstant(std::sqrt(bias));
  return out;
}

/// Fewer normals than inputs have: the training points' own directions, and what a test point has beside them.
void reduce_roots(FeatureProblem& problem) {
  const Eigenpairs pairs = eigenpairs(problem.kernel);
  Index rank = 0;
  while (rank < pairs.values.size() && pairs.values[rank] > no_direction * pairs.values[0]) ++rank;
  const Vector root = pairs.values.head(rank).cwiseSqrt();
  const Vector diagonal = problem.test_root.rowwise().squaredNorm();
  problem.train_root = pairs.vectors.leftCols(rank) * root.asDiagonal();
  problem.test_root = problem.cross.transpose() * pairs.vectors.leftCols(rank) * root.cwiseInverse().asDiagonal();
  problem.test_own = (diagonal - problem.test_root.rowwise().squaredNorm()).cwiseMax(0).cwiseSqrt();
}

}  // namespace

DescentMemory memory_of(const DescentSteps& descent, Index steps) {
  DescentMemory out{.start = Vector::Ones(steps + 1), .after = Vector::Zero(steps + 1)};
  double start_velocity = 0, velocity = 1;
  for (Index n = 1; n <= steps; ++n) {
    if (n > 1) velocity = descent.momentum * velocity - descent.pull * out.after[n - 1];
    out.after[n] = out.after[n - 1] + velocity;
    if (descent.anchor == dynamics::Anchor::initial) continue;
    start_velocity = descent.momentum * start_velocity - descent.pull * out.start[n - 1];
    out.start[n] = out.start[n - 1] + start_velocity;
  }
  return out;
}

FeatureProblem feature_problem(const KernelSpec& spec, double richness, const DescentSteps& descent,
                               const data::Draw& draw) {
  FeatureProblem out{.spec = spec,
                     .train_root = inputs_of(spec, draw.train.x),
                     .test_root = inputs_of(spec, draw.test.x),
                     .test_own = {},
                     .kernel = {},
                     .cross = {},
                     .label = data::one_output(draw.train.label),
                     .scale = richness / std::sqrt(spec.readout_variance),
                     .descent = descent};
  out.kernel = out.train_root * out.train_root.transpose();
  out.cross = out.train_root * out.test_root.transpose();
  if (out.train_root.cols() > out.train_root.rows()) reduce_roots(out);
  return out;
}

FeatureState without_bias(const FeatureState& all, const FeatureState& first, const FeatureState& second) {
  FeatureState out{.train = 2 * all.train - 0.5 * (first.train + second.train),
                   .test = 2 * all.test - 0.5 * (first.test + second.test),
                   .tangent = 2 * all.tangent - 0.5 * (first.tangent + second.tangent),
                   .hidden = {}};
  for (std::size_t l = 0; l < all.hidden.size(); ++l)
    out.hidden.push_back(2 * all.hidden[l] - 0.5 * (first.hidden[l] + second.hidden[l]));
  return out;
}

double instability(const Matrix& tangent, const DescentSteps& descent) {
  return (descent.step * eigenvalues(tangent)[0] + descent.pull) / (2 * (1 + descent.momentum));
}

bool has_diverged(const Vector& residual, const Vector& label) {
  return !(residual.squaredNorm() <= diverged_above * label.squaredNorm() + rounding);
}

}  // namespace fieldscan::theory
