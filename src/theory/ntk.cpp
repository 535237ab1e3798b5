#include "fieldscan/theory/ntk.hpp"

#include "applicability.hpp"
#include "fieldscan/theory/gp.hpp"
#include "rows.hpp"

namespace fieldscan::theory {

namespace {

/// Variance over initialisations, without 1/χ: means over the test and over the training points.
struct InitialVariance {
  double test = 0;
  double train = 0;
};

InitialVariance initial_variance(const Kernels& train, const Kernels& cross, const VectorView& diagonal,
                                 const Inverse& inverse, const Matrix& response) {
  const Matrix change = train.nngp * response - 2 * cross.nngp;
  const Vector test = diagonal + response.cwiseProduct(change).colwise().sum().transpose();
  // At the training points f − y = R (f₀ − y) with the symmetric R = 1 − Θ (Θ + κ)⁻¹.
  const Matrix residual = inverse.residual(Matrix::Identity(train.nngp.rows(), train.nngp.rows()));
  return {.test = clip_variance(test, diagonal, 1e-6).mean(),
          .train = (residual * train.nngp).cwiseProduct(residual).sum() / static_cast<double>(residual.rows())};
}

}  // namespace

Applicability NtkRegression::applicability(const Setting& setting) const {
  const Applicability descent = needs_regression(setting);
  return descent.applies ? needs_draw(setting) : descent;
}

NtkRegression::Inputs NtkRegression::inputs(const Setting& setting) const {
  const auto& network = setting.network;
  return {.kernel = kernel_spec(network),
          .ridge = setting.ridge,
          .chi = network.centred ? 1 : network.chi,
          .train = network.train,
          .centred = network.centred};
}

Result NtkRegression::predict(const Inputs& inputs, const data::Draw& draw) const {
  const Kernels train = kernels(inputs.kernel, draw.train.x);
  const Kernels cross = kernels(inputs.kernel, draw.train.x, draw.test.x);
  const Inverse inverse = invert(tangent_of(inputs.train, train), inputs.ridge);
  const Matrix response = inverse.solve(tangent_of(inputs.train, cross));
  Result result;
  Writer writer(result, equilibrium);
  const double error_mean = writer.predictor(response.transpose() * draw.train.label, draw);
  InitialVariance variance;
  if (!inputs.centred)
    variance = initial_variance(train, cross, kernel_diagonal(inputs.kernel, draw.test.x).nngp, inverse, response);
  writer.row(Observable::error_test, error_mean + variance.test / inputs.chi);
  const double residual =
      inverse.residual(draw.train.label).squaredNorm() / static_cast<double>(draw.train.label.size());
  writer.row(Observable::error_train, residual + variance.train / inputs.chi);
  writer.row(Observable::condition_number, inverse.condition);
  writer.row(Observable::jitter, inverse.jitter);
  return result;
}

}  // namespace fieldscan::theory
