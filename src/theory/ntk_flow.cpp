#include "fieldscan/theory/ntk_flow.hpp"

#include "applicability.hpp"
#include "fieldscan/theory/flow.hpp"
#include "rows.hpp"

namespace fieldscan::theory {

namespace {

constexpr Index eigenvalues_written = 100;

FlowKernels flow_kernels(const NtkFlow::Inputs& inputs, const data::Draw& draw) {
  Kernels train = kernels(inputs.kernel, draw.train.x);
  Kernels cross = kernels(inputs.kernel, draw.train.x, draw.test.x);
  return {.tangent = tangent_of(inputs.train, train),
          .nngp = std::move(train.nngp),
          .tangent_cross = tangent_of(inputs.train, cross),
          .nngp_cross = std::move(cross.nngp),
          .nngp_diagonal = kernel_diagonal(inputs.kernel, draw.test.x).nngp};
}

}  // namespace

std::optional<std::string> NtkFlow::problem() const {
  if (averaged)
    return "averaged: true is not built; ensembles of data draws (ensemble: {theory_draws: …}) give the average";
  return std::nullopt;
}

Applicability NtkFlow::applicability(const Setting& setting) const {
  if (averaged) return {false, "the average over data in closed form is not built"};
  const Applicability descent = needs_linear_descent(setting);
  return descent.applies ? needs_draw(setting) : descent;
}

NtkFlow::Inputs NtkFlow::inputs(const Setting& setting) const {
  const auto& network = setting.network;
  return {.kernel = kernel_spec(network),
          .ridge = setting.ridge,
          .chi = network.chi,
          .train = network.train,
          .centred = network.centred,
          .times = setting.times};
}

Result NtkFlow::predict(const Inputs& inputs, const data::Draw& draw) const {
  const Flow flow(flow_kernels(inputs, draw), draw.train.label, inputs.ridge);
  const double points = static_cast<double>(draw.train.label.size());
  const double shown = inputs.centred ? 0.0 : 1 / inputs.chi;  // share of the initial variance that a network shows
  Result result;
  for (const double time : inputs.times) {
    const FlowState state = flow.at(time);
    Writer writer(result, time);
    const double error_mean = writer.predictor(state.mean, draw);
    writer.row(Observable::error_test, error_mean + shown * state.variance.mean());
    writer.row(Observable::error_train, state.residual.squaredNorm() / points + shown * state.variance_train);
    writer.row(Observable::ntk_top, flow.eigenvalues()[0] / inputs.chi);
  }
  if (inputs.times.empty()) return result;
  Writer first(result, inputs.times.front());
  for (Index k = 0; k < std::min(eigenvalues_written, flow.eigenvalues().size()); ++k)
    first.row(Observable::eigenvalue, flow.eigenvalues()[k] / points, static_cast<double>(k + 1));
  return result;
}

}  // namespace fieldscan::theory
