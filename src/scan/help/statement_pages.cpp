#include <array>

#include "pages.hpp"

namespace fieldscan::scan {
namespace {

constexpr std::array all_statements{
    WordPage{"linspace", "Axis: {linspace: [a, b], num: n}: n values with equal steps, both ends among them.",
             "{linspace: [0, 1], num: 11}"},
    WordPage{"logspace",
             "Axis: {logspace: [a, b], num: n}: n values with equal ratios, from a to b; the ends are values, not "
             "exponents.",
             "{logspace: [0.01, 10], num: 7}"},
    WordPage{"range", "Axis: {range: [a, b], step: s}: a, a + s, … up to b.", "{range: [10, 100], step: 10}"},
    WordPage{"powers", "Axis: {powers: 2, from: 64, to: 4096}: from times the powers of a base.",
             "{powers: 2, from: 64, to: 4096}"},
    WordPage{"as", "A name for a value of an axis that is neither a number nor a word: {as: NAME, value: …}."},
    WordPage{"kind",
             "Which of several forms is meant: {kind: sphere, dim: 8}. A word alone is a kind with its defaults."},
    WordPage{"crossing",
             "Definition: where the curve of an expression along `along` first meets `level`; interpolated, see log. "
             "Of one that does not meet it only a bound is known.",
             "define: {onset: {crossing: error_test, level: 0.5, along: train_size, by: width}}"},
    WordPage{"argmin",
             "Definition: where the curve is least: the vertex of the parabola through the least point and its "
             "neighbours. Where that is an end, only a bound is known.",
             "define: {best_width: {argmin: error_test, along: width, by: train_size}}"},
    WordPage{"argmax", "Definition: where the curve is largest; see argmin.",
             "define: {peak: {argmax: error_test, along: width, by: train_size}}"},
    WordPage{
        "minimum",
        "Definition: the least value of the curve, at argmin. Where that is an end, only a bound is known: further on "
        "it may be less.",
        "define: {least: {minimum: error_test, along: width, by: train_size}}"},
    WordPage{
        "maximum",
        "Definition: the largest value of the curve, at argmax. Where that is an end, only a bound is known: further "
        "on it may be more.",
        "define: {most: {maximum: error_test, along: width, by: train_size}}"},
    WordPage{"slope", "Definition: d log y/d log x of the curve, between neighbouring points along `along`.",
             "define: {local: {slope: error_test, along: train_size, by: width}}"},
    WordPage{"value", "Definition: the number of an expression as it is, without a curve.",
             "define: {wide: {value: error_test, where: \"width == 256 && train_size == 16\"}}"},
    WordPage{"along", "Definition: the axis or dimension that the curve goes along: a field, time, mode …",
             "define: {onset: {crossing: error_test, level: 0.5, along: train_size, by: width}}"},
    WordPage{"level", "Definition: the value that a crossing meets.",
             "define: {onset: {crossing: error_test, level: 0.5, along: train_size, by: width}}"},
    WordPage{"log",
             "Definition: true interpolates in log x, false in x; the default is as the values of the axis are spaced.",
             "define: {onset: {crossing: error_test, level: 0.5, along: train_size, by: width, log: true}}"},
    WordPage{"from", "Definition: the theory whose predictions make the curve, instead of the measurement.",
             "define: {onset: {crossing: error_test, level: 0.5, along: train_size, by: width, from: nngp}}"},
    WordPage{"of", "Test: the observable or expression that the claim is about; of a list, each.",
             "{kind: agreement, of: [error_test, error_train], with: nngp, within: 3%}"},
    WordPage{"with",
             "Test: what `of` is compared with: a theory, an observable, an expression or a number. Figure: what is "
             "drawn as a line beside.",
             "{kind: agreement, of: error_test, with: nngp, within: 3%}"},
    WordPage{"between", "Test: the axis between whose values `of` should agree.",
             "{kind: agreement, of: onset, between: width, within: 10%}"},
    WordPage{"versus", "Test, figure: the abscissa: an axis, time, or an expression; two in scaling laws and maps.",
             "{kind: power_law, of: deviation(nngp), versus: width, expect: -1, within: 0.2}"},
    WordPage{"over", "Test: the axes whose curves should fall on one.",
             "{kind: collapse, of: error_test, versus: train_size/width, over: width}"},
    WordPage{"expect",
             "Test: the exponent or slope (two: a list) that is expected: a number, an expression, or a theory, which "
             "is fitted alike.",
             "{kind: power_law, of: error_test, versus: train_size, expect: learning_curve, within: 0.1}"},
    WordPage{"form", "Test: power_law: floor or crossover; scaling_law: sum, floor or min.",
             "{kind: power_law, of: error_test, versus: train_size, form: floor, expect: -1, within: 0.2}"},
    WordPage{"below", "Test: the bound that `of` lies below.", "{kind: bound, of: error_test, below: 0.1}"},
    WordPage{"above", "Test: the bound that `of` lies above.", "{kind: bound, of: acceptance, above: 0.5}"},
    WordPage{"direction", "Test: up or down, how `of` goes along `versus`.",
             "{kind: monotone, of: error_test, versus: train_size, direction: down}"},
    WordPage{"plot", "Figure: the observable or expression along the ordinate.",
             "{plot: [bias2, variance_data, variance_init], versus: width}"},
    WordPage{"each", "Figure: the axis with one panel per value.",
             "{plot: error_test, versus: width, each: train_size}"},
    WordPage{"style",
             "Figure: points, lines, map (two formulas in versus), histogram or regions (where each theory holds).",
             "{plot: error_test, versus: [width, train_size], style: map}"},
    WordPage{"mark", "Figure: definitions that are drawn as vertical lines.",
             "{plot: error_test, versus: train_size, by: width, mark: [onset]}"},
    WordPage{
        "scale",
        "Figure: which axes are logarithmic: linear, log (the vertical one), log-x, log-y, log-log; where nothing is "
        "said those along which numbers spread far (abscissas by 8, ordinates by 30).",
        "{plot: error_test, versus: width, scale: log-log}"},
    WordPage{"draws", "Figure: true puts every data draw by itself as a faint point behind what is measured.",
             "{plot: error_test, versus: width, draws: true}"},
    WordPage{"ranges", "Figure: shared (the default) gives the panels of `each` the same axes, own each its own.",
             "{plot: loss_train, versus: time, each: width, ranges: own}"},
    WordPage{"xlabel", "Figure: what stands at the horizontal axis, instead of the glossary's words and symbol.",
             "{plot: error_test, versus: width, xlabel: \"units N\"}"},
    WordPage{"ylabel", "Figure: what stands at the vertical axis, instead of the glossary's words and symbol.",
             "{plot: error_test, versus: width, ylabel: \"ε\"}"},
    WordPage{"title", "Figure: what stands above the drawing; nothing where nothing is said.",
             "{plot: error_test, versus: width, title: \"Wide networks\"}"},
};

}  // namespace

std::span<const WordPage> statement_pages() { return all_statements; }

}  // namespace fieldscan::scan
