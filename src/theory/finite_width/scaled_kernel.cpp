#include "fieldscan/theory/finite_width/scaled_kernel.hpp"

#include <cmath>
#include <limits>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/theory/regression/gp.hpp"

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

ScaledKernel scaled_kernel(Problem problem, const MatrixView& labels, double ridge, double chi) {
  Eigenpairs pairs = eigenpairs(std::move(problem.train));
  const Index kept = (pairs.values.array() > rounding_of(pairs.values)).count();
  const Index points = labels.rows(), rank = ridge > 0 ? points : kept;
  ScaledKernel out{.value = without_rounding(pairs.values).head(rank),
                   .vectors = rank == points ? std::move(pairs.vectors) : Matrix(pairs.vectors.leftCols(rank)),
                   .label = {},
                   .cross = {},
                   .diagonal = std::move(problem.diagonal),
                   .ridge = ridge,
                   .chi = chi};
  out.label = transposed_times(out.vectors, labels);
  out.cross = out.vectors.transpose() * problem.cross;
  if (kept < rank) out.cross.bottomRows(rank - kept).setZero();  // K_X* lies in the range of K
  if (rank == points) return out;
  for (Index c = 0; c < labels.cols(); ++c)
    out.left += std::max(0.0, labels.col(c).squaredNorm() - out.label.col(c).squaredNorm());
  return out;
}

double scaled_kernel_bytes(double points, double test_points) {
  // The eigenvectors with LAPACK's workspace, K_X* twice, once in the eigenvectors.
  return 8 * (4 * points * points + 3 * points * test_points);
}

ScaleForces scale_forces(const ScaledKernel& kernel, double scale) {
  ScaleForces out;
  for (Index c = 0; c < kernel.label.cols(); ++c) {
    const auto label = kernel.label.col(c);
    for (Index k = 0; k < kernel.value.size(); ++k) {
      const double learned = scale * kernel.value[k], share = learned / (learned + kernel.ridge);
      out.pull += kernel.chi * label[k] * label[k] * share / (learned + kernel.ridge);
      out.trace += share;
    }
  }
  return out;
}

double scale_energy(const ScaledKernel& kernel, double scale) {
  const Eigen::ArrayXd total = scale * kernel.value.array() + kernel.ridge;
  double energy = 0;
  for (const auto& label : kernel.label.colwise())
    energy += 0.5 * (kernel.chi * (label.array().square() / total).sum() + total.log().sum());
  return energy;
}

}  // namespace fieldscan::theory
