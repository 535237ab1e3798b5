#include "fieldscan/theory/finite_width/scaled_kernel.hpp"

#include <cmath>
#include <limits>

#include "fieldscan/core/linear_algebra.hpp"

namespace fieldscan::theory {

namespace {

/// ε P λ_max: an eigenvalue up to it is zero as far as double precision knows.
double rounding_of(const Vector& descending) {
  return std::numeric_limits<double>::epsilon() * static_cast<double>(descending.size()) * std::max(descending[0], 0.0);
}

}  // namespace

Vector without_rounding(const Vector& descending) {
  return (descending.array() > rounding_of(descending)).select(descending, 0);
}

ScaledKernel scaled_kernel(Problem problem, const VectorView& labels, double ridge, double chi) {
  Eigenpairs pairs = eigenpairs(std::move(problem.train));
  const Index kept = (pairs.values.array() > rounding_of(pairs.values)).count();
  const Index rank = ridge > 0 ? labels.size() : kept;
  ScaledKernel out{.value = without_rounding(pairs.values).head(rank),
                   .vectors = rank == labels.size() ? std::move(pairs.vectors) : Matrix(pairs.vectors.leftCols(rank)),
                   .label = {},
                   .cross = {},
                   .diagonal = std::move(problem.diagonal),
                   .ridge = ridge,
                   .chi = chi};
  out.label = out.vectors.transpose() * labels;
  out.cross = out.vectors.transpose() * problem.cross;
  if (kept < rank) out.cross.bottomRows(rank - kept).setZero();  // K_X* lies in the range of K
  out.left = rank == labels.size() ? 0 : std::max(0.0, labels.squaredNorm() - out.label.squaredNorm());
  return out;
}

double scaled_kernel_bytes(double points, double test_points) {
  // The eigenvectors with LAPACK's workspace, K_X* twice, once in the eigenvectors.
  return 8 * (4 * points * points + 3 * points * test_points);
}

ScaleForces scale_forces(const ScaledKernel& kernel, double scale) {
  ScaleForces out;
  for (Index k = 0; k < kernel.value.size(); ++k) {
    const double learned = scale * kernel.value[k], share = learned / (learned + kernel.ridge);
    out.pull += kernel.chi * kernel.label[k] * kernel.label[k] * share / (learned + kernel.ridge);
    out.trace += share;
  }
  return out;
}

double scale_energy(const ScaledKernel& kernel, double scale) {
  const Eigen::ArrayXd total = scale * kernel.value.array() + kernel.ridge;
  return 0.5 * (kernel.chi * (kernel.label.array().square() / total).sum() + total.log().sum());
}

}  // namespace fieldscan::theory
