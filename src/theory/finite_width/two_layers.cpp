#include "two_layers.hpp"

#include "fieldscan/core/solve/solved.hpp"
#include "neuron.hpp"
#include "unit_walk.hpp"

namespace fieldscan::theory {

namespace two_layer_equations {
namespace {

constexpr double difference = 1e-4;  ///< of φ″ from φ′

double mean_over(Index rows) { return 1 / static_cast<double>(rows); }

TwoLayerViews views_of(const TwoLayerProblem& problem, const TwoLayers& state) {
  const auto& activation = problem.spec.activation;
  Matrix h = state.second * state.root;
  TwoLayerViews out{.first = features(activation, state.first, problem.inputs),
                    .second = h,
                    .slope = h,
                    .curvature = h,
                    .score = {},
                    .force = {}};
  Matrix scratch(h.rows(), h.cols()), above = h.array() + difference, below = h.array() - difference;
  network::value_and_derivative(activation, span_of(h), span_of(out.second), span_of(out.slope));
  network::value_and_derivative(activation, span_of(above), span_of(scratch), span_of(above));
  network::value_and_derivative(activation, span_of(below), span_of(scratch), span_of(below));
  out.curvature = (above - below) / (2 * difference);
  out.score = out.second * state.t;
  out.force = state.sampled_by * (1 + state.sampled_by * out.score.array().square());
  return out;
}

/// Q of every sample by pairs: b(1 + b s²) g gᵀ + b s diag(t φ″), g = t φ′.
Matrix pull_pairs(const TwoLayers& state, const TwoLayerViews& views, const Matrix& slope_pairs, const Pairs& pairs) {
  Matrix out = views.force.asDiagonal() * slope_pairs;
  for (Index a = 0; a < pairs.points; ++a)
    out.col(pairs.diagonal(a)) += state.sampled_by * state.t[a] * views.score.cwiseProduct(views.curvature.col(a));
  return out;
}

/// ∂⟨Q⟩/∂t at fixed C [pairs × P].
Matrix pull_by_t(const TwoLayers& state, const TwoLayerEquations& at) {
  const TwoLayerViews& v = at.views;
  const double b = state.sampled_by, mean = mean_over(v.score.size());
  Matrix out = at.second_pairs.transpose() * (b * v.score.asDiagonal() * v.second) +
               at.slope_pairs.transpose() * (2 * b * b * v.score.asDiagonal() * v.second);
  const Matrix local = v.slope.transpose() * v.force.asDiagonal() * (v.slope * state.t.asDiagonal());  // φ′_a g_b
  const Matrix curved = b * state.t.asDiagonal() * (v.curvature.transpose() * v.second);
  const Vector own = b * (v.curvature.transpose() * v.score);
  for (Index a = 0; a < at.pairs.points; ++a) {
    for (Index c = 0; c <= a; ++c) {
      const Index pair = at.pairs.diagonal(a) - a + c;
      out(pair, a) += local(a, c);
      out(pair, c) += local(c, a);
    }
    out.row(at.pairs.diagonal(a)) += curved.row(a);
    out(at.pairs.diagonal(a), a) += own[a];
  }
  return mean * out;
}

/// Derivatives of ⟨φ s⟩ σ_a² and of −ν⟨Q⟩ by C in units of itself: covariances with zzᵀ/2.
Matrix by_white_covariance(const TwoLayerProblem& problem, const TwoLayers& state, const TwoLayerEquations& at) {
  const Index points = at.pairs.points;
  Matrix white = at.pairs.products(state.second);
  white.rowwise() -= Vector(white.colwise().mean()).transpose();
  Matrix out(points + at.pairs.count(), at.pairs.count());
  out.topRows(points) =
      problem.spec.readout_variance * ((at.views.score.asDiagonal() * at.views.second).transpose() * white);
  out.bottomRows(at.pairs.count()) = -problem.pull_scale() * (at.second_pairs.transpose() * white);
  return 0.5 * mean_over(white.rows()) * out * at.pairs.multiplicity().asDiagonal();
}

}  // namespace
}  // namespace two_layer_equations

Vector Pairs::packed(const MatrixView& symmetric) const {
  Vector out(count());
  for (Index a = 0, k = 0; a < points; ++a)
    for (Index c = 0; c <= a; ++c) out[k++] = symmetric(a, c);
  return out;
}

Matrix Pairs::unpacked(const Vector& packed) const {
  Matrix out(points, points);
  for (Index a = 0, k = 0; a < points; ++a)
    for (Index c = 0; c <= a; ++c) out(a, c) = out(c, a) = packed[k++];
  return out;
}

Matrix Pairs::products(const MatrixView& rows) const {
  Matrix out(rows.rows(), count());
  for (Index a = 0, k = 0; a < points; ++a)
    for (Index c = 0; c <= a; ++c) out.col(k++) = rows.col(a).cwiseProduct(rows.col(c));
  return out;
}

Vector Pairs::multiplicity() const {
  Vector out = Vector::Constant(count(), 2);
  for (Index a = 0; a < points; ++a) out[diagonal(a)] = 1;
  return out;
}

Matrix TwoLayerEquations::by_covariance(const Matrix& inverse_root, const Matrix& change) const {
  Matrix white(change.rows(), change.cols());
  for (Index k = 0; k < change.cols(); ++k)
    white.col(k) = pairs.packed(inverse_root * pairs.unpacked(change.col(k)) * inverse_root);
  return of_covariance * white;
}

TwoLayerEquations equations_of(const TwoLayerProblem& problem, const TwoLayers& state) {
  using namespace two_layer_equations;
  TwoLayerEquations out{.views = views_of(problem, state), .pairs = {state.t.size()}};
  const TwoLayerViews& v = out.views;
  const double readout = problem.spec.readout_variance, b = state.sampled_by;
  const double mean = mean_over(state.second.rows());
  const Index points = out.pairs.points, count = out.pairs.count();
  out.first_pairs = out.pairs.products(v.first);
  out.first_pairs.rowwise() -= Vector(out.first_pairs.colwise().mean()).transpose();
  out.slope_pairs = out.pairs.products(v.slope * state.t.asDiagonal());
  out.second_pairs = pull_pairs(state, v, out.slope_pairs, out.pairs);
  const Vector pull = out.second_pairs.colwise().mean();
  out.second_pairs.rowwise() -= pull.transpose();
  out.pull = mean * (v.second.transpose() * v.score);
  out.kernel = readout * mean * (v.second.transpose() * v.second);
  const Matrix scored = v.score.asDiagonal() * v.second;
  out.dressed = out.kernel + b * readout * (mean * (scored.transpose() * scored) - out.pull * out.pull.transpose());
  out.of_covariance = by_white_covariance(problem, state, out);
  const Matrix change = 0.5 * problem.spec.weight_variance.at(1) * mean_over(v.first.rows()) *
                        (out.first_pairs.transpose() * out.first_pairs) * out.pairs.multiplicity().asDiagonal();
  Matrix jacobian(points + count, points + count);
  jacobian.rightCols(count) = out.by_covariance(state.inverse_root, change);
  jacobian.bottomRightCorner(count, count).diagonal().array() += 1;
  jacobian.topLeftCorner(points, points) = out.dressed;
  jacobian.topLeftCorner(points, points).diagonal().array() += problem.ridge;
  jacobian.bottomLeftCorner(count, points) = -problem.pull_scale() * pull_by_t(state, out);
  out.residual.resize(points + count);
  out.residual.head(points) = problem.ridge * state.t - problem.label + readout * out.pull;
  out.residual.tail(count) = out.pairs.packed(state.pull) - problem.pull_scale() * pull;
  if (!jacobian.allFinite() || !out.residual.allFinite())
    throw solve::NotConverged(
        "deep adaptation: averages over sampled units are not finite; lower chi or raise the ridge");
  out.jacobian.compute(jacobian);
  return out;
}

}  // namespace fieldscan::theory
