#include "fieldscan/theory/regression/nngp.hpp"

#include <fmt/format.h>

#include "../applicability.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/theory/regression/gp.hpp"
#include "regression_rows.hpp"

namespace fieldscan::theory {

Applicability Nngp::applicability(const Setting& setting) const {
  const Applicability posterior = needs_posterior(setting);
  return posterior.applies ? needs_draw(setting) : posterior;
}

Nngp::Inputs Nngp::inputs(const Setting& setting) const {
  return {.kernel = kernel_spec(setting.network), .ridge = setting.ridge, .chi = setting.network.chi};
}

Result Nngp::predict(const Inputs& inputs, const data::Draw& draw) const {
  const auto &x = draw.train.x, &test = draw.test.x;
  require_memory(bytes(static_cast<double>(x.rows()), static_cast<double>(test.rows()), static_cast<double>(x.cols()),
                       inputs.ridge),
                 fmt::format("regression on {} points", x.rows()));
  return posterior_rows(nngp_kernel(inputs.kernel, x), nngp_kernel(inputs.kernel, x, test),
                        kernel_diagonal(inputs.kernel, test).nngp, draw, inputs.ridge, inputs.chi);
}

double Nngp::bytes(double points, double test_points, double, double ridge) {
  return regression_bytes(points, test_points, ridge);
}

}  // namespace fieldscan::theory
