#include "flow_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../rows.hpp"
#include "fieldscan/core/memory.hpp"

namespace fieldscan::theory {

namespace {

constexpr Index eigenvalues_in_time = 100;

}  // namespace

double flow_bytes(double points, double test_points) {
  return 4 * kernel_bytes(points, points) + 7 * kernel_bytes(points, test_points);
}

Cost flow_cost(const Setting& setting, double times) {
  const double points = data::train_points(setting.data), test = data::test_points(setting.data);
  return draw_cost(setting, 11, times, flow_bytes(points, test));
}

FlowKernels flow_kernels(const KernelSpec& kernel, network::Trained trained, const data::Draw& draw) {
  require_memory(flow_bytes(static_cast<double>(draw.train.x.rows()), static_cast<double>(draw.test.x.rows())),
                 fmt::format("the flow of {} points", draw.train.x.rows()));
  Kernels train = kernels(kernel, draw.train.x);
  Kernels cross = kernels(kernel, draw.train.x, draw.test.x);
  return {.tangent = tangent_of(trained, train),
          .nngp = std::move(train.nngp),
          .tangent_cross = tangent_of(trained, cross),
          .nngp_cross = std::move(cross.nngp),
          .nngp_diagonal = kernel_diagonal(kernel, draw.test.x).nngp};
}

double error_train(const FlowState& state, const Appearance& appearance) {
  const double shown = appearance.centred ? 0.0 : static_cast<double>(state.residual.cols()) / appearance.chi;
  return state.residual.squaredNorm() / static_cast<double>(state.residual.rows()) + shown * state.variance_train;
}

bool write_state(Result& result, const Flow& flow, const FlowState& state, double time, const Appearance& appearance,
                 const data::Draw& draw, Flag flag) {
  const double outputs = static_cast<double>(state.residual.cols());
  const double shown =
      appearance.centred ? 0.0 : outputs / appearance.chi;  // of the initial variance, what a network shows
  const double variance = shown * state.variance.mean();
  const double training = error_train(state, appearance);
  if (!std::isfinite(variance) || !std::isfinite(training) || !std::isfinite(state.mean.squaredNorm())) return false;
  Writer writer(result, time, flag);
  const double error_mean = writer.predictor(state.mean, draw);
  writer.row(Observable::error_test, error_mean + variance);
  writer.row(Observable::error_train, training);
  writer.row(Observable::ntk_top, flow.eigenvalues()[0] / appearance.chi);
  return true;
}

void write_eigenvalues(Result& result, const Flow& flow, double time) {
  Writer writer(result, time);
  const double points = static_cast<double>(flow.eigenvalues().size());
  for (Index k = 0; k < std::min(eigenvalues_in_time, flow.eigenvalues().size()); ++k)
    writer.row(Observable::eigenvalue, flow.eigenvalues()[k] / points, static_cast<double>(k + 1));
}

}  // namespace fieldscan::theory
