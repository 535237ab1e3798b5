#include "fieldscan/theory/regression/nngp.hpp"

#include <fmt/format.h>

#include "../applicability.hpp"
#include "fieldscan/core/canonical.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/effort.hpp"
#include "fieldscan/theory/kernel/packed_kernel.hpp"
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
  if (const Applicability a = needs_posterior(setting); !a.applies) return a;
  if (const Applicability a = needs_solution(solver, setting.ridge); !a.applies) return a;
  return needs_draw(setting);
}

Nngp::Inputs Nngp::inputs(const Setting& setting) const {
  return {.kernel = kernel_spec(setting.network), .ridge = setting.ridge, .chi = setting.network.chi};
}

Cost Nngp::cost(const Setting& setting) const {
  const double points = data::train_points(setting.data), test = data::test_points(setting.data);
  if (solver == Solver::conjugate_gradients)
    return draw_cost(setting, cubes_of_gradients(points), 1,
                     mean_bytes(points, test, data::output_count(setting.data)));
  return draw_cost(setting, cubes_of_regression(setting.ridge) + cubes_of_estimates(estimates), 1,
                   packed_regression_bytes(points, test, setting.ridge));
}

Result Nngp::predict(const Inputs& inputs, const data::Draw& draw, KeptKernels* kept) const {
  const auto &x = draw.train.x, &test = draw.test.x;
  const KernelSpec& spec = inputs.kernel;
  require_memory(packed_regression_bytes(static_cast<double>(x.rows()), static_cast<double>(test.rows()), inputs.ridge),
                 fmt::format("regression on {} points", x.rows()));
  const std::string text = canonical_text("nngp", spec);
  const KernelOfPoints kernel{
      .whole = [&] { return own_kernel(kept, "nngp kernel", text, [&] { return nngp_kernel(spec, x); }); },
      .packed = [&](const Matrix& points) { return packed_kernel(spec, network::Trained::readout, points); }};
  const auto cross = shared_kernel(kept, "nngp cross", text, [&] { return nngp_kernel(spec, x, test); });
  if (solver == Solver::conjugate_gradients) return mean_rows(kernel, *cross, draw, inputs.ridge, tolerance);
  const Inverse inverse = invert_kernel(kernel, inputs.ridge, x);
  return posterior_rows(inverse, *cross, kernel_diagonal(spec, test).nngp, draw, inputs.chi, estimates);
}

}  // namespace fieldscan::theory
