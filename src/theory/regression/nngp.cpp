#include "fieldscan/theory/regression/nngp.hpp"

#include <fmt/format.h>

#include "../applicability.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/effort.hpp"
#include "fieldscan/theory/regression/gp.hpp"
#include "regression_rows.hpp"

namespace fieldscan::theory {

static_assert(Theory<Nngp>);

const Card Nngp::card = {.formula = "f̄ = K_*X (K + κI)⁻¹ y, variance (K_** − K_*X (K + κI)⁻¹ K_X*)/χ",
                         .source =
                             "R. Neal, Bayesian Learning for Neural Networks (1996); J. Lee et al., ICLR (2018); C. "
                             "Rasmussen, C. Williams, Gaussian Processes for Machine Learning (2006), chapters 2 and 5",
                         .regime =
                             "samplers at N → ∞ with χ fixed; the deviation of a network falls as χ/N, so at χ ~ N "
                             "this is the theory without adaptation of the kernel",
                         .effort = "O(P³ + P²·test points), memory O(P²)"};

Applicability Nngp::applicability(const Setting& setting) const {
  const Applicability posterior = needs_posterior(setting);
  return posterior.applies ? needs_draw(setting) : posterior;
}

Nngp::Inputs Nngp::inputs(const Setting& setting) const {
  return {.kernel = kernel_spec(setting.network), .ridge = setting.ridge, .chi = setting.network.chi};
}

Cost Nngp::cost(const Setting& setting) const {
  const double points = data::train_points(setting.data), test = data::test_points(setting.data);
  return draw_cost(setting, cubes_of_regression(setting.ridge) + 0.7, 1, regression_bytes(points, test, setting.ridge));
}

Result Nngp::predict(const Inputs& inputs, const data::Draw& draw) const {
  const auto &x = draw.train.x, &test = draw.test.x;
  require_memory(regression_bytes(static_cast<double>(x.rows()), static_cast<double>(test.rows()), inputs.ridge),
                 fmt::format("regression on {} points", x.rows()));
  return posterior_rows(nngp_kernel(inputs.kernel, x), nngp_kernel(inputs.kernel, x, test),
                        kernel_diagonal(inputs.kernel, test).nngp, draw, inputs.ridge, inputs.chi);
}

}  // namespace fieldscan::theory
