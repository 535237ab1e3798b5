#include "measure.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "fieldscan/core/statistics.hpp"

namespace fieldscan::training {

namespace {

using enum Observable;

constexpr std::array measured{error_train,
                              error_test,
                              error_validation,
                              loss_train,
                              accuracy,
                              predictor,
                              target,
                              variance_posterior,
                              learnability,
                              norm_excess,
                              kernel_scale,
                              coordinate_size,
                              weight_norm,
                              gradient_norm,
                              ntk_top,
                              hessian_top,
                              nngp_empirical,
                              ntk_empirical,
                              hidden_kernel,
                              spectrum,
                              alignment,
                              kernel_change,
                              error_after_kernel,
                              overlap,
                              overlap_moment,
                              overlap_histogram,
                              order_parameters,
                              droplet_fraction,
                              specialisation,
                              discrepancy,
                              rhat,
                              ess,
                              acceptance,
                              step_size,
                              steps_done,
                              condition_number,
                              jitter,
                              rhat_folded,
                              ess_bulk,
                              ess_tail,
                              chain_spread};

double mean_square(const Output& output, const VectorView& reference) {
  const double square = (output.mean - reference).squaredNorm() + output.variance.sum();
  return square / static_cast<double>(reference.size());
}

/// Expected share of outputs with the sign of the target; a target of zero has no sign and does not count.
double right_signs(const Output& output, const VectorView& target_values) {
  double right = 0;
  Index counted = 0;
  for (Index k = 0; k < target_values.size(); ++k) {
    if (target_values[k] == 0) continue;
    ++counted;
    const double signed_output = target_values[k] > 0 ? output.mean[k] : -output.mean[k];
    const double variance = output.variance.size() > 0 ? output.variance[k] : 0;
    right += variance > 0 ? normal_cdf(signed_output / std::sqrt(variance)) : (signed_output > 0 ? 1.0 : 0.0);
  }
  return counted > 0 ? right / static_cast<double>(counted) : 0;
}

void read_learnability(const data::Draw& data, const Output& test, std::vector<Reading>& out) {
  for (Index k = 0; k < data.test.modes.cols(); ++k) {
    const double power = data.test.modes.col(k).squaredNorm();
    if (!(power > 0)) continue;
    out.push_back(
        {learnability, data.mode_numbers[static_cast<std::size_t>(k)], data.test.modes.col(k).dot(test.mean) / power});
  }
}

}  // namespace

std::span<const Observable> observables_measured() { return measured; }

void read_outputs(const data::Draw& data, const Outputs& outputs, const ObservePlan& plan, std::vector<Reading>& out) {
  if (outputs.train.mean.size() > 0) {
    const double error = mean_square(outputs.train, data.train.label);
    if (plan.has(error_train)) out.push_back({error_train, 0, error});
    if (plan.has(loss_train))
      out.push_back({loss_train, 0, 0.5 * static_cast<double>(data.train.label.size()) * error});
    if (const double square = data.train.label.squaredNorm(); square > 0 && plan.has(discrepancy))
      out.push_back({discrepancy, 0, 1 - data.train.label.dot(outputs.train.mean) / square});
  }
  if (outputs.test.mean.size() > 0) {
    if (plan.has(error_test)) out.push_back({error_test, 0, mean_square(outputs.test, data.test.target)});
    if (plan.has(accuracy)) out.push_back({accuracy, 0, right_signs(outputs.test, data.test.target)});
    if (plan.has(learnability)) read_learnability(data, outputs.test, out);
  }
  if (outputs.validation.mean.size() > 0 && plan.has(error_validation))
    out.push_back({error_validation, 0, mean_square(outputs.validation, data.validation.label)});
}

std::vector<double> squared_norms(const network::Network& network, const VectorView& theta) {
  std::vector<double> squares;
  for (const auto& tensor : network.tensors())
    squares.push_back(theta.segment(tensor.offset, tensor.size()).squaredNorm());
  return squares;
}

void read_norms(const network::Network& network, const std::vector<double>& squares, const ObservePlan& plan,
                std::vector<Reading>& out) {
  std::vector<double> excess(static_cast<std::size_t>(network.depth()) + 1, 0.0), norm = excess;
  for (std::size_t k = 0; k < squares.size(); ++k) {
    const auto& tensor = network.tensors()[k];
    const auto layer = static_cast<std::size_t>(tensor.layer);
    excess[layer] += squares[k] / (tensor.init_std * tensor.init_std) - static_cast<double>(tensor.size());
    if (tensor.role != network::Role::bias) norm[layer] = std::sqrt(squares[k]);
  }
  const double width = network::last_width(network.spec());
  for (std::size_t layer = 0; layer < excess.size(); ++layer) {
    if (plan.has(norm_excess)) out.push_back({norm_excess, static_cast<double>(layer) + 1, excess[layer]});
    if (plan.has(weight_norm)) out.push_back({weight_norm, static_cast<double>(layer) + 1, norm[layer]});
  }
  if (plan.has(kernel_scale)) out.push_back({kernel_scale, 0, 1 + excess.back() / width});
}

void read_network(const network::Network& network, const VectorView& theta, const data::Sample& sample,
                  const VectorView& outputs, network::Network::Workspace& work, const ObservePlan& plan,
                  std::vector<Reading>& out) {
  if (sample.x.rows() == 0) return;
  if (plan.has(coordinate_size))
    for (std::size_t layer = 0; layer < work.preactivation.size(); ++layer)
      out.push_back({coordinate_size, static_cast<double>(layer) + 1, work.preactivation[layer].cwiseAbs().mean()});
  if (plan.has(gradient_norm)) {
    Vector gradient(network.parameter_count());
    network.backward(theta, sample.x, outputs - sample.label, work, gradient);
    out.push_back({gradient_norm, 0, gradient.norm()});
  }
  if (plan.has(ntk_top)) out.push_back({ntk_top, 0, network::ntk_top(network, theta, sample.x) / network.spec().chi});
  if (plan.has(hessian_top)) {
    const Vector offset = network.evaluate(theta, sample.x) - outputs;
    out.push_back({hessian_top, 0, network::hessian_top(network, theta, sample.x, sample.label + offset)});
  }
}

bool wants_norms(const ObservePlan& plan) {
  return plan.has(norm_excess) || plan.has(kernel_scale) || plan.has(weight_norm);
}

}  // namespace fieldscan::training
