#include "fieldscan/theory/regression/ntk.hpp"

#include <fmt/format.h>

#include <optional>

#include "../applicability.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/effort.hpp"
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
  const Applicability descent = needs_regression(setting);
  return descent.applies ? needs_draw(setting) : descent;
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
  // The variance of the training outputs takes some more products.
  return draw_cost(setting, cubes_of_regression(setting.ridge) + 4, 1, descent_bytes(points, test, setting.ridge));
}

Result NtkRegression::predict(const Inputs& inputs, const data::Draw& draw) const {
  const auto &x = draw.train.x, &test = draw.test.x;
  const KernelSpec& spec = inputs.kernel;
  require_memory(descent_bytes(static_cast<double>(x.rows()), static_cast<double>(test.rows()), inputs.ridge),
                 fmt::format("regression on {} points", x.rows()));
  std::optional<InitialKernel> initial;
  if (!inputs.centred)
    initial = InitialKernel{
        .columns = [&](Index first, Index count) { return nngp_kernel(spec, x, x.middleRows(first, count)); },
        .cross = nngp_kernel(spec, x, test),
        .diagonal = kernel_diagonal(spec, test).nngp,
        .chi = inputs.chi};
  return descent_rows(tangent_kernel(spec, inputs.train, x), tangent_kernel(spec, inputs.train, x, test), draw,
                      inputs.ridge, initial);
}

}  // namespace fieldscan::theory
