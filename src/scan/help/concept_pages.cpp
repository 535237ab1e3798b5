#include <array>

#include "pages.hpp"

/// Pages on what is no single key: parameterisations, what a rate multiplies, phenomena and where they are measured.
namespace fieldscan::scan {
namespace {

/// The same table stands at network/network.hpp, which says what is multiplied.
constexpr std::string_view parameterisations =
    "θ = N(0, 1) for every parameter; a layer applies √(σ_w²/fan-in) W, σ_b b, √(σ_a²/(N_L χ)) a.\n"
    "  Only the rates differ; the factor of each tensor (of adam in brackets), N₀ = network.base_width:\n"
    "              W1          W2 …                       b           a\n"
    "    ntk       1 (1)       1 (1)                      1 (1)       1 (1)\n"
    "    standard  1 (1)       fan-in/N₀ (√(fan-in/N₀))   1 (1)       N_L/N₀ (√(N_L/N₀))\n"
    "    mup       N_L/N₀ (1)  N_L/N₀ (√(N₀/fan-in))      N_L/N₀ (1)  N_L/N₀ (1)\n"
    "  ntk: one rate for θ. standard: one rate for the stored weights √(σ_w²/fan-in) W, as other programs train. mup: for\n"
    "  χ ∝ N, where one rate then fits all widths. training.rates, one factor per tensor, multiplies these. At N₀ all agree.";

/// tests/training/descent/stored_weights.cpp compares this with a stack of layers that is trained by hand.
constexpr std::string_view from_pytorch =
    "One learning rate of a stack of nn.Linear layers is\n"
    "    network: {parameterisation: standard, base_width: 1, …}\n"
    "    training: {…, rates: {weights: [d/σ_w², 1/σ_w², …], biases: 1/σ_b², readout: χ/σ_a²}}      (numbers)\n"
    "  with d the dimension of the inputs and σ² the variances of the file: weight_variance, bias_variance,\n"
    "  readout_variance; of adam their square roots. The readout has no bias.\n"
    "  Loss: ½ Σ (f − y)² over the training set. A rate lr of nn.MSELoss, a mean, is learning_rate: 2 lr/P, in batches\n"
    "  too (whose sum is multiplied by P/B); of adam lr itself, with ε times P/2. Momentum is that of torch.optim.SGD.\n"
    "  Start: normal numbers of variance σ_w²/fan-in. nn.Linear draws evenly from ±1/√fan-in: weight_variance: 0.3333.\n"
    "  Precision: double, unless training.precision: single.";

constexpr std::string_view cross_entropy =
    "training: {kind: sgd, …, loss: cross_entropy} (also gradient_descent, adam) descends Σ −log p over the training points, p\n"
    "  the softmax of the outputs at the class of the label; of one output 1/(1 + exp(∓f)) of its two signs. Classes: target:\n"
    "  {kind: labels, coding: one_hot}, modular_sum, the largest output of any other target.\n"
    "  Observe accuracy, cross_entropy_test, brier_score, calibration_error; error_test compares log odds with numbers.\n"
    "  stop_loss and patience follow this loss. Theories of the square loss stand beside it with role: reference; samplers\n"
    "  and solved readouts have the square loss. Both losses in one scan: grid: {training.loss: [square, cross_entropy]}.";

constexpr std::array concepts{
    WordPage{"loss", cross_entropy},
    WordPage{"cross-entropy", cross_entropy},
    WordPage{"softmax", cross_entropy},
    WordPage{"classification", cross_entropy},
    WordPage{
        "calibration",
        "Whether probabilities mean what they say: calibration_error, brier_score and cross_entropy_test of networks that "
        "are trained by `loss: cross_entropy`; for samplers with an integrated readout accuracy is a mean probability."},
    WordPage{
        "modular addition",
        "data: {input: {kind: modular_pairs, modulus: 23}, target: {kind: modular_sum, basis: fourier}}: learnability of "
        "every frequency, of networks and of regression with a kernel on the same draw."},
    WordPage{"parameterisations", parameterisations},
    WordPage{"parameterisation", parameterisations},
    WordPage{"standard", parameterisations},
    WordPage{"mup", parameterisations},
    WordPage{"ntk", parameterisations},
    WordPage{
        "momentum",
        "u ← β u − η_s ∇ℒ, θ ← θ + u: with a schedule the rate η_s of the step sits inside the velocity, so that a rate "
        "that falls leaves older contributions as they were. Time t = η·steps/(χ(1 − β)) with the highest rate η."},
    WordPage{
        "clip",
        "The gradient of the loss ½ Σ (f − y)² (of a batch: of the estimate that the batch makes), without that of the ridge, over all "
        "trained parameters θ (N(0, 1) coordinates, not the stored weights) is shortened to this Euclidean norm where it "
        "is longer. The same in gradient_descent, sgd and adam."},
    WordPage{
        "adam",
        "ε, clip and the coupled decay (decoupled: false) refer to the gradient of the summed loss ½ Σ (f − y)²: a mean over "
        "P points has ε/P. The rate η does not: a step is η m̂/(√v̂ + ε), whatever the loss is multiplied by."},
    WordPage{"pytorch", from_pytorch},
    WordPage{"nn.Linear", from_pytorch},
    WordPage{
        "edge of stability",
        "The largest eigenvalue of the Hessian rises to 2/η and stays: observe hessian_top (with the rates of the tensors), "
        "ntk_top; versus time or steps. experiments/16-edge-of-stability"},
    WordPage{"sharpness",
             "The largest eigenvalue of the Hessian of the loss: hessian_top. experiments/16-edge-of-stability"},
    WordPage{
        "double descent",
        "The test error has a peak where the parameters can just fit the data: error_test along width or train_size, with "
        "its parts bias2, variance_data, variance_init (data.test_set: shared). experiments/04-double-descent"},
    WordPage{"benign overfitting", "error_test and error_train at a small ridge. experiments/04-double-descent"},
    WordPage{
        "feature learning",
        "kernel_change, alignment, overlap, kernel_scale, hidden_kernel; theories kernel_adaptation, dmft, "
        "kernel_renormalisation. experiments/07-kernel-renormalisation, 08-kernel-adaptation, 12-feature-dynamics"},
    WordPage{"lazy", "network.chi: 1 at a large width: the kernel stays (kernel_change), theories nngp, ntk_flow."},
    WordPage{"rich", "network.chi ∝ width (mean-field): features move at every width; see feature learning."},
    WordPage{"spectral bias",
             "learnability, per mode of the target, along time or train_size. experiments/03-spectral-bias"},
    WordPage{"grokking", "error_train falls long before error_test: both along time. experiments/09-grokking"},
    WordPage{"neural scaling laws",
             "test scaling_law, power_law of error_test in train_size, width, time, compute. experiments/05-power-law, "
             "14-scaling-in-time"},
    WordPage{"learning rate transfer",
             "parameterisation: mup, chi ∝ width: argmin of error_test along learning_rate between widths. "
             "experiments/15-learning-rate-transfer"},
    WordPage{"plateaus",
             "Of online learning: specialisation, order_parameters; theory online_ode. experiments/13-plateaus"},
    WordPage{
        "convolution",
        "network.architecture: {layers: convolution, filter, stride, padding, head: flatten | pooling}, network.width "
        "is the number of channels; theories convolutional_gp, local_renormalisation, convolutional_adaptation."},
    WordPage{"cnn", "network.architecture: convolution; see convolution."},
    WordPage{"learning curve", "error_test along train_size; theory learning_curve. experiments/01-learning-curve"},
    WordPage{"order and chaos",
             "fixed_point_correlation, slope_at_equal, correlation_length; theory signal_propagation."},
    WordPage{"ensembling", "error_ensemble(m), members in observe: the error of the mean of m networks."},
    WordPage{"generalisation gap", "error_test - error_train, as an expression in tests and figures."},
    WordPage{"bias and variance",
             "bias2, variance_data, variance_init of the mean predictor, with data.test_set: shared; "
             "error_mean_predictor. experiments/04-double-descent"},
    WordPage{"finite width",
             "deviation(THEORY), error_test beside theories: perturbative, kernel_renormalisation, kernel_adaptation, "
             "deep_linear; which where: `fieldscan plan`. experiments/01-learning-curve, 06-deep-linear, 10-atlas"},
    WordPage{"phase diagram",
             "style: regions: where each theory holds over two axes, measured, beside its own validity. "
             "experiments/10-atlas"},
    WordPage{"equilibration",
             "rhat, rhat_folded, ess_bulk, ess_tail, rhat_chains; training.until says what a chain must pass, else its "
             "outcome is not_equilibrated. In time: experiments/11-relaxation"},
    WordPage{
        "convergence",
        "Of networks: the outcome not_converged, where stop_loss is not reached; of chains rhat, ess and the outcome "
        "not_equilibrated (see equilibration); of theories solver_residual, what a solver left of its equations, "
        "start_difference, how far apart the solutions of several starts are, solver_error, of what is integrated in "
        "time, predictor_error, of what is sampled. `fieldscan explain` and one of these names says which theories "
        "have it; they are observables: THEORY.solver_residual in figures and tests. The largest of each stands in "
        "report/methods.txt, report/figures/NAME-theories.csv and `test --json`; verdicts, and points of figures, on "
        "chains or networks that have not settled are marked."},
    WordPage{
        "validity",
        "Every theory has a measure of its own, and says beside each number whether it is beyond its range. In most it "
        "is what is neglected, and must be small; of kernel_adaptation, convolutional_adaptation, and "
        "deep_adaptation with closure: sampled, it is the signal E = (χ/N) tᵀKt, which must be large. How large: the "
        "regime in `fieldscan explain THEORY`."},
    WordPage{"residual",
             "Of a figure's strip: the difference from a theory in standard errors. Of equations: solver_residual, see "
             "convergence."},
    WordPage{"ageing",
             "two_time_correlation, displacement, response, from the waiting time of the trainer langevin on; theory "
             "langevin_dynamics."},
    WordPage{"posterior",
             "What hmc, mala and langevin sample: exp(−U) at ridge κ; variance_posterior, error_mean_predictor; theory "
             "nngp in the limit of infinite width. experiments/01-learning-curve"},
    WordPage{
        "memorisation",
        "data.labels: shuffled permutes the training labels, as a control: error_train falls, error_test does not."},
    WordPage{"vanishing gradients",
             "slope_at_equal away from 1: distances and gradients grow or fall by it per layer; theory "
             "signal_propagation."},
    WordPage{"sample complexity",
             "define: a crossing of error_test or learnability along train_size, and its power_law in dim or width; "
             "theory specialisation_onset."},
    WordPage{"specialisation",
             "order_parameters, overlap, overlap_histogram, droplet_fraction; theories online_ode, droplet, "
             "specialisation_onset. experiments/13-plateaus, 09-grokking"},
    WordPage{"early stopping", "error_test(best), at: best, data.validation_size, training.patience."},
};

}  // namespace

std::span<const WordPage> concept_pages() { return concepts; }

}  // namespace fieldscan::scan
