#include "fieldscan/core/observable.hpp"

#include <array>

namespace fieldscan {

namespace {

using enum Source;
using enum Form;

// In the order of the enum.
constexpr std::array<ObservableInfo, static_cast<std::size_t>(Observable::count_)> table{{
    {"error_train", "", "mean of (f − y)² over the training set, y the noisy labels"},
    {"error_test", "",
     "⟨(f − g)²⟩ of one network over the test set, g the clean target; for samplers with the posterior variance"},
    {"error_validation", "", "mean of (f − y)² over the validation set"},
    {"loss_train", "", "the loss that is optimised: ½ Σ (f − y)² over the training points"},
    {"accuracy", "", "share of test points whose output has the sign of the target"},
    {"predictor", "test point", "output f on the test set (samplers: its mean over the chain)", network, array},
    {"target", "test point", "clean target g on the test set", network, array},
    {"error_mean_predictor", "",
     "⟨(f̄ − g)²⟩ with f̄ the mean over initialisations (chains), from products of independent networks", ensemble},
    {"error_ensemble", "", "error of the mean of m networks: error_ensemble(m)", ensemble},
    {"bias2", "", "⟨(mean of f over data and initialisations − g)²⟩; needs data.test_set: shared", ensemble},
    {"variance_data", "", "⟨variance over data draws of the mean over initialisations⟩; needs data.test_set: shared",
     ensemble},
    {"variance_init", "", "⟨variance over initialisations of the mean over data draws⟩", ensemble},
    {"interaction", "", "what remains of the variance beside data and initialisation; needs data.test_set: shared",
     ensemble},
    {"variance_posterior", "", "⟨variance of f under the posterior⟩"},
    {"learnability", "mode", "⟨f g_k⟩/⟨g_k²⟩ for the component g_k of the target"},
    {"eigenvalue", "mode", "a theory's kernel eigenvalue", theory},
    {"kappa_eff", "", "renormalised ridge", theory},
    {"diverged", "", "share of replicas that diverged", ensemble},
    {"not_converged", "", "share of replicas that did not reach the loss asked for", ensemble},
    {"norm_excess", "layer", "⟨|θ_l|²⟩/prior variance − number of parameters of layer l"},
    {"kernel_scale", "", "1 + norm_excess(readout)/N"},
    {"coordinate_size", "layer", "mean |h| over units and training points"},
    {"weight_norm", "layer", "norm of the weights of layer l"},
    {"gradient_norm", "", "norm of the gradient of the loss"},
    {"ntk_top", "", "largest eigenvalue of Θ/χ on the training set"},
    {"overlap", "unit", "√σ_w² W¹·w*/√d of each hidden unit with the target's direction w*, |w*| = 1"},
    {"rhat", "", "split R-hat of the chain, rank-normalised, the largest over what is watched"},
    {"ess", "", "effective sample size of the chain's mean, the smallest over what is watched"},
    {"acceptance", "", "share of accepted proposals after burn-in"},
    {"step_size", "", "step size after adaptation"},
    {"steps_done", "", "steps, or gradients of a sampler, that were made"},
    {"condition_number", "",
     "estimated condition number of K + κ I; of a solved readout that of the smaller of its two forms"},
    {"jitter", "", "what had to be added to the diagonal for the factorisation"},
    {"log_evidence", "", "log marginal likelihood of the labels", theory},
    {"nngp_empirical", "point, point",
     "(σ_a²/N) φ φᵀ of the last hidden layer: the network's own NNGP kernel, without 1/χ", network, array},
    {"ntk_empirical", "point, point", "the network's own NTK, without 1/χ", network, array},
    {"hidden_kernel", "layer, point, point", "φ φᵀ/N of every hidden layer", network, array},
    {"spectrum", "rank", "eigenvalues of an empirical kernel / P, descending"},
    {"alignment", "", "yᵀKy/(|y|² ‖K‖_F) of an empirical kernel K and the labels y"},
    {"kernel_change", "", "‖K_t − K_0‖_F/‖K_0‖_F of an empirical kernel since initialisation"},
    {"ntk_variance", "",
     "variance over initialisations of the network's own NTK over the square of its mean, both averaged over pairs of "
     "points and data draws",
     ensemble},
    {"error_after_kernel", "", "⟨(K(x, X)(K + κ)⁻¹y − g)²⟩: error of the regression with the network's own kernel K"},
    {"hessian_top", "", "largest eigenvalue of the Hessian of the loss, without the ridge"},
    {"overlap_histogram", "overlap", "share of units in each bin of the overlap, by the centre of the bin"},
    {"overlap_moment", "", "mean square of the overlaps over units"},
    {"order_parameters", "matched unit, direction or unit",
     "R and Q of Saad and Solla for the first layer, side by side: the overlaps with the target's M directions, then "
     "(σ_w²/d) W_i·W_k; units in the order of the directions that they match at the end",
     network, array},
    {"droplet_fraction", "", "share of units with |m| beyond a threshold, m their overlap with the target's direction"},
    {"specialisation", "",
     "mean |overlap| of matched units and directions minus that of all other pairs, matched anew at each time"},
    {"discrepancy", "", "y·(y − f)/|y|² over the training set"},
    {"error_loo", "", "leave-one-out estimate of the mean predictor's error on noisy labels", theory},
    {"error_gcv", "", "estimate of the mean predictor's error on noisy labels by generalised cross-validation", theory},
    {"fixed_point_variance", "", "q*: variance of the pre-activations in the limit of many layers", theory},
    {"fixed_point_correlation", "", "c*: correlation of two inputs' pre-activations in the limit of many layers",
     theory},
    {"slope_at_equal", "", "χ_1 = σ_w²⟨φ′²⟩ at q*: growth per layer of a small distance between inputs, 1 is critical",
     theory},
    {"variance_slope", "", "growth per layer of a small deviation of the variance from q*", theory},
    {"variance_length", "", "ξ_q in layers: deviations of the variance fall as exp(−l/ξ_q); censored at 10⁶", theory},
    {"correlation_length", "", "ξ_c in layers: deviations of the correlation fall as exp(−l/ξ_c); censored at 10⁶",
     theory},
    {"validity", "", "a theory's own small parameter: what it neglects, of relative order", theory},
    {"exponent_data", "", "x of error ∝ P^−x where data limit the error", theory},
    {"exponent_width", "", "x of error ∝ N^−x where the width limits the error", theory},
    {"exponent_optimal_ridge", "", "x of error ∝ P^−x at the best ridge for every P", theory},
    {"scaling_regime", "", "1 ridgeless, 2 ridge, 3 noise, 4 noise with a ridge, 5 width: what limits the error",
     theory},
    {"rhat_folded", "",
     "split R-hat of the distance from the median, rank-normalised, the largest over what is watched"},
    {"ess_bulk", "", "effective sample size of the ranks' normal scores, the smallest over what is watched"},
    {"ess_tail", "", "effective sample size of the 5% and 95% tails, the smallest over what is watched"},
    {"chain_spread", "", "standard deviation of error_test along one chain"},
    {"rhat_chains", "",
     "R-hat of error_test across the chains of a data draw: √(1 − 1/n + variance of the chains' means/chain_spread²)",
     ensemble},
}};

}  // namespace

const ObservableInfo& info(Observable observable) { return table.at(static_cast<std::size_t>(observable)); }

std::span<const ObservableInfo> all_observables() { return table; }

std::optional<Observable> find_observable(std::string_view name) {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (table[i].name == name) return static_cast<Observable>(i);
  return std::nullopt;
}

}  // namespace fieldscan
