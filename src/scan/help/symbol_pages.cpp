#include <array>

#include "pages.hpp"

namespace fieldscan::scan {
namespace {

constexpr std::array symbols{
    SymbolPage{"d", "input dimension: data.input.dim"},
    SymbolPage{"P n_train", "training points: data.train_size"},
    SymbolPage{"N N_l n_hidden N_c", "units of a hidden layer, or channels of a convolutional one: network.width"},
    SymbolPage{"L", "number of hidden layers: network.depth. Papers that count weight matrices have L + 1"},
    SymbolPage{"r", "data draw: one draw of inputs, label noise and test set; ensemble.data_draws"},
    SymbolPage{"i", "initialisation, for samplers a chain: ensemble.initialisations"},
    SymbolPage{"σ_w² sigma_w^2 sigma_w2 sigma_w σ_w C_w",
               "variance of hidden weights after division by fan-in: network.weight_variance. λ₁ = d/σ_w² is its "
               "inverse in papers with a Gaussian prior per weight"},
    SymbolPage{"σ_b² sigma_b^2 sigma_b2 sigma_b σ_b C_b", "variance of hidden biases: network.bias_variance"},
    SymbolPage{"σ_a² sigma_a^2 sigma_a2 sigma_a σ_a σ_v²",
               "variance of the readout after division by N χ: network.readout_variance"},
    SymbolPage{"χ chi",
               "feature-learning scale: network.chi. 1 standard (lazy), N mean-field; divides the readout variance and "
               "the noise of the likelihood"},
    SymbolPage{"γ₀ gamma_0 gamma0 γ gamma",
               "network.chi = γ₀² N: f = (1/γ₀N) Σ a φ is χ = γ₀² N, the mean-field scaling with richness γ₀"},
    SymbolPage{
        "output_scale",
        "s of f = s Σ a φ(h): `network: {output_scale: s}` stands for network.chi = σ_a²/(N s²), 1 is the plain sum "
        "of a committee; along an axis it takes a variable of `let`"},
    SymbolPage{"α alpha", "P/N or P/d, depending on the paper: `fieldscan plan` prints both"},
    SymbolPage{
        "φ phi σ(z)",
        "nonlinearity: network.activation. `erf` is erf(z); {kind: erf, scale: 0.7071067811865476} is erf(z/√2)"},
    SymbolPage{"K NNGP kernel K^L Q", "kernel of the output at initialisation, without 1/χ"},
    SymbolPage{"Θ Theta NTK", "neural tangent kernel of the output, without 1/χ"},
    SymbolPage{"κ kappa",
               "ridge: what stands beside the kernel, K + κ I; never κP. Canatar's and Simon's κ is the renormalised "
               "ridge: kappa_eff (Simon's is kappa_eff/P)"},
    SymbolPage{"λ lambda ridge_parameter",
               "in ridge regression: ridge. With the loss (1/P) Σ (f − y)² + λ|θ|² the ridge is κ = P λ"},
    SymbolPage{"λ_0 lambda_0 λ₀",
               "precision of the prior of the first layer in papers of Pacelli and others: network.weight_variance = "
               "1/λ₀ (inputs with |x|² = d)"},
    SymbolPage{
        "λ_1 lambda_1 λ₁",
        "precision of the prior of the readout in papers of Pacelli and others: network.readout_variance = 1/λ₁"},
    SymbolPage{"T temperature",
               "of Langevin dynamics with the loss ½ Σ (f − y)²: T = κ/χ, so ridge = χ T. With Σ (f − y)²: χ T/2; with "
               "(1/P) Σ: χ P T/2"},
    SymbolPage{"β beta", "inverse temperature 1/T = χ/κ; in optimisers the momentum"},
    SymbolPage{"σ sigma σ² sigma^2 σ_ε σ_noise",
               "standard deviation of the label noise of the data: data.noise. The noise variance that the model "
               "assumes is the ridge κ (σ_n² of Rasmussen and Williams)"},
    SymbolPage{"σ_n² sigma_n^2 sigma_n2",
               "noise variance of Gaussian-process regression (Rasmussen and Williams): ridge"},
    SymbolPage{"η eta lr",
               "learning rate: training.learning_rate; multiplies the gradient of the summed loss ½ Σ (f − y)². With a "
               "mean loss it is η/P here"},
    SymbolPage{
        "mup μP",
        "network.parameterisation: mup: rates of Maximal Update, N_L/N₀ times those of ntk for every tensor (adam has "
        "factors of its own), meant for χ ∝ N, where one learning rate then fits all widths; N₀ is network.base_width"},
    SymbolPage{
        "standard standard_parameterisation SP",
        "network.parameterisation: standard: one rate for the stored weights W √(σ_w²/fan-in), as other programs "
        "train: fan-in/N₀ times the ntk rate, for the readout N_L/N₀ times"},
    SymbolPage{
        "ntk_parameterisation NTP",
        "network.parameterisation: ntk: all parameters N(0, 1), the factors √(σ²/fan-in) stand in the network; one "
        "rate for all"},
    SymbolPage{"label_column labels_of_a_table csv",
               "data.input: {kind: file, path: x.csv}: one point a row, the label in its last column; `fieldscan "
               "explain file`"},
    SymbolPage{"t", "time: η·steps/χ, with momentum β: η·steps/(χ(1 − β)); `train_size: online`: steps/d"},
    SymbolPage{"ε epsilon", "step of Langevin dynamics: training.step, θ ← θ − ε ∇U + √(2ε) ξ; ε = η T"},
    SymbolPage{
        "E E_fl feature_learning_signal",
        "signal of feature learning at a point and one data draw, (χ/N) tᵀ K t with t = (K + κ)⁻¹ y: how far the "
        "target pulls the kernel; in `fieldscan plan`, which recommends a theory of finite width by it"},
    SymbolPage{
        "tr(GK) tr(GK)/N trGK tr_GK",
        "number of directions that the data determine, tr[(K + κ)⁻¹ K]; over N it is the size of the corrections "
        "that do not come from the target; in `fieldscan plan`"},
    SymbolPage{"f", "output of a network"},
    SymbolPage{"f̄ fbar", "mean of the outputs over initialisations (chains) at one data draw: the mean predictor"},
    SymbolPage{"g g* f*", "clean target"},
    SymbolPage{"y", "labels: target plus noise"},
    SymbolPage{
        "m w*",
        "overlap of a unit of the first layer with the target's direction w*, |w*| = 1: m = √σ_w² W·w*/√d; overlap"},
    SymbolPage{"teacher student",
               "a network that is the target, and the one that learns it: data.target: {kind: teacher_network}, with "
               "data.train_size: online for fresh examples at every step"},
    SymbolPage{"committee soft_committee committee_machine",
               "a network of one hidden layer whose readout stays as it is, often ones: network.train: hidden, with "
               "the teacher data.target: {kind: teacher_network, readout: ones}; its theory is online_ode"},
    SymbolPage{"R_in Q_ik R_im",
               "order parameters of student and teacher (Saad and Solla): order_parameters. R_in = √σ_w² W_i·w*_n/√d, "
               "Q_ik = (σ_w²/d) W_i·W_k; papers with |w*|² = d and σ_w² = 1 have the same numbers"},
    SymbolPage{"p_D", "share of units in droplets, |m| beyond the minimum of p(m): droplet_fraction with `beyond`"},
    SymbolPage{"U", "−log posterior: |θ|²/2 + (χ/2κ) Σ (f − y)²"},
    SymbolPage{"R² ε_g eps_g E_g", "generalisation error: error_test, ⟨(f − g)²⟩ of one network over the test set"},
};

constexpr std::array all_words{
    WordPage{"fieldscan", "Version of the scan language; the first line of a file: fieldscan: 1"},
    WordPage{"name",
             "Name of the scan: the run directory is runs/NAME. Tests, theories, blocks and figures have names too.",
             "{kind: bound, name: networks learn, of: error_test, below: 0.1}"},
    WordPage{"let", "Free variables for expressions: let: {alpha: 1}. They may be axes too. A block may set its own."},
    WordPage{"data", "What the networks are asked to learn: input, target, noise, train_size, test_size …"},
    WordPage{"network", "The finite networks: depth, width, activation, variances, chi …"},
    WordPage{"training",
             "How the networks are trained: a kind of trainer with its fields; `none` computes theories only."},
    WordPage{"ensemble",
             "How many replicas: {data_draws: 20, initialisations: 4} (samplers: chains), theory_draws for "
             "predictions, until: {observable, relative_error} with batch and max."},
    WordPage{"data_draws", "ensemble.data_draws: draws r of inputs, label noise and test set."},
    WordPage{"initialisations", "ensemble.initialisations: draws i of initial weights; the same for every data draw."},
    WordPage{"chains",
             "ensemble.chains: the second level of an ensemble of samplers; the same number as initialisations."},
    WordPage{"theory_draws",
             "ensemble.theory_draws: data draws of predictions that are given a draw; 0: as many as data_draws."},
    WordPage{
        "until",
        "ensemble.until: {observable: error_test, relative_error: 0.02}: grow in batches until the standard error "
        "is small enough; `batch` and `max` replicas. Data draws grow or initialisations, whichever the error comes "
        "from; of draws that are copies initialisations alone. Where `max` comes first numbers have the flag "
        "error_not_reached."},
    WordPage{"theory",
             "The theories to compute: [nngp, {kind: nngp, name: other}]. `fieldscan explain theories` lists them."},
    WordPage{
        "role",
        "theory: [{kind: ntk, role: reference}]: a yardstick beside any trainer. It is computed for the same network, in "
        "the parameterisation ntk, and data as without a trainer, drawn and compared under its name, and never taken for what the trainer "
        "should obey; tests say \"reference\". It may have a ridge of its own: {kind: ntk, name: ntk_ridge, ridge: "
        "0.01}, which makes it one. The default role is description."},
    WordPage{
        "observe",
        "What is measured: names, or {kind: predictor, at: all}; {kind: alignment, of: [ntk, nngp]}: of both kernels "
        "of one network, alignment and alignment_nngp (so spectrum, kernel_change, error_after_kernel); what statements mention is measured without "
        "being listed. `fieldscan explain observables`."},
    WordPage{"beyond",
             "observe: {kind: droplet_fraction, beyond: 0.5}: the |m| from which on a unit counts to the droplets."},
    WordPage{"times",
             "The grid on which curves are recorded: {logspace: [0.01, 10], num: 20}, {epochs: [1, 10]}, {steps: […]}; "
             "start and end always are."},
    WordPage{"scan",
             "The points: a block, or a list of blocks, with name, let, grid, zip, fixed, where, ensemble, observe, "
             "theory, times."},
    WordPage{"grid",
             "Axes of a block, all combinations: {network.width: [64, 128]}. Values: a list, {linspace: [a, b], num: "
             "n}, {logspace: [a, b], num: n}, {range: [a, b], step: s}, {powers: 2, from: a, to: b}."},
    WordPage{"zip", "Axes whose values run together; a list of groups multiplies with the grid."},
    WordPage{"fixed", "Values that hold for all points of a block: {network.width: 300}."},
    WordPage{"where",
             "An expression that must hold: in a block it keeps combinations, in statements it selects points. \"width "
             ">= 512 && activation == 'erf'\"",
             "{kind: agreement, of: error_test, with: nngp, within: 3%, where: \"width >= 128\"}"},
    WordPage{
        "define",
        "Numbers of curves: onset: {crossing: \"error_test\", level: 0.5, along: train_size}; also argmin, "
        "argmax, minimum, maximum, slope; and value, of one point: best: {value: error_test, where: \"train_size == "
        "64\"}."},
    WordPage{
        "tests",
        "What is claimed, and checked on the results; each has a kind. All have `of` and may have `name`, `where` and "
        "`by`."},
    WordPage{
        "figures",
        "What is drawn. `style` says how: points, lines, map, histogram, regions; two formulas in `versus` make a map. All have "
        "`plot` and may have `name`, `where`, `by` and `each`."},
    WordPage{
        "scaled_by", "The axis in whose powers both coordinates of a collapse are measured.",
        "{kind: collapse, of: error_test, versus: train_size, over: width, scaled_by: width, expect: [-1, 0], within: "
        "0.2}"},
    WordPage{"within", "The margin of a test, or of a figure of regions: 3% or 0.15.",
             "{kind: agreement, of: error_test, with: nngp, within: 3%}"},
    WordPage{"window", "The range of `versus` in which a fit is made.",
             "{kind: power_law, of: deviation(nngp), versus: width, window: [64, 256], expect: -1, within: 0.2}"},
    WordPage{"by", "Axes or dimensions whose values are told apart: one statement each.",
             "{kind: power_law, of: deviation(nngp), versus: width, by: train_size, expect: -1, within: 0.2}"},
    WordPage{
        "at",
        "The time of what is compared: start, end (the default), best (smallest validation error), all, or a number. One "
        "observable at a time of its own: alignment(end) - alignment(start), error_test(best). In observe: start, end, "
        "best, all, a list of these, or {steps: […]}.",
        "{kind: agreement, of: error_test, with: nngp, within: 3%, at: end}"},
    WordPage{
        "deviation",
        "deviation(theory): √⟨(f̄ − prediction at the same data)²⟩ from products of independent networks, so that "
        "noise does not bias it. Negative where that mean square is: the distance is then smaller than its error."},
    WordPage{"rms", "rms(a - b): root of the expected squared difference, replica by replica."},
    WordPage{"reference", "A role of theories: see `fieldscan explain role`."},
    WordPage{
        "outside_validity",
        "What a theory says of a number of its own: its correction, or what it leaves out, is too large there. The "
        "number is kept and marked; verdicts name the theory as beyond its stated range, and figures draw it apart. "
        "How large: the observable `validity`, and the regime in `fieldscan explain THEORY`."},
    WordPage{
        "not_equilibrated",
        "Outcome of a chain whose split R-hat lies above, or whose effective samples lie below, what training.until "
        "asks for. Its numbers are kept; a mean with too many of them is not judged by, but for those at a finite time, "
        "where chains are under way. Raise training.samples (of langevin training.steps, half of which are its "
        "burn-in), or start nearer to equilibrium (training.start: prior), or, of hmc and mala, let more than R-hat "
        "decide by another training.until."},
    WordPage{
        "not_converged",
        "Outcome of a replica that did not reach the loss asked for (stop_loss) within max_steps, or of a theory "
        "whose equations were not solved: that one has no numbers, and is never taken for one that does not apply. "
        "Of networks raise max_steps or the learning rate; of theories see their solver's fields in `fieldscan "
        "explain THEORY`."},
    WordPage{
        "numerical_error",
        "Outcome of a replica or a prediction in which algebra failed, with its reason: a matrix that is not "
        "positive definite, numbers that are not finite. It is a result and is not tried again; a larger ridge, or "
        "precision: double, often helps."},
    WordPage{
        "not_applicable",
        "Outcome of a theory at settings that it does not describe, with the reason: it says nothing there, and "
        "statements about it leave the point out. `fieldscan plan` counts such points before a run; as a yardstick "
        "beside any trainer: role: reference."},
    WordPage{"single_index",
             "A target of one direction, g(w*·x), with |w*| = 1 and zero mean elsewhere: linear or hermite of one "
             "direction. Theories in the overlap with w* (droplet, online_ode, specialisation_onset) need one."},
    WordPage{
        "renormalisation",
        "Of the kernel: at finite width the data scale it, and with it the ridge that is felt. Theories: "
        "kernel_renormalisation (a scale per layer), deep_linear; the scale itself is the observable kernel_scale."},
    WordPage{
        "best",
        "`at: best`: the time at which the mean validation error is least (data.validation_size), never that of the "
        "test error."},
    WordPage{
        "compute",
        "Like steps and epochs the time in another unit, in statements: versus: compute, along: steps, where: \"epochs >= 1\", whatever unit "
        "the grid of times was given in. compute: floating-point operations of one replica's steps so far, 4 N d B + 6 "
        "(L − 1) N² B + 6 N B each (B points a step, all of them without batches). Where an axis or a variable has the "
        "name, or points differ in a field of that name, it is that one. Trainers without fixed steps (learning_rate: auto, hmc) have time alone."},
    WordPage{
        "members",
        "observe: {kind: error_ensemble, members: [1, 3, 10]}: of how many networks the means are whose error is "
        "formed. `error_ensemble` then has the dimension members: versus: members, where: \"members == 3\". In any "
        "statement error_ensemble(20) is the number at m = 20. The m may be larger than the ensemble: the error is "
        "((m − 1) error_mean_predictor + error_test)/m."},
    WordPage{
        "replicas",
        "In observe: {kind: predictor, replicas: 20} measures the first 20 replicas, counted draw by draw, replicas: "
        "{data_draws: 5, initialisations: 4} those of the first draws and initialisations. As a section another word "
        "for ensemble: replicas: {data_draws: 5, initialisations: 4}."},
    WordPage{"on",
             "observe: {kind: ntk_empirical, on: train}: the points of an observable: train, test, or {test: 64}, "
             "so many test points."},
    WordPage{
        "expressions",
        "Operators: + - * / ^ == != < <= > >= && || ! ?: . Functions: abs sqrt exp log log2 log10 sin cos tan asin "
        "acos atan sinh cosh tanh erf erfc floor ceil round min max sign. Words in single quotes, only == and !=."},
};

}  // namespace

std::span<const SymbolPage> symbol_pages() { return symbols; }
std::span<const WordPage> word_pages() { return all_words; }

}  // namespace fieldscan::scan
