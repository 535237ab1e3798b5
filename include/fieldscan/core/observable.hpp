#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// The observables: named, defined quantities, measured by training and predicted by theory under the same name.
/// f is a network's output, f̄ its mean over initialisations (chains) at a fixed data draw, g the clean target, y the
/// labels, ⟨·⟩ the mean over the test set.
namespace fieldscan {

/// Stored by name; the numeric value never leaves the process: it is the place in core/observable_list.hpp, where a new
/// observable gets its line. Only those that are mentioned somewhere have a word here, in the order of that list
/// (src/core/observable.cpp compares the two while it is compiled); the others are `listed("name")`.
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
  end_time,
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
};

/// Where the numbers of an observable come from.
enum class Source {
  network,   ///< measured on one replica
  ensemble,  ///< formed by the analysis from the replicas of a point
  theory,    ///< only predicted
  data,      ///< of the data draw, stored with its first replica
};

enum class Form { scalar, array };  ///< array: stored as one block per replica and time

/// What a replica must have for an observable to be formed of it; a set of bits. What a trainer has stands in its
/// header (`offers`).
enum class Need : std::uint32_t {
  nothing = 0,
  run = 1 << 0,                 ///< that something was trained at all
  train_outputs = 1 << 1,       ///< outputs on the training set
  test_outputs = 1 << 2,        ///< on the test set
  validation_outputs = 1 << 3,  ///< on the validation set
  parameters = 1 << 4,          ///< the tensors
  first_layer = 1 << 5,         ///< beside the directions that the target looks along
  pass = 1 << 6,                ///< a pass through the network on points that `on` can choose
  kernel = 1 << 7,              ///< an empirical kernel on such points
  factor = 1 << 8,              ///< its factors or eigenvalues, P³ operations
  training_points = 1 << 9,     ///< on the training set, which `on` can not change
  initial = 1 << 10,            ///< the network at the start
  chain = 1 << 11,              ///< the samples of a chain
  solver = 1 << 12,             ///< the equations of a solved readout
  two_times = 1 << 13,          ///< the chain at an earlier time, and a twin of it from there on
  descent = 1 << 14,            ///< a training of some length, which it may end before
  class_odds = 1 << 15,         ///< outputs that are log odds of classes: trained by `loss: cross_entropy`
  least_squares = 1 << 16,      ///< that ½ Σ (f − y)² is what is descended or sampled
};
constexpr Need operator|(Need a, Need b) {
  return static_cast<Need>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr bool has_any(Need all, Need some) { return (static_cast<unsigned>(all) & static_cast<unsigned>(some)) != 0; }
constexpr bool has_all(Need all, Need some) { return (all | some) == all; }

/// What the data of a point must be like.
enum class DataNeed { any, shared_test_set, drawn_test_set, validation_set, one_direction, directions };

struct ObservableInfo {
  std::string_view name;
  std::string_view dimension = "";  ///< of its own, besides time: "mode", "layer", "unit", "test point" …; "" for none
  std::string_view sentence = "";   ///< definition
  Source source = Source::network;
  Form form = Form::scalar;
  Need needs = Need::nothing;
  DataNeed data = DataNeed::any;
  std::optional<Observable> formed_from =
      std::nullopt;  ///< of an ensemble: what is stored of a replica; none: outcomes
};

const ObservableInfo& info(Observable observable);
std::span<const ObservableInfo> all_observables();
std::optional<Observable> find_observable(std::string_view name);
/// The first value that is no observable.
Observable end_of_observables();
inline std::string_view word(Observable observable) { return info(observable).name; }

/// Whether an observable is formed from the outputs of one network alone: a file of its own says how
/// (src/training/observe/outputs).
constexpr bool is_of_outputs(const ObservableInfo& about) {
  constexpr Need outputs = Need::train_outputs | Need::test_outputs | Need::validation_outputs | Need::class_odds;
  return about.source == Source::network && about.form == Form::scalar && about.needs != Need::nothing &&
         has_all(outputs, about.needs);
}

}  // namespace fieldscan
