#include "linear_adaptation.hpp"

#include <algorithm>
#include <cmath>

#include "applies.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/solve/root.hpp"
#include "fieldscan/theory/finite_width/scaled_kernel.hpp"

namespace fieldscan::theory {

namespace {

/// Q and t, from the eigenvalues of K.
struct ScaledLabels {
  double scale = 1;
  Vector t;
  double residual = 0;
};
ScaledLabels scaled_labels(const Matrix& kernel, const VectorView& labels, double ridge, double strength) {
  const Eigenpairs pairs = eigenpairs(kernel);
  const Vector value = without_rounding(pairs.values), label = pairs.vectors.transpose() * labels;
  const auto excess = [&](double scale) {
    const auto denominator = (scale * value.array() + ridge).square();
    return scale * (1 - strength * (value.array() * label.array().square() / denominator).sum()) - 1;
  };
  // Below the root Q tᵀK t (b/σ_a²) is Q − 1 at most; far above it tᵀK t falls as 1/Q².
  double high = 2;
  while (!(excess(high) > 0) && high < 1e300) high *= 2;
  const auto root = solve::root_between(excess, 1, high);
  const double scale = solve::found(root, "the scale of linear kernel adaptation");
  return {.scale = scale,
          .t = pairs.vectors * label.cwiseQuotient((scale * value.array() + ridge).matrix()),
          .residual = root.residual};
}

}  // namespace

LinearAdaptation adapt_linear(Problem problem, const Matrix& inputs, const data::Draw& draw, double ridge,
                              double strength, double chi) {
  // Directions that K does not see are left out where the ridge is no larger than its rounding.
  const auto span = few_features(problem.train, ridge);
  const auto points = static_cast<double>(draw.train.x.rows());
  require_one_output(draw,
                     "linear units are done by their scale alone, which is then a matrix: deep_linear, mean_field");
  const auto given = data::one_output(draw.train.label);
  Vector label = given;
  double left = 0;
  if (span) {
    label = span->vectors.transpose() * given;
    left = (given - span->vectors * label).squaredNorm();
    problem.train = span->value.asDiagonal();
    problem.cross = span->vectors.transpose() * problem.cross;
  }
  const auto [scale, t, residual] = scaled_labels(problem.train, label, ridge, strength);
  const Vector spike = problem.train * t, spike_test = problem.cross.transpose() * t;
  const double twice = 2 * strength * scale * scale;
  const Factor dressed = factor(scale * problem.train + twice * spike * spike.transpose(), ridge);
  const Matrix cross = scale * problem.cross + twice * spike * spike_test.transpose();
  const Vector of_points = span ? Vector(span->vectors * t) : t;
  LinearAdaptation out{.scale = scale,
                       .residual = residual,
                       .score = inputs.transpose() * of_points,
                       .kernel = problem.train + strength * scale * spike * spike.transpose(),
                       .outputs = {.mean = scale * spike_test,
                                   .variance = scale * problem.diagonal + twice * spike_test.cwiseAbs2() -
                                               dressed.half_solve(cross).colwise().squaredNorm().transpose()}};
  if (span) out.kernel = span->vectors * out.kernel * span->vectors.transpose();
  out.outputs.variance_mean.value = out.outputs.variance.mean();
  out.outputs.error_test.value =
      (out.outputs.mean - draw.test.target).squaredNorm() / static_cast<double>(out.outputs.mean.rows()) +
      out.outputs.variance_mean.value / chi;
  const double seen = static_cast<double>(t.size()) / points;
  const double variance_train = ridge * seen * (1 - ridge * dressed.inverse_diagonal().mean());
  out.outputs.error_train.value = std::pow(ridge, 2) * t.squaredNorm() / points + left / points + variance_train / chi;
  return out;
}

}  // namespace fieldscan::theory
