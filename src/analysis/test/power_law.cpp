#include "power_law.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <tuple>

#include "../fit/curve_law.hpp"
#include "../fit/fit.hpp"
#include "../fit/local_exponents.hpp"
#include "form.hpp"
#include "shared.hpp"

namespace fieldscan::analysis {
namespace {

constexpr double fit_tolerance = 1e-8;  ///< to which exponents are found

CurveForm form_of(const scan::PowerLaw& kind) {
  using Form = scan::PowerLaw::Form;
  if (!kind.form) return CurveForm::power;
  return *kind.form == Form::floor ? CurveForm::floor : CurveForm::crossover;
}

/// The theory that is expected; empty where a number or an expression is, or nothing.
std::string theory_of(const Context& context, const scan::PowerLaw& kind) {
  if (kind.expect.empty() || !is_theory(*context.table, kind.expect.each[0].text)) return "";
  return kind.expect.each[0].text;
}

struct Exponent {
  Quantity value;
  double chi_squared = 0;
  int degrees = 0;
  std::vector<double> fitted;
  std::string beside;  ///< what else the fit has found
  Quantity floor = exact_quantity(0);
  double from = 0;  ///< the exponent is that of larger abscissas: beyond a crossover
};

Exponent exponent_of(CurveForm form, const Curve& curve) {
  if (form == CurveForm::power) {
    const PowerLaw fit = fit_power_law(curve.x, curve.y, curve.order);
    return {fit.exponent, fit.chi_squared, fit.degrees, fit.fitted, "", exact_quantity(0), 0};
  }
  const CurveLaw fit = fit_curve(form, curve.x, curve.y, curve.order);
  const std::string beside = !fit.exponent.has_value()  ? ""
                             : form == CurveForm::floor ? fmt::format(", floor {}", text_of(fit.first))
                                                        : fmt::format(", {} before the crossover at {}",
                                                                      text_of(fit.first), text_of(fit.crossover));
  const bool has_floor = form == CurveForm::floor && fit.exponent.has_value();
  return {fit.exponent,
          fit.chi_squared,
          fit.degrees,
          fit.fitted,
          beside,
          has_floor ? fit.first : exact_quantity(0),
          form == CurveForm::crossover ? fit.crossover.value : 0};
}

/// The measured curve, and that of a theory where the expectation is one. Roots are fitted as signed squares: noise on
/// a square has no bias, and a square may be negative.
CurvePair curves_of(const Context& context, const scan::PowerLaw& kind, const scan::Mentions& of,
                    const scan::Mentions& versus, const std::vector<Site>& sites) {
  const Power power = has_root(of) ? Power::signed_square : Power::plain;
  if (const std::string theory = theory_of(context, kind); !theory.empty())
    return make_curves(context, of, versus, sites, theory, power);
  return {make_curve(context, of, versus, sites, "", power), {}, ""};
}

/// The exponent that is expected: a number, an expression at the group's first site, or a theory's own fit in the same
/// window.
Quantity expectation(const Context& context, const scan::PowerLaw& kind, const Curve& theory,
                     const std::vector<Site>& sites) {
  if (theory_of(context, kind).empty())
    return evaluate(context, context.resolve(kind.expect.each[0].text), sites.front());
  return exponent_of(form_of(kind), theory).value;
}

/// The exponents between neighbouring points against the expected one: a theory's own exponent between the same points,
/// where it has one.
std::vector<LocalNumber> local_numbers(const Exponent& fit, const Curve& curve, const Exponent& of_theory,
                                       const Curve& theory, const Quantity& expected, const scan::Margin& margin) {
  const auto exponents = local_exponents_above(fit.floor, curve.x, curve.y, curve.order);
  std::vector<Quantity> theirs;
  if (theory.x == curve.x) theirs = local_exponents_above(of_theory.floor, theory.x, theory.y, theory.order);
  std::vector<LocalNumber> locals;
  for (std::size_t k = 0; k < exponents.size(); ++k) {
    if (!exponents[k].has_value() || curve.x[k] < fit.from) continue;
    const bool has_own = !theirs.empty() && theirs[k].has_value();
    const Quantity& there = has_own ? theirs[k] : expected;
    locals.push_back({difference(exponents[k], there), around_zero(margin, there.value),
                      fmt::format("the exponent{} from {} to {} is {}, expected {} ± {}",
                                  fit.floor.value == 0 ? "" : " above the floor", number(curve.x[k]),
                                  number(curve.x[k + 1]), text_of(exponents[k]), text_of(there), text_of(margin))});
  }
  return locals;
}

/// The best of the rivals that describe the curve better in nearly all of the bootstrap's replicates.
std::string better_rival(const Context& context, CurveForm form, const Curve& curve, const Misfit& misfit) {
  constexpr double nearly_all = 0.95;
  // Exact curves have no errors that would tell laws apart, until one of them is plainly wrong.
  if (!misfit.rejected && std::ranges::all_of(curve.y, &Quantity::exact)) return "";
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

/// The reason is of one point: how many are like it.
std::string how_many_unsound(const Curve& curve) {
  const auto unsound = std::ranges::count_if(curve.y, [](const Quantity& y) { return !y.why_unsound().empty(); });
  return unsound < 2 ? "" : fmt::format("so at {} of {} points, of which this is the worst", unsound, curve.y.size());
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

/// Where a crossing is censored, the law must not lie on the wrong side of its bound.
std::string beyond_bounds(const PowerLaw& law, const Curve& curve) {
  for (const Curve::Bound& bound : curve.bounds) {
    const double there = law.amplitude.value * std::pow(bound.x / law.centre, law.order * law.exponent.value);
    const double error = 2 * estimate(law.amplitude).standard_error * std::abs(there / law.amplitude.value);
    const bool wrong = bound.side == Censored::above ? there + error < bound.value : there - error > bound.value;
    if (wrong)
      return fmt::format("the law has {} at {}, where the number is only known to lie {} {}", number(there),
                         number(bound.x), bound.side == Censored::above ? "above" : "below", number(bound.value));
  }
  return "";
}

Finding of_group(const Context& context, const scan::PowerLaw& kind, const scan::Mentions& of,
                 const std::vector<Site>& sites) {
  const scan::Mentions versus = context.resolve(kind.versus.at(0).text);
  const auto [curve, theory, draws] = curves_of(context, kind, of, versus, sites);
  const CurveForm form = form_of(kind);
  const Exponent fit = exponent_of(form, curve);
  if (!fit.value.has_value()) {
    Finding none = nothing_to_judge(curve.why_none(fit.value.problem));
    tell_soundness(none, curve.y);
    return none;
  }
  Finding finding{.label = {},
                  .statement = fmt::format("exponent {} from {}{}", text_of(fit.value),
                                           counted(curve.x.size(), "point"), fit.beside),
                  .because = "no expectation was given",
                  .outcome = Finding::Outcome::open};
  const Misfit misfit = misfit_of(word_of(form), curve.y, fit.fitted, fit.chi_squared, fit.degrees);
  tell_soundness(finding, std::span(&fit.value, 1));
  std::vector<LocalNumber> locals;
  Quantity expected;
  if (!kind.expect.empty()) {
    const scan::Margin margin = kind.within.value_or(scan::Margin{});
    expected = expectation(context, kind, theory, sites);
    const std::string statement = finding.statement;
    Allowed allowed = around_zero(margin, expected.value);
    allowed.rounding = fit_tolerance;
    finding = judge(difference(fit.value, expected), allowed, members_for_fit);
    finding.statement = fmt::format("{}; expected {} ± {}{}", statement, text_of(expected), text_of(margin),
                                    draws.empty() ? "" : ", " + draws);
    if (misfit.rejected && expected.has_value())
      locals = local_numbers(fit, curve, theory.x.empty() ? Exponent{} : exponent_of(form, theory), theory, expected,
                             margin);
  }
  state_number(finding, "exponent", fit.value, expected);
  if (finding.outcome == Finding::Outcome::open && !fit.value.why_unsound().empty())
    add_sentence(finding.because, how_many_unsound(curve));
  if (form == CurveForm::power) add_sentence(finding.because, window_moves(curve));
  finding.basis.join(curve.basis);
  leave_out(finding, {curve.left_out, curve.lack, curve.left_out_basis});
  judge_form(finding, misfit, locals, better_rival(context, form, curve, misfit));
  if (form == CurveForm::power && !curve.bounds.empty())
    if (const std::string wrong = beyond_bounds(fit_power_law(curve.x, curve.y, curve.order), curve); !wrong.empty()) {
      finding.inside = false;
      add_sentence(finding.because, wrong);
    }
  return finding;
}

}  // namespace

std::vector<Finding> evaluate(const Context& context, const scan::Test& test, const scan::PowerLaw& kind) {
  std::vector<Finding> findings;
  for (const scan::Formula& formula : test.of) {
    const Selection selection = selection_of(context, test, formula);
    const scan::Mentions versus = context.resolve(kind.versus.at(0).text);
    const std::vector<Site> sites = in_window(context, test, versus, select_sites(context, selection));
    for (const Group& group : group_sites(context, sites, names_in(versus), test.by, &versus)) {
      Finding finding = of_group(context, kind, selection.formulas[0], group.sites);
      finding.label = group.label;
      findings.push_back(std::move(finding));
    }
  }
  return findings;
}

std::string claim_of(const scan::Test& test, const scan::PowerLaw& kind) {
  const std::string expected = kind.expect.empty() ? ""
                                                   : fmt::format(" with exponent {}{}", kind.expect.each[0].text,
                                                                 kind.within ? " ± " + text_of(*kind.within) : "");
  return fmt::format("{} is a power law in {}{}", list_of(test.of), list_of(kind.versus), expected);
}

}  // namespace fieldscan::analysis
