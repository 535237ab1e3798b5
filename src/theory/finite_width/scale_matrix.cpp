#include "fieldscan/theory/finite_width/scale_matrix.hpp"

#include <cmath>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/solve/fixed_point.hpp"

namespace fieldscan::theory {

namespace {

/// The force on log Q in Q's eigenvectors, [C × C]; with labels rotated there [R × C].
Matrix force_on(const ScaledKernel& kernel, const MatrixView& labels, const VectorView& scale, TraceTerm trace) {
  const Index outputs = scale.size();
  Matrix force = Matrix::Zero(outputs, outputs);
  Matrix weights(labels.rows(), outputs);  // √(λ_k q_c) y_kc/(λ_k q_c + κ)
  for (Index c = 0; c < outputs; ++c) {
    const Eigen::ArrayXd learned = scale[c] * kernel.value.array(), total = learned + kernel.ridge;
    weights.col(c) = learned.sqrt() * labels.col(c).array() / total;
    if (trace == TraceTerm::kept) force(c, c) = -(learned / total).sum();
  }
  force += kernel.chi * weights.transpose() * weights;
  return force;
}

/// Σ_l log(1 + g/N_l) of the eigenvalues g; those that would make a layer negative are held at a small scale.
double log_scale(double force, const std::vector<double>& widths) {
  double sum = 0;
  for (const double width : widths) sum += std::log(std::max(1 + force / width, 1e-3));
  return sum;
}

Matrix exponential(const Eigenpairs& pairs) {
  return pairs.vectors * pairs.values.array().exp().matrix().asDiagonal() * pairs.vectors.transpose();
}

double action_of(const ScaledKernel& kernel, const MatrixView& rotated, const VectorView& scale,
                 const std::vector<double>& widths, TraceTerm trace) {
  double action = 0;
  for (Index c = 0; c < scale.size(); ++c) {
    const Eigen::ArrayXd total = scale[c] * kernel.value.array() + kernel.ridge;
    action += 0.5 * (kernel.chi * (rotated.col(c).array().square() / total).sum() + total.log().sum());
  }
  // At the solution the force is diagonal with the layers'.
  const Vector forces = force_on(kernel, rotated, scale, trace).diagonal();
  for (const double force : forces)
    for (const double width : widths) {
      const double q = 1 + force / width;
      action += width / 2 * (q - std::log(q));
    }
  return action;
}

}  // namespace

ScaleMatrix scale_matrix(const ScaledKernel& kernel, const std::vector<double>& widths, TraceTerm trace) {
  const Matrix& labels = kernel.label;
  const Index outputs = labels.cols();
  const auto map = [&](const Vector& log_matrix) -> Vector {
    const Eigenpairs now = eigenpairs(log_matrix.reshaped(outputs, outputs));
    const Vector scale = now.values.array().exp();
    const Eigenpairs force = eigenpairs(force_on(kernel, labels * now.vectors, scale, trace));
    const Vector next = force.values.unaryExpr([&](double g) { return log_scale(g, widths); });
    const Matrix vectors = now.vectors * force.vectors;
    const Matrix moved = vectors * next.asDiagonal() * vectors.transpose();
    return moved.reshaped();
  };
  const auto solved =
      solve::fixed_point(map, Vector::Zero(outputs * outputs), {.tolerance = 1e-11, .steps = 2000, .mixing = 0.5});
  const Eigenpairs pairs = eigenpairs(solve::found(solved, "the scales of the outputs").reshaped(outputs, outputs));
  ScaleMatrix out{.scale = exponential(pairs),
                  .value = pairs.values.array().exp(),
                  .rotation = pairs.vectors,
                  .residual = solved.residual};
  out.action = action_of(kernel, labels * out.rotation, out.value, widths, trace);
  return out;
}

double leading_evidence(const ScaleMatrix& matrix, const std::vector<double>& widths) {
  double evidence = -matrix.action;
  for (const double width : widths) evidence += static_cast<double>(matrix.value.size()) * width / 2;
  return evidence;
}

OutputsPosterior outputs_posterior(const ScaledKernel& kernel, const ScaleMatrix& matrix) {
  const Index outputs = kernel.label.cols(), tests = kernel.cross.cols();
  const Matrix rotated = kernel.label * matrix.rotation;
  Matrix mean(tests, outputs), variance(tests, outputs);
  for (Index c = 0; c < outputs; ++c) {
    const double q = matrix.value[c];
    const Vector share = q * (q * kernel.value.array() + kernel.ridge).inverse();
    mean.col(c) = kernel.cross.transpose() * share.cwiseProduct(rotated.col(c));
    variance.col(c) = (q * kernel.diagonal - q * kernel.cross.cwiseAbs2().transpose() * share) / kernel.chi;
  }
  OutputsPosterior out{.mean = mean * matrix.rotation.transpose(), .covariance = {}};
  for (Index i = 0; i < tests; ++i)
    out.covariance.push_back(matrix.rotation * variance.row(i).asDiagonal() * matrix.rotation.transpose());
  return out;
}

}  // namespace fieldscan::theory
