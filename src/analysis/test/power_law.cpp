#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <tuple>

#include "../curve_law.hpp"
#include "../fit.hpp"
#include "fieldscan/core/statistics.hpp"
#include "list.hpp"

namespace fieldscan::analysis {
namespace {

CurveForm form_of(const scan::Test& test) {
  return test.form == "floor" ? CurveForm::floor : test.form == "crossover" ? CurveForm::crossover : CurveForm::power;
}

struct Exponent {
  Quantity value;
  double chi_squared = 0;
  int degrees = 0;
  std::string beside;  ///< what else the fit has found
};

Exponent exponent_of(CurveForm form, const Curve& curve) {
  if (form == CurveForm::power) {
    const PowerLaw fit = fit_power_law(curve.x, curve.y, curve.order);
    return {fit.exponent, fit.chi_squared, fit.degrees, ""};
  }
  const CurveLaw fit = fit_curve(form, curve.x, curve.y, curve.order);
  const std::string beside = !fit.exponent.has_value()  ? ""
                             : form == CurveForm::floor ? fmt::format(", floor {}", text_of(fit.first))
                                                        : fmt::format(", {} before the crossover at {}",
                                                                      text_of(fit.first), text_of(fit.crossover));
  return {fit.exponent, fit.chi_squared, fit.degrees, beside};
}

/// The exponent that is expected: a number, an expression at the group's first site, or a theory's own fit in the same window.
Quantity expectation(const Context& context, const scan::Test& test, const scan::Mentions& of,
                     const scan::Mentions& versus, const std::vector<Site>& sites) {
  if (!is_theory(*context.table, test.expect->text))
    return evaluate(context, context.resolve(test.expect->text), sites.front());
  return exponent_of(form_of(test), make_curve(context, of, versus, sites, test.expect->text)).value;
}

void add(std::string& text, const std::string& sentence) {
  if (!sentence.empty()) text += (text.empty() ? "" : "; ") + sentence;
}

std::string quality(const Exponent& fit, CurveForm form) {
  if (fit.degrees < 1) return "";
  const double p = 1 - chi_squared_cdf(fit.chi_squared, fit.degrees);
  return p < 0.01 ? fmt::format("not one {} over the window: χ² of the fit is {:.3g} at {} degrees of freedom",
                                word_of(form), fit.chi_squared, fit.degrees)
                  : "";
}

/// The best of the rivals that describe the curve better in nearly all of the bootstrap's replicates.
std::string better_rival(const Context& context, CurveForm form, const Curve& curve) {
  constexpr double nearly_all = 0.95;
  if (std::ranges::none_of(curve.y, [](const Quantity& q) { return !q.exact(); })) return "";
  std::optional<RivalLaw> best;
  for (const CurveForm other : curve_forms) {
    if (other == form) continue;
    const RivalLaw rival = compare_forms(std::array{form, other}, curve.x, curve.y, curve.order, context.seed).at(1);
    if (rival.share >= nearly_all && (!best || rival.law.criterion < best->law.criterion)) best = rival;
  }
  if (!best) return "";
  return fmt::format("a{} {} describes the curve better (lower AIC in {:.0f} % of the replicates): exponent {}",
                     best->law.form == CurveForm::exponential ? "n" : "", word_of(best->law.form), 100 * best->share,
                     text_of(best->law.exponent));
}

/// What becomes of the exponent in the window without its first, and without its last point.
std::string window_moves(const Curve& curve) {
  const WindowStability window = window_stability(curve.x, curve.y, curve.order);
  std::string text;
  for (const auto& [exponent, shift, which] : {std::tuple{window.without_first, window.shift_first, "first"},
                                               {window.without_last, window.shift_last, "last"}})
    if (exponent.has_value() && shift.has_value())
      text += fmt::format("{}{} without the {} point", text.empty() ? "" : ", ", text_of(exponent), which);
  return text;
}

Finding of_group(const Context& context, const scan::Test& test, const scan::Mentions& of,
                 const std::vector<Site>& sites) {
  const scan::Mentions versus = context.resolve(test.versus.at(0).text);
  // Roots are fitted as signed squares: noise on a square has no bias, and a square may be negative.
  const Curve curve = make_curve(context, of, versus, sites, "", has_root(of) ? Power::signed_square : Power::plain);
  const CurveForm form = form_of(test);
  const Exponent fit = exponent_of(form, curve);
  if (!fit.value.has_value()) return {.label = {}, .statement = {}, .because = fit.value.problem};
  Finding finding{
      .label = {},
      .statement = fmt::format("exponent {} from {} points{}", text_of(fit.value), curve.x.size(), fit.beside),
      .because = "no expectation was given"};
  if (test.expect) {
    const Quantity expected = expectation(context, test, of, versus, sites);
    const Quantity off = difference(fit.value, expected);
    const std::string statement = finding.statement;
    finding = judge(off, around_zero(test.within.value_or(scan::Margin{}), expected.value), members_for_fit);
    finding.statement = fmt::format("{}; expected {} ± {}", statement, text_of(expected),
                                    text_of(test.within.value_or(scan::Margin{})));
  }
  if (form == CurveForm::power) add(finding.because, window_moves(curve));
  add(finding.because, quality(fit, form));
  add(finding.because, better_rival(context, form, curve));
  return finding;
}

}  // namespace

std::vector<Finding> test_power_law(const Context& context, const scan::Test& test) {
  std::vector<Finding> findings;
  for (const scan::Formula& formula : test.of) {
    const Selection selection = selection_of(context, test, formula);
    const scan::Mentions versus = context.resolve(test.versus.at(0).text);
    const std::vector<Site> sites = in_window(context, test, versus, select_sites(context, selection));
    for (const Group& group : group_sites(context, sites, names_in(versus), test.by, &versus)) {
      Finding finding = of_group(context, test, selection.formulas[0], group.sites);
      finding.label = group.label;
      findings.push_back(std::move(finding));
    }
  }
  return findings;
}

}  // namespace fieldscan::analysis
