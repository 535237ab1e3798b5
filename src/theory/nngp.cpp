#include "fieldscan/theory/nngp.hpp"

#include <cmath>

#include "applicability.hpp"
#include "fieldscan/theory/gp.hpp"
#include "rows.hpp"

namespace fieldscan::theory {

Applicability Nngp::applicability(const Setting& setting) const {
  const Applicability posterior = needs_posterior(setting);
  return posterior.applies ? needs_draw(setting) : posterior;
}

Nngp::Inputs Nngp::inputs(const Setting& setting) const {
  return {.kernel = kernel_spec(setting.network), .ridge = setting.ridge, .chi = setting.network.chi};
}

Result Nngp::predict(const Inputs& inputs, const data::Draw& draw) const {
  const double points = static_cast<double>(draw.train.x.rows());
  const double ridge = inputs.ridge, chi = inputs.chi;
  const Regression r = regression(kernels(inputs.kernel, draw.train.x).nngp, ridge, draw.train.label,
                                  kernels(inputs.kernel, draw.train.x, draw.test.x).nngp,
                                  kernel_diagonal(inputs.kernel, draw.test.x).nngp);
  Result result;
  Writer writer(result, equilibrium);
  const double error_mean = writer.predictor(r.mean, draw);
  const double variance = r.variance.mean() / chi;
  writer.row(Observable::variance_posterior, variance);
  writer.row(Observable::error_test, error_mean + variance);
  // K − K A⁻¹ K = κ (1 − κ A⁻¹): no cancellation where κ is small.
  const double used = ridge + r.jitter;
  const double variance_train = used * (1 - used * r.inverse_diagonal.mean()) / chi;
  writer.row(Observable::error_train, r.residual.squaredNorm() / points + variance_train);
  writer.row(Observable::condition_number, r.condition);
  writer.row(Observable::jitter, r.jitter);
  if (r.kappa_eff) writer.row(Observable::kappa_eff, *r.kappa_eff);
  // Labels are N(0, (K + κI)/χ): both the prior and the noise of the likelihood carry 1/χ.
  if (r.log_evidence)
    writer.row(Observable::log_evidence,
               *r.log_evidence + 0.5 * (1 - chi) * draw.train.label.dot(r.alpha) + 0.5 * points * std::log(chi));
  return result;
}

}  // namespace fieldscan::theory
