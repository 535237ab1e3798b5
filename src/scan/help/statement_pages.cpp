#include <array>

#include "pages.hpp"

namespace fieldscan::scan {
namespace {

constexpr std::array all_statements{
    WordPage{"linspace", "Axis: {linspace: [a, b], num: n}: n values with equal steps, both ends among them."},
    WordPage{"logspace",
             "Axis: {logspace: [a, b], num: n}: n values with equal ratios, from a to b; the ends are values, not "
             "exponents."},
    WordPage{"range", "Axis: {range: [a, b], step: s}: a, a + s, … up to b."},
    WordPage{"powers", "Axis: {powers: 2, from: 64, to: 4096}: from times the powers of a base."},
    WordPage{"as", "A name for a value of an axis that is neither a number nor a word: {as: NAME, value: …}."},
    WordPage{"kind",
             "Which of several forms is meant: {kind: sphere, dim: 8}. A word alone is a kind with its defaults."},
    WordPage{"crossing",
             "Definition: where the curve of an expression along `along` first meets `level`; interpolated, see log. "
             "Of one that does not meet it only a bound is known."},
    WordPage{"argmin",
             "Definition: where the curve is least: the vertex of the parabola through the least point and its "
             "neighbours. Where that is an end, only a bound is known."},
    WordPage{"argmax", "Definition: where the curve is largest; see argmin."},
    WordPage{"minimum", "Definition: the least value of the curve, at argmin."},
    WordPage{"maximum", "Definition: the largest value of the curve, at argmax."},
    WordPage{"value", "Definition: the number of an expression as it is, without a curve."},
    WordPage{"along", "Definition: the axis or dimension that the curve goes along: a field, time, mode …"},
    WordPage{"level", "Definition: the value that a crossing meets."},
    WordPage{
        "log",
        "Definition: true interpolates in log x, false in x; the default is as the values of the axis are spaced."},
    WordPage{"from", "Definition: the theory whose predictions make the curve, instead of the measurement."},
    WordPage{"of", "Test: the observable or expression that the claim is about; of a list, each."},
    WordPage{"with",
             "Test: what `of` is compared with: a theory, an observable, an expression or a number. Figure: what is "
             "drawn as a line beside."},
    WordPage{"between", "Test: the axis between whose values `of` should agree."},
    WordPage{"versus", "Test, figure: the abscissa: an axis, time, or an expression; two in scaling laws and maps."},
    WordPage{"over", "Test: the axes whose curves should fall on one."},
    WordPage{"expect",
             "Test: the exponent or slope (two: a list) that is expected: a number, an expression, or a theory, which "
             "is fitted alike."},
    WordPage{"form", "Test: power_law: floor or crossover; scaling_law: sum, floor or min."},
    WordPage{"below", "Test: the bound that `of` lies below."},
    WordPage{"above", "Test: the bound that `of` lies above."},
    WordPage{"direction", "Test: up or down, how `of` goes along `versus`."},
    WordPage{"plot", "Figure: the observable or expression along the ordinate."},
    WordPage{"each", "Figure: the axis with one panel per value."},
    WordPage{"style",
             "Figure: points, lines, map (two formulas in versus), histogram or regions (where each theory holds)."},
    WordPage{"mark", "Figure: definitions that are drawn as vertical lines."},
};

}  // namespace

std::span<const WordPage> statement_pages() { return all_statements; }

}  // namespace fieldscan::scan
