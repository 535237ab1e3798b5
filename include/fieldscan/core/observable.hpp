#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// The observables: named, defined quantities, measured by training and predicted by theory under the same name.
/// f is a network's output, f̄ its mean over initialisations (chains) at a fixed data draw, g the clean target, y the labels,
/// ⟨·⟩ the mean over the test set.
namespace fieldscan {

/// Stored by name; the numeric value never leaves the process.
enum class Observable : std::uint16_t {
  error_train,
  error_test,
  error_validation,
  loss_train,
  accuracy,
  predictor,
  target,
  error_mean_predictor,
  error_ensemble,
  bias2,
  variance_data,
  variance_init,
  interaction,
  variance_posterior,
  learnability,
  eigenvalue,
  kappa_eff,
  diverged,
  not_converged,
  norm_excess,
  kernel_scale,
  coordinate_size,
  weight_norm,
  gradient_norm,
  ntk_top,
  overlap,
  rhat,
  ess,
  acceptance,
  step_size,
  steps_done,
  condition_number,
  jitter,
  log_evidence,
  nngp_empirical,
  ntk_empirical,
  hidden_kernel,
  spectrum,
  alignment,
  kernel_change,
  ntk_variance,
  error_after_kernel,
  hessian_top,
  overlap_histogram,
  overlap_moment,
  order_parameters,
  droplet_fraction,
  specialisation,
  discrepancy,
  error_loo,
  error_gcv,
  fixed_point_variance,
  fixed_point_correlation,
  slope_at_equal,
  variance_slope,
  variance_length,
  correlation_length,
  validity,
  exponent_data,
  exponent_width,
  exponent_optimal_ridge,
  scaling_regime,
  rhat_folded,
  ess_bulk,
  ess_tail,
  chain_spread,
  rhat_chains,
  count_,
};

/// Where the numbers of an observable come from.
enum class Source {
  network,   ///< measured on one replica
  ensemble,  ///< formed by the analysis from the replicas of a point
  theory,    ///< only predicted
};

enum class Form { scalar, array };  ///< array: stored as one block per replica and time

struct ObservableInfo {
  std::string_view name;
  std::string_view dimension;  ///< of its own, besides time: "mode", "layer", "unit", "test point" …; "" for none
  std::string_view sentence;   ///< definition
  Source source = Source::network;
  Form form = Form::scalar;
};

const ObservableInfo& info(Observable observable);
std::span<const ObservableInfo> all_observables();
std::optional<Observable> find_observable(std::string_view name);

}  // namespace fieldscan
