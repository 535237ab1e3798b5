#include "fieldscan/theory/regression/ntk.hpp"

#include <fmt/format.h>

#include <optional>

#include "../applicability.hpp"
#include "fieldscan/core/memory.hpp"
#include "regression_rows.hpp"

namespace fieldscan::theory {

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
  const auto &x = draw.train.x, &test = draw.test.x;
  const KernelSpec& spec = inputs.kernel;
  require_memory(bytes(static_cast<double>(x.rows()), static_cast<double>(test.rows()), static_cast<double>(x.cols()),
                       inputs.ridge),
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

double NtkRegression::bytes(double points, double test_points, double, double ridge) {
  return descent_bytes(points, test_points, ridge);
}

}  // namespace fieldscan::theory
