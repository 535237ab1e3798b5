#include "fieldscan/theory/regression/ntk.hpp"

#include <fmt/format.h>

#include <optional>

#include "../applicability.hpp"
#include "fieldscan/core/canonical.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/effort.hpp"
#include "fieldscan/theory/kernel/packed_kernel.hpp"
#include "regression_rows.hpp"

namespace fieldscan::theory {

static_assert(Theory<NtkRegression>);

const Card NtkRegression::card = {
    .formula = "f̄ = Θ_*X (Θ + κI)⁻¹ y; variance over initialisations (K_** + AᵀKA − 2AᵀK_X*)/χ with A = (Θ + κI)⁻¹Θ_X*",
    .source =
        "A. Jacot, F. Gabriel, C. Hongler, NeurIPS (2018); J. Lee et al., NeurIPS (2019); S. Arora et al., NeurIPS "
        "(2019)",
    .regime =
        "gradient descent at N → ∞ with χ fixed, t → ∞, in the ntk parameterisation, the ridge pulling towards the "
        "initial parameters",
    .effort = "O(P³ + P²·test points), memory O(P²)"};

Applicability NtkRegression::applicability(const Setting& setting) const {
  if (const Applicability a = needs_regression(setting); !a.applies) return a;
  if (const Applicability a = needs_solution(solver, setting.ridge); !a.applies) return a;
  return needs_draw(setting);
}

NtkRegression::Inputs NtkRegression::inputs(const Setting& setting) const {
  const auto& network = setting.network;
  return {.kernel = kernel_spec(network),
          .ridge = setting.ridge,
          .chi = is_centred(setting) ? 1 : network.chi,
          .train = network.train,
          .centred = is_centred(setting)};
}

Cost NtkRegression::cost(const Setting& setting) const {
  const double points = data::train_points(setting.data), test = data::test_points(setting.data);
  if (solver == Solver::conjugate_gradients)
    return draw_cost(setting, cubes_of_gradients(points), 1,
                     mean_bytes(points, test, data::output_count(setting.data)));
  // The variance of the training outputs takes some more products.
  const double more = estimates == Estimates::all ? 4 : cubes_of_estimates(estimates);
  return draw_cost(setting, cubes_of_regression(setting.ridge) + more, 1,
                   packed_descent_bytes(points, test, setting.ridge));
}

Result NtkRegression::predict(const Inputs& inputs, const data::Draw& draw, KeptKernels* kept) const {
  const auto &x = draw.train.x, &test = draw.test.x;
  const KernelSpec& spec = inputs.kernel;
  require_memory(packed_descent_bytes(static_cast<double>(x.rows()), static_cast<double>(test.rows()), inputs.ridge),
                 fmt::format("regression on {} points", x.rows()));
  const std::string text = canonical_text("ntk", spec) + std::string(word(inputs.train));
  const KernelOfPoints kernel{
      .whole =
          [&] { return own_kernel(kept, "ntk kernel", text, [&] { return tangent_kernel(spec, inputs.train, x); }); },
      .packed = [&](const Matrix& points) { return packed_kernel(spec, inputs.train, points); }};
  const auto cross =
      shared_kernel(kept, "ntk cross", text, [&] { return tangent_kernel(spec, inputs.train, x, test); });
  if (solver == Solver::conjugate_gradients) return mean_rows(kernel, *cross, draw, inputs.ridge, tolerance);
  const Inverse inverse = invert_kernel(kernel, inputs.ridge, x);
  std::optional<InitialKernel> initial;
  if (!inputs.centred)
    initial = InitialKernel{
        .columns = [&](Index first, Index count) { return nngp_kernel(spec, x, x.middleRows(first, count)); },
        .cross = *shared_kernel(kept, "ntk initial", text, [&] { return nngp_kernel(spec, x, test); }),
        .diagonal = kernel_diagonal(spec, test).nngp,
        .chi = inputs.chi};
  return descent_rows(inverse, *cross, draw, initial, estimates);
}

}  // namespace fieldscan::theory
