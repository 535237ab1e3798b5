#include "fieldscan/theory/finite_width/scaled_kernel.hpp"

#include <cmath>
#include <limits>

#include "fieldscan/core/linear_algebra.hpp"

namespace fieldscan::theory {

ScaledKernel scaled_kernel(Problem problem, const VectorView& labels, double ridge, double chi) {
  Eigenpairs pairs = eigenpairs(std::move(problem.train));
  const double cut =
      std::numeric_limits<double>::epsilon() * static_cast<double>(labels.size()) * std::max(pairs.values[0], 0.0);
  const Index rank = ridge > 0 ? labels.size() : (pairs.values.array() > cut).count();
  ScaledKernel out{.value = pairs.values.head(rank).cwiseMax(0.0),
                   .vectors = rank == labels.size() ? std::move(pairs.vectors) : Matrix(pairs.vectors.leftCols(rank)),
                   .label = {},
                   .cross = {},
                   .diagonal = std::move(problem.diagonal),
                   .ridge = ridge,
                   .chi = chi};
  out.label = out.vectors.transpose() * labels;
  out.cross = out.vectors.transpose() * problem.cross;
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
