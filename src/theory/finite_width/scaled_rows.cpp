#include "scaled_rows.hpp"

#include <cmath>
#include <limits>
#include <numbers>

#include "fieldscan/theory/regression/gp.hpp"

namespace fieldscan::theory {

ScaledPosterior scaled_posterior(const ScaledKernel& kernel, const ScaleMixture& mixture) {
  const Index modes = kernel.value.size(), scales = mixture.scale.size();
  Vector explained = Vector::Zero(modes);  // E[Q²/(Qλ + κ)]
  Matrix weights(modes, scales);           // Q y/(Qλ + κ): the mean at each Q in the eigenvectors
  const auto label = data::one_output(kernel.label);
  ScaledPosterior out{.mean = {}, .variance = {}, .error_train = kernel.left};
  double mean_scale = 0;
  for (Index j = 0; j < scales; ++j) {
    const double q = mixture.scale[j], weight = mixture.weight[j];
    const Vector share = q * (q * kernel.value.array() + kernel.ridge).inverse();
    weights.col(j) = share.cwiseProduct(label);
    explained += weight * q * share;
    mean_scale += weight * q;
    const ScaleForces forces = scale_forces(kernel, q);
    out.pull += weight * forces.pull;
    out.trace += weight * forces.trace;
    const double residual = (kernel.ridge / q * weights.col(j)).squaredNorm();
    out.error_train += weight * (residual + kernel.ridge * forces.trace / kernel.chi);
  }
  out.error_train /= static_cast<double>(kernel.points());
  const Matrix each = kernel.cross.transpose() * weights;  // [P* × scales]
  const Vector mean = each * mixture.weight;
  out.mean = mean;
  const Vector prior = mean_scale * kernel.diagonal;
  const Vector within = prior - kernel.cross.cwiseAbs2().transpose() * explained;
  const double condition =
      kernel.value.size() > 0 ? 1 + mean_scale * kernel.value[0] / std::max(kernel.ridge, 1e-300) : 1;
  const double rounding = std::numeric_limits<double>::epsilon() * std::sqrt(static_cast<double>(modes) * condition);
  out.variance = clip_variance(within, prior, std::clamp(100 * rounding, 1e-10, 1e-2)) / kernel.chi;
  out.variance += (each.colwise() - mean).cwiseAbs2() * mixture.weight;
  return out;
}

ScaledPosterior scaled_posterior(const ScaledKernel& kernel, const ScaleMatrix& matrix) {
  const OutputsPosterior outputs = outputs_posterior(kernel, matrix);
  ScaledPosterior out{.mean = outputs.mean, .variance = Vector(outputs.mean.rows()), .error_train = kernel.left};
  for (Index i = 0; i < out.variance.size(); ++i)
    out.variance[i] = outputs.covariance[static_cast<std::size_t>(i)].trace();
  // In the eigenvectors of the matrix the outputs are regressions of their own.
  const Matrix rotated = kernel.label * matrix.rotation;
  for (Index c = 0; c < rotated.cols(); ++c) {
    const Vector total = matrix.value[c] * kernel.value.array() + kernel.ridge;
    const Vector share = matrix.value[c] * kernel.value.cwiseQuotient(total);
    const Vector alpha = rotated.col(c).cwiseQuotient(total);
    out.pull += kernel.chi * share.dot(rotated.col(c).cwiseProduct(alpha));
    out.trace += share.sum();
    out.error_train += (kernel.ridge * alpha).squaredNorm();
  }
  out.error_train = (out.error_train + kernel.ridge * out.trace / kernel.chi) / static_cast<double>(kernel.points());
  return out;
}

void write_posterior(Writer& writer, const ScaledPosterior& posterior, const data::Draw& draw) {
  const double error_mean = writer.predictor(posterior.mean, draw), variance = posterior.variance.mean();
  writer.row(Observable::variance_posterior, variance);
  writer.row(Observable::error_test, error_mean + variance);
  writer.row(Observable::error_train, posterior.error_train);
}

void write_evidence(Writer& writer, const ScaledKernel& kernel, double log_evidence) {
  if (!(kernel.ridge > 0) && kernel.value.size() < kernel.points()) return;
  const auto numbers = static_cast<double>(kernel.points() * kernel.label.cols());
  writer.row(Observable::log_evidence, log_evidence + 0.5 * numbers * std::log(kernel.chi / (2 * std::numbers::pi)));
}

std::vector<double> widths_of(const PerLayer<int>& width, int depth) {
  std::vector<double> out;
  for (int l = 0; l < depth; ++l) out.push_back(width.at(static_cast<std::size_t>(l)));
  return out;
}

}  // namespace fieldscan::theory
