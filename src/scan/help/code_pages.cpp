#include <array>

#include "pages.hpp"

namespace fieldscan::scan {
namespace {

constexpr std::array all_codes{
    CodePage{"FS0001", "not YAML", "The file does not follow the rules of YAML at this place.", "network: {width: 64",
             "network: {width: 64}"},
    CodePage{"FS0002", "tab in the indentation",
             "YAML indents with spaces; a tab looks like several and counts as none.", "\\twidth: 64", "  width: 64"},
    CodePage{"FS0003", "duplicate key", "A key stands twice in one mapping. Many readers silently take one of the two.",
             "ridge: 0.1 … ridge: 0.2", "ridge: 0.1"},
    CodePage{"FS0004", "second document", "A line '---' begins another document, which many readers ignore.", "---",
             ""},
    CodePage{"FS0005", "merge key", "'<<' is not part of YAML 1.2 and does nothing in many readers.", "<<: *base",
             "fixed: {network.depth: 2}"},
    CodePage{"FS0006", "no value", "A key without a value, often a missing space: {a:1} is the key 'a:1'.", "{dim:8}",
             "{dim: 8}"},
    CodePage{"FS0007", "tag or odd key", "Type tags and keys that are lists or mappings have no place in a scan file.",
             "width: !!int 64", "width: 64"},
    CodePage{"FS0008", "too large",
             "A scan file has 4 MB and 200000 values at most, with those that aliases and nested anchors repeat. Long "
             "lists are spacings or files of data.",
             "", "{logspace: [1, 1e6], num: 1000}"},
    CodePage{"FS0009", "empty", "A scan file is a mapping of sections.", "", "fieldscan: 1"},
    CodePage{"FS0010", "more errors", "The first ones are listed; the others often follow from them.", "", ""},
    CodePage{"FS0011", "not a text",
             "A scan file is UTF-8 without control characters, written out or as escapes in quotes.",
             "name: \"\\e[31m\"", "name: red"},
    CodePage{"FS0102", "unknown key", "The key is not one of those that its section has.", "network: {widht: 64}",
             "network: {width: 64}"},
    CodePage{"FS0103", "missing", "A field without which the section means nothing.", "input: {kind: sphere}",
             "input: {kind: sphere, dim: 8}"},
    CodePage{"FS0104", "unknown kind", "A choice names a kind that is not in its list.", "activation: erff",
             "activation: erf"},
    CodePage{
        "FS0105", "known, not built",
        "The language knows the word, this version does not compute it. `fieldscan explain inputs`, `theories` and so on "
        "list what there is.",
        "input: {kind: modular_pairs}", "input: {kind: file, path: pairs.npz}"},
    CodePage{"FS0106", "kind is missing", "A choice is a mapping with `kind` and that kind's own fields.",
             "input: {dim: 8, spectrum: identity}", "input: {kind: gaussian, dim: 8}"},
    CodePage{"FS0107", "unknown word", "A field that takes one of a few words.", "parameterisation: nkt",
             "parameterisation: ntk"},
    CodePage{"FS0108", "version", "The first line says which version of the language the file is written in.",
             "fieldscan: 2", "fieldscan: 1"},
    CodePage{"FS0109", "name", "The name becomes a folder.", "name: a/b", "name: a-b"},
    CodePage{"FS0112", "override", "--set PATH=VALUE sets what the file says at that path.", "--set width",
             "--set network.width=64"},
    CodePage{"FS0113", "combination", "Every field is legal alone, together they are not.", "depth: 1, width: [64, 32]",
             "depth: 2, width: [64, 32]"},
    CodePage{"FS0201", "wrong type", "A list where a number belongs, and the like.", "noise: [0.1]", "noise: 0.1"},
    CodePage{"FS0202", "out of range", "The number lies outside the field's range.", "ridge: -1", "ridge: 0.1"},
    CodePage{"FS0203", "not a number", "Written in a way that different programs read differently.", "width: 010",
             "width: 10"},
    CodePage{"FS0204", "not whole", "A count that is not a whole number. 1e3 is whole; expressions are rounded.",
             "width: 16.5", "width: 16"},
    CodePage{"FS0205", "empty list", "A list with one value per layer has at least one.", "width: []",
             "width: [64, 32]"},
    CodePage{"FS0210", "form of an axis", "An axis is a list of values, or a spacing.", "network.width: 64",
             "network.width: [64, 128]"},
    CodePage{"FS0211", "path of an axis", "The path names no field of the points, and no variable.",
             "grid: {width: [16, 32]}", "grid: {network.width: [16, 32]}"},
    CodePage{"FS0212", "empty axis", "An axis without values makes no points.", "network.width: []",
             "network.width: [64]"},
    CodePage{"FS0213", "values fall together",
             "After rounding to 12 digits, or to whole numbers, two values are the same point.",
             "{logspace: [1, 4], num: 9} for a width", "{powers: 2, from: 1, to: 4}"},
    CodePage{"FS0214", "given twice", "A path stands once in grid, zip or fixed of a block.", "", ""},
    CodePage{"FS0215", "ends of logspace", "The two ends are values, not exponents.", "{logspace: [-3, 0], num: 4}",
             "{logspace: [1e-3, 1], num: 4}"},
    CodePage{"FS0216", "zip", "Zipped lists run together and have the same length.", "zip: {a: [1, 2], b: [1, 2, 3]}",
             "zip: {a: [1, 2], b: [3, 4]}"},
    CodePage{"FS0217", "spacing", "Step or base do not lead from one end to the other.", "{range: [0, 1], step: -0.1}",
             "{range: [0, 1], step: 0.1}"},
    CodePage{"FS0218", "value without a name",
             "Lists and mappings along an axis need a name by which tests and figures call them.",
             "network.width: [[64, 32]]", "network.width: [{as: taper, value: [64, 32]}]"},
    CodePage{"FS0219", "no points", "`where` of a block excludes all its combinations.", "", ""},
    CodePage{"FS0220", "too many combinations", "Choices, lists and expressions along axes are each checked in full.",
             "", ""},
    CodePage{"FS0221", "too many",
             "Lists have a largest length: a million values of a spacing, 100000 times, a thousand statements of a "
             "kind, variables, paths or blocks, a hundred theories. None is ever cut in silence.",
             "{linspace: [0.1, 1], num: 2000000}", "{linspace: [0.1, 1], num: 200}"},
    CodePage{"FS0222", "too many results",
             "A campaign books thirty million replicas at most, counted as far as an ensemble can grow.",
             "ensemble: {data_draws: 1000000000}", "ensemble: {data_draws: 1000}"},
    CodePage{"FS0223", "too large for any machine", "Layers, parameters of a network, or the data of one draw.",
             "network: {depth: 2147483647}", "network: {depth: 8}"},
    CodePage{"FS0301", "unknown observable", "`fieldscan explain observables` lists them.", "observe: [test_error]",
             "observe: [error_test]"},
    CodePage{"FS0302", "name of a theory", "Theories are called by their name; two need different ones.",
             "theory: [nngp, nngp]", "theory: [nngp, {kind: nngp, name: other}]"},
    CodePage{"FS0303", "observe", "An entry is an observable, or a mapping with kind, on, of, at, replicas.",
             "observe: [{kind: predictor, at: middle}]", "observe: [{kind: predictor, at: all}]"},
    CodePage{"FS0304", "times", "A rising grid in time, steps or epochs.", "times: [1, 0]",
             "times: {logspace: [0.01, 10], num: 20}"},
    CodePage{"FS0305", "variance of the kernel",
             "ntk_variance is taken over initialisations on the same data, of networks that are trained by a descent.",
             "ensemble: {initialisations: 1}", "ensemble: {initialisations: 8}"},
    CodePage{"FS0306", "ensemble", "data_draws, initialisations (for samplers: chains), theory_draws, until.", "", ""},
    CodePage{"FS0307", "no validation set", "`error_validation` and `at: best` need one.", "",
             "data: {validation_size: 200}"},
    CodePage{"FS0308", "test set is redrawn", "Bias and variance over data compare outputs at the same test points.",
             "", "data: {test_set: shared}"},
    CodePage{"FS0309", "overlap without a direction",
             "Overlaps are projections of the weights on the target's direction.", "",
             "target: {kind: hermite, coefficients: [0, 0, 0, 1]}"},
    CodePage{
        "FS0310", "droplets without a threshold",
        "A unit belongs to the droplets where its |overlap| lies beyond a threshold, which the scan gives: a value "
        "between the two maxima of the histogram of overlaps.",
        "observe: [droplet_fraction]", "observe: [{kind: droplet_fraction, beyond: 0.5}]"},
    CodePage{
        "FS0311", "file of data",
        "The data could not be read: the message says what is there and what is needed. A path that does not begin "
        "with '/' starts at the folder of the scan file, and where nothing is there, at the current one.",
        "path: images.npy", "path: data.npz"},
    CodePage{"FS0401", "syntax of an expression", "See the place of the caret.", "width: 2 beta", "width: 2*beta"},
    CodePage{"FS0402", "assignment", "= assigns, == compares.", "where: \"width = 64\"", "where: \"width == 64\""},
    CodePage{"FS0403", "comma", "Only min and max take several arguments; decimal numbers have a point.",
             "ridge: \"0,5\"", "ridge: 0.5"},
    CodePage{"FS0404", "word in arithmetic", "Words can only be compared.", "where: \"activation > 1\"",
             "where: \"activation == 'erf'\""},
    CodePage{"FS0407", "unknown name",
             "Names in expressions are variables of `let`, axes, fields; in statements also observables and theories.",
             "chi: widht", "chi: width"},
    CodePage{"FS0408", "ambiguous name", "Two fields have this last part.", "width", "network.width"},
    CodePage{"FS0409", "circle", "Expressions that need each other.", "chi: ridge, ridge: chi", "chi: 1, ridge: chi"},
    CodePage{"FS0410", "function", "Expressions know a fixed set of functions; those of results belong to statements.",
             "ln(2)", "log(2)"},
    CodePage{
        "FS0411", "not finite",
        "A division by zero, a logarithm of a negative number. A side of a comparison may be so where the condition "
        "does not hang on it: exclude these points in the same condition.",
        "chi: log(0), where: \"log(width - 8) > 1\"", "where: \"width > 8 && log(width - 8) > 1\""},
    CodePage{"FS0412", "number needed", "The value is needed before there are points.", "num: width", "num: 7"},
    CodePage{
        "FS0413", "not a condition",
        "A condition is true or false at a point: comparisons and flags, joined by && and ||, negated by !(…). A number "
        "alone compares nothing, and 4 <= width <= 8 would compare 1 or 0 with 8. A variable of `let` that is a "
        "condition is a flag.",
        "where: \"4 <= width <= 8\"", "where: \"4 <= width && width <= 8\""},
    CodePage{"FS0501", "unknown test", "`fieldscan explain tests` lists them.", "kind: agree", "kind: agreement"},
    CodePage{"FS0502", "statement incomplete", "What the statement needs and does not have.", "", ""},
    CodePage{"FS0503", "key of another statement",
             "The key means nothing in this kind of statement. A value is taken where `where` says; `at` is a time.",
             "{value: error_test, along: train_size, at: 64}", "{value: error_test, where: \"train_size == 64\"}"},
    CodePage{"FS0504", "margin", "A positive number, or a share.", "within: -3%", "within: 3%"},
    CodePage{"FS0505", "window", "Two ends, the smaller first.", "window: [1024, 64]", "window: [64, 1024]"},
    CodePage{
        "FS0506", "selects no point",
        "`where` holds, or `window` contains one, at no point of the scan; or `where` compares a field with a word that "
        "no point has, which is the same at all of them.",
        "where: \"width >= 4096\"", "where: \"width >= 512\""},
    CodePage{"FS0507", "unknown theory", "The scan lists no theory of this name.", "with: nnpg", "with: nngp"},
    CodePage{
        "FS0508", "not predicted",
        "The theory does not predict this observable, or takes the place of nothing in the formula that it is compared with.",
        "nngp.accuracy", "nngp.error_test"},
    CodePage{"FS0509", "not measured", "Only theories have it, it needs an argument, or it is a block of numbers.",
             "eigenvalue", "ntk_flow.eigenvalue"},
    CodePage{"FS0510", "unknown axis", "The name of an axis, a field or a dimension belongs here.", "by: widht",
             "by: width"},
    CodePage{"FS0511", "at",
             "A time: start, end, best, all, or a number that is recorded, to 5 %; points without times have none.",
             "at: middle", "at: end"},
    CodePage{"FS0512", "name of a definition", "A new word.", "", ""},
    CodePage{"FS0513", "two tests of one name", "Verdicts are told apart by names.", "", ""},
    CodePage{"FS0514", "value of several points",
             "A value belongs to one point. Points of several blocks that differ along no axis are told apart by "
             "`where` or `by`.",
             "{value: error_test}", "{value: error_test, where: \"train_size == 64\"}"},
    CodePage{"FS0515", "definitions in a circle", "Definitions that need each other have no value.",
             "define: {a: {value: b}, b: {value: a}}", "define: {a: {value: error_test}, b: {value: a}}"},
    CodePage{"FS0516", "can never be decided",
             "What the statement is about is neither measured nor predicted at any of its points: the diagnosis of "
             "chains belongs to samplers, the condition number to solved readouts, nothing is measured under "
             "`training: none`, and a dimension to the observables that have it.",
             "training: {kind: sgd, …}, tests: [{kind: bound, of: rhat, below: 1.1}]",
             "training: {kind: hmc}, tests: [{kind: bound, of: rhat, below: 1.1}]"},
    CodePage{"FS0601", "odd levels and ReLU",
             "A bias-free one-hidden-layer ReLU network is a linear plus an even function: odd levels above one stay "
             "at zero.",
             "", "network: {bias_variance: 0.1}"},
    CodePage{"FS0602", "Hermite on the sphere", "Hermite polynomials of w·x are orthogonal for normal inputs only.", "",
             "target: {kind: gegenbauer, levels: {1: 0.8, 3: 0.2}}"},
    CodePage{
        "FS0603", "few members",
        "An error bar is the scatter of many networks. A mean takes 3 data draws, or 3 initialisations where the "
        "results vary more from one initialisation to the next than from one data set to the next; a fit, χ² and "
        "what is formed from several networks take 8. Where both vary, 2 or 3 of one beside many of the other tell "
        "too little of how it varies: 4 do, or 1, whose choice is then part of the statement. Of samplers data draws "
        "× chains count. A test with fewer is undecided whatever comes out; `fieldscan plan` says what each test "
        "needs and has.",
        "ensemble: {data_draws: 4}, tests: [{kind: power_law, …}]",
        "ensemble: {data_draws: 8}, tests: [{kind: power_law, …}]"},
    CodePage{"FS0604", "axis of one value", "It makes no curve.", "", ""},
    CodePage{"FS0605", "unused variable", "A variable of `let` that nothing mentions.", "", ""},
    CodePage{"FS0606", "name of a variable", "A new word: no section, observable or dimension.", "", ""},
    CodePage{"FS0607", "most are excluded", "`where` keeps fewer than a tenth of the combinations.", "", ""},
    CodePage{"FS0608", "theory applies nowhere",
             "It will say 'not applicable' at every point. As a yardstick it is compared beside any trainer.",
             "theory: [ntk]   # beside adam", "theory: [{kind: ntk, role: reference}]"},
    CodePage{"FS0609", "adam and ridge", "Adam has its own weight decay.", "", ""},
    CodePage{"FS0610", "ridge 0 with a sampler",
             "The posterior is exp(−U) with (χ/2κ) Σ (f − y)² in U: there is none at κ = 0.", "", ""},
    CodePage{"FS0611", "points repeat",
             "Combinations of an axis that no field depends on are one point, computed once. An axis that only tests "
             "mention makes no points.",
             "let: {alpha: 1}, grid: {alpha: [1, 2]}", "let: {alpha: 1}, network: {chi: alpha}, grid: {alpha: [1, 2]}"},
    CodePage{"FS0612", "two files of one name",
             "A relative path starts at the folder of the scan file; there is another file of that name in the current "
             "folder.",
             "", ""},
    CodePage{"FS0613", "theory of the pool, test files",
             "The theory averages over all rows of the pool. Separate test files may be harder or easier, and so may "
             "the few "
             "rows that are held out, where most of them are tested in every draw: that is no part of the error bars.",
             "", "data: {test_from: pool, test_size: 200}"},
    CodePage{
        "FS0614", "two kernels",
        "Without a trainer a theory that takes the trainer's kernel takes that of the posterior; beside a theory of "
        "gradient descent the two are compared with different networks.",
        "theory: [ntk, learning_curve]", "theory: [ntk, {kind: learning_curve, kernel: tangent}]"},
    CodePage{"FS0615", "step of langevin",
             "θ ← θ − ε ∇U + √(2ε) ξ is stable for ε (1 + λ_max(Θ)/κ) < 2; λ_max is estimated from wide layers.",
             "{kind: langevin, step: 1}", "{kind: langevin, step: 1e-3}"},
    CodePage{"FS0616", "observable that no trainer has",
             "The diagnosis of chains is of samplers, the condition number of a solved readout: other replicas are "
             "done without.",
             "training: {kind: sgd, …}, observe: [rhat]", "observe: [error_test]"},
    CodePage{"FS0617", "curve of one value",
             "What stands in `versus`, `along`, `between` or `over` has one value at all points of the statement.",
             "versus: width, where: \"width == 64\"", "versus: width"},
    CodePage{"FS0618", "labels not used",
             "Inputs come from a file, and no target is asked for: the labels are not used.",
             "input: {kind: file, path: data.csv}", "target: {kind: labels}"},
    CodePage{"FS0619", "times that are not recorded",
             "Times of a grid beyond the end of training are left out; trainers without times use none of it.",
             "training: {kind: gradient_descent, time: 2}, times: [1, 5]", "times: [1, 2]"},
    CodePage{"FS0620", "ridge of fresh examples",
             "With train_size: online every step has fresh examples; the loss of a batch has no ridge.", "", ""},
    CodePage{"FS0621", "rounded",
             "An expression in a field of whole numbers gave another number, and the nearest one is taken (halves up): "
             "a note, with the first point where it is so.",
             "width: \"700 * sqrt(beta)\"", "width: \"floor(700 * sqrt(beta))\""},
    CodePage{"FS0622", "few points", "An observable is asked on more test points than the test set has.",
             "data: {test_size: 40}, observe: [{kind: spectrum, on: {test: 64}}]",
             "data: {test_size: 100}, observe: [{kind: spectrum, on: {test: 64}}]"},
    CodePage{"FS0623", "no grid of times",
             "A statement runs over all times, and `times` is not given: start and end alone are recorded.",
             "tests: [{…, versus: time}]", "times: {logspace: [0.1, 10], num: 20}, tests: [{…, versus: time}]"},
    CodePage{
        "FS0624", "rate of descent",
        "Gradient descent is stable for (η/χ)(λ_max(Θ) + κ) < 2(1 + β), in batches for less; λ_max is estimated from "
        "wide layers at initialisation, which training may leave for flatter places.",
        "{kind: gradient_descent, learning_rate: 100}", "{kind: gradient_descent, learning_rate: 0.1}"},
    CodePage{
        "FS0630", "few test rows",
        "Data without test files hold out the fraction `test_part` of their rows, by a permutation that depends on "
        "their content alone: few rows of a small file, and in every data draw the same ones.",
        "input: {kind: file, path: small.csv}", "input: {kind: file, path: small.csv, test_part: 0.5}"},
    CodePage{
        "FS0631", "pixels that no filter sees",
        "A stride wider than the filter jumps over rows and columns of the image, and with `padding: valid` one that "
        "does not divide what is left beside the filter ends before the last of them: what they hold is lost to "
        "the network.",
        "architecture: {layers: convolution, filter: 3, stride: 4}",
        "architecture: {layers: convolution, filter: 3, stride: 3}"},
    CodePage{
        "FS0632", "data draws that are copies",
        "Every draw trains on all rows of the file, or on all inputs of a finite set, without noise: where it is tested "
        "on the same ones too (`test_size: rest`, `test_set: shared`) draws are copies. Of networks without noise of "
        "their own, and of theories, they count as one, and errors come from initialisations; those of chains and "
        "batches are about this one set of data. With other test rows errors of test numbers are those of their choice, "
        "with label noise those of the noise too, and for what is formed of the training rows alone draws are one.",
        "data: {train_size: whole, test_size: rest}, ensemble: {data_draws: 20}",
        "data: {train_size: 400, test_size: rest}, ensemble: {data_draws: 20}"},
};

}  // namespace

std::span<const CodePage> code_pages() { return all_codes; }

}  // namespace fieldscan::scan
