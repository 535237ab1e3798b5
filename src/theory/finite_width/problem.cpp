#include "fieldscan/theory/finite_width/problem.hpp"

#include "fieldscan/core/linear_algebra.hpp"

namespace fieldscan::theory {

Problem problem_of(const KernelSpec& spec, const data::Draw& draw) {
  return {.train = nngp_kernel(spec, draw.train.x),
          .cross = nngp_kernel(spec, draw.train.x, draw.test.x),
          .diagonal = kernel_diagonal(spec, draw.test.x).nngp};
}

Expansion expansion_of(Matrix kernel, const MatrixView& labels, double ridge, double chi, double width) {
  const auto points = static_cast<double>(kernel.rows());
  const Factor f = factor(std::move(kernel), ridge);
  const Matrix t = f.solve(Matrix(labels));
  const double used = ridge + f.jitter;
  // K t = y − κ t and tr GK = P − κ tr G: no product of matrices.
  return {.signal = chi / width * t.cwiseProduct(labels - used * t).sum(),
          .trace = (points - used * f.inverse_diagonal().sum()) / width};
}

}  // namespace fieldscan::theory
