#include "fieldscan/theory/finite_width/problem.hpp"

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/theory/finite_width/scaled_kernel.hpp"

namespace fieldscan::theory {

Problem problem_of(const KernelSpec& spec, const data::Draw& draw) {
  return {.train = nngp_kernel(spec, draw.train.x),
          .cross = nngp_kernel(spec, draw.train.x, draw.test.x),
          .diagonal = kernel_diagonal(spec, draw.test.x).nngp};
}

namespace {

constexpr double small_ridge = 1e-7;  ///< of the trace: above it rounding changes less than one part in a million

}  // namespace

std::optional<FeatureSpan> few_features(const Matrix& kernel, double ridge) {
  if (!(ridge < small_ridge * kernel.trace())) return std::nullopt;
  const Eigenpairs pairs = eigenpairs(kernel);
  const Index rank = (without_rounding(pairs.values).array() > 0).count();
  if (rank == kernel.rows()) return std::nullopt;
  return FeatureSpan{.value = pairs.values.head(rank), .vectors = pairs.vectors.leftCols(rank)};
}

Expansion expansion_of(Matrix kernel, const MatrixView& labels, double ridge, double chi, double width) {
  if (const auto span = few_features(kernel, ridge)) {
    const Eigen::ArrayXd total = span->value.array() + ridge;
    const Vector pull = (span->vectors.transpose() * labels).rowwise().squaredNorm();
    return {.signal = chi / width * (span->value.array() * pull.array() / total.square()).sum(),
            .trace = (span->value.array() / total).sum() / width};
  }
  const auto points = static_cast<double>(kernel.rows());
  const Factor f = factor(std::move(kernel), ridge);
  const Matrix t = f.solve(Matrix(labels));
  const double used = ridge + f.jitter;
  // K t = y − κ t and tr GK = P − κ tr G: no product of matrices.
  return {.signal = chi / width * t.cwiseProduct(labels - used * t).sum(),
          .trace = (points - used * f.inverse_diagonal().sum()) / width};
}

}  // namespace fieldscan::theory
