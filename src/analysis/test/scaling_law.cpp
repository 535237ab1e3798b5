#include "scaling_law.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "../fit/curve_law.hpp"
#include "../fit/joint_law.hpp"
#include "../fit/local_exponents.hpp"
#include "form.hpp"
#include "shared.hpp"

namespace fieldscan::analysis {
namespace {

struct Surface {
  std::vector<std::array<double, 2>> x;
  std::vector<Quantity> y;
  std::size_t left_out = 0;  ///< sites without a number, or with a censored one
  Missing problem;           ///< of the first of them, with the basis of all
  Basis basis;               ///< of the points
};

void add_point(Surface& surface, std::array<double, 2> x, const Quantity& y) {
  if (!y.has_value() || y.censored != Censored::no) {
    if (surface.left_out++ == 0)
      surface.problem =
          y.has_value() ? Missing{"the number lies beyond the range that was looked at"} : Missing{y.problem, y.lack};
    surface.problem.basis.join(marked_basis(y));
    return;
  }
  surface.basis.join(marked_basis(y));
  surface.x.push_back(x);
  surface.y.push_back(y);
}

/// The measurement, and a theory where one is named, every point on the data draws that both have.
struct Surfaces {
  Surface measured, expected;
  std::string draws;
};
Surfaces make_surfaces(const Context& context, const scan::Mentions& of, const std::array<scan::Mentions, 2>& versus,
                       const std::vector<Site>& sites, const std::string& theory) {
  const scan::Mentions of_theory = as_predicted(of, theory);
  Surfaces surfaces;
  for (const Site& site : sites) {
    const std::array<double, 2> x{evaluate(context, versus[0], site).value, evaluate(context, versus[1], site).value};
    if (theory.empty()) {
      add_point(surfaces.measured, x, evaluate(context, of, site));
      continue;
    }
    const Pair pair = evaluate_pair(context, {of, site}, {of_theory, site, theory});
    add_point(surfaces.measured, x, pair.a);
    add_point(surfaces.expected, x, pair.b);
    if (surfaces.draws.empty()) surfaces.draws = pair.draws;
  }
  return surfaces;
}

JointLaw::Form joint_form_of(const scan::ScalingLaw& kind) {
  using Form = scan::ScalingLaw::Form;
  const Form form = kind.form.value_or(Form::sum);
  return form == Form::min ? JointLaw::Form::min : form == Form::floor ? JointLaw::Form::floor : JointLaw::Form::sum;
}

/// The theory that is expected; empty where numbers or expressions are, or nothing.
std::string theory_of(const Context& context, const scan::ScalingLaw& kind) {
  if (kind.expect.empty() || !is_theory(*context.table, kind.expect.each[0].text)) return "";
  return kind.expect.each[0].text;
}

Missing left_out_of(const Surface& surface) {
  if (surface.left_out == 0) return {};
  if (surface.x.empty()) return surface.problem;
  return {fmt::format("{} of {} left out: {}", surface.left_out, counted(surface.left_out + surface.x.size(), "point"),
                      surface.problem.text),
          surface.problem.lack};
}

/// What one term of a law leaves for the other: y − E − the other term; for `min`, y itself where the term is the
/// larger one.
Quantity rest_for(std::size_t j, const JointLaw& fit, JointLaw::Form form, const Surface& surface, std::size_t k) {
  const Quantity other = term_of(fit, 1 - j, surface.x[k][1 - j]);
  if (form == JointLaw::Form::min) {
    const Quantity own = term_of(fit, j, surface.x[k][j]);
    return own.value > other.value ? surface.y[k] : no_quantity("the other resource is scarcer");
  }
  const std::array<Quantity, 3> parts{surface.y[k], fit.floor, other};
  const std::array<double, 3> slopes{1, -1, -1};
  return combine(surface.y[k].value - fit.floor.value - other.value, parts, slopes);
}

/// The exponents along one resource between neighbouring points that agree in the other one, by the positions of both
/// points.
std::map<std::pair<std::size_t, std::size_t>, Quantity> local_along(std::size_t j, const JointLaw& fit,
                                                                    JointLaw::Form form, const Surface& surface) {
  std::map<double, std::map<double, std::size_t>> lines;  // other abscissa → own abscissa → position
  for (std::size_t k = 0; k < surface.x.size(); ++k) lines[surface.x[k][1 - j]][surface.x[k][j]] = k;
  std::map<std::pair<std::size_t, std::size_t>, Quantity> exponents;
  for (const auto& [other, line] : lines)
    for (auto here = line.begin(); here != line.end() && std::next(here) != line.end(); ++here) {
      const auto next = std::next(here);
      const std::array<double, 2> x{here->first, next->first};
      const std::array<Quantity, 2> y{rest_for(j, fit, form, surface, here->second),
                                      rest_for(j, fit, form, surface, next->second)};
      const Quantity exponent = local_exponents(x, y).front();
      if (exponent.has_value()) exponents[{here->second, next->second}] = exponent;
    }
  return exponents;
}

std::vector<LocalNumber> local_numbers(const scan::ScalingLaw& kind, const JointLaw& fit, const Surface& measured,
                                       const JointLaw& reference, const Surface& expected) {
  const scan::Margin margin = kind.within.value_or(scan::Margin{});
  std::vector<LocalNumber> locals;
  for (std::size_t j = 0; j < 2; ++j) {
    const auto theirs = expected.x == measured.x ? local_along(j, reference, joint_form_of(kind), expected)
                                                 : std::map<std::pair<std::size_t, std::size_t>, Quantity>{};
    for (const auto& [pair, exponent] : local_along(j, fit, joint_form_of(kind), measured)) {
      const auto own = theirs.find(pair);
      const Quantity& there = own == theirs.end() ? reference.exponents[j] : own->second;
      locals.push_back({difference(exponent, there), around_zero(margin, there.value),
                        fmt::format("the exponent in {} from {} to {} is {}, expected {} ± {}", kind.versus[j].text,
                                    number(measured.x[pair.first][j]), number(measured.x[pair.second][j]),
                                    text_of(exponent), text_of(there), text_of(margin))});
    }
  }
  return locals;
}

/// The form that describes the surface better, by more than chance: its criterion is lower by more than ten.
std::string better_rival(const Surface& measured, JointLaw::Form form, const JointLaw& fit) {
  constexpr double by_far = 10;
  const JointLaw* best = nullptr;
  std::array<JointLaw, 3> rivals;
  std::string_view word;
  for (std::size_t k = 0; k < rivals.size(); ++k) {
    const auto other = static_cast<JointLaw::Form>(k);
    if (other == form) continue;
    rivals[k] = fit_joint_law(measured.x, measured.y, other);
    if (!(rivals[k].criterion < fit.criterion - by_far) || (best && best->criterion <= rivals[k].criterion)) continue;
    best = &rivals[k];
    word = word_of(other);
  }
  if (!best) return "";
  return fmt::format("the form {} describes the values better (χ² {:.3g} at {} of freedom): exponents {} and {}", word,
                     best->chi_squared, best->degrees == 1 ? "1 degree" : fmt::format("{} degrees", best->degrees),
                     text_of(best->exponents[0]), text_of(best->exponents[1]));
}

/// Each exponent against the expected one (an expression is taken at the first site); where nothing is expected, the
/// fit stands for itself.
Finding of_group(const Context& context, const scan::ScalingLaw& kind, const Surfaces& surfaces, const Site& site) {
  const auto& [measured, expected, draws] = surfaces;
  const JointLaw fit = fit_joint_law(measured.x, measured.y, joint_form_of(kind));
  if (!fit.exponents[0].has_value()) {
    const Missing left_out = left_out_of(measured);
    std::string why = measured.x.empty() ? "" : fit.exponents[0].problem;
    add_sentence(why, left_out.text);
    Basis basis = measured.basis;
    basis.join(measured.problem.basis);
    Finding none = nothing_to_judge({why, left_out.lack, basis});
    tell_soundness(none, measured.y);
    return none;
  }
  std::string statement = fmt::format("exponents {} in {} and {} in {}", text_of(fit.exponents[0]), kind.versus[0].text,
                                      text_of(fit.exponents[1]), kind.versus[1].text);
  if (joint_form_of(kind) == JointLaw::Form::floor) statement += fmt::format(", floor {}", text_of(fit.floor));
  const Misfit misfit = misfit_of(fmt::format("joint scaling law ({})", word_of(joint_form_of(kind))), measured.y,
                                  fit.fitted, fit.chi_squared, fit.degrees);
  Finding finding{
      .label = {}, .statement = statement, .because = "no expectation was given", .outcome = Finding::Outcome::open};
  std::vector<LocalNumber> locals;
  if (!kind.expect.empty()) {
    JointLaw reference;
    const std::vector<scan::Formula>& expect = kind.expect.each;
    if (!theory_of(context, kind).empty())
      reference = fit_joint_law(expected.x, expected.y, joint_form_of(kind));
    else
      reference.exponents = {evaluate(context, context.resolve(expect.front().text), site),
                             evaluate(context, context.resolve(expect.back().text), site)};
    const scan::Margin margin = kind.within.value_or(scan::Margin{});
    std::vector<Finding> findings;
    for (std::size_t k = 0; k < 2; ++k) {
      findings.push_back(judge(difference(fit.exponents[k], reference.exponents[k]),
                               around_zero(margin, reference.exponents[k].value), members_for_fit));
      state_number(findings.back(), "exponent in " + kind.versus[k].text, fit.exponents[k], reference.exponents[k]);
    }
    finding = worst_of(findings);
    finding.statement =
        fmt::format("{}; expected {} and {}, ± {}{}", statement, text_of(reference.exponents[0]),
                    text_of(reference.exponents[1]), text_of(margin), draws.empty() ? "" : ", " + draws);
    if (misfit.rejected && reference.exponents[0].has_value() && reference.exponents[1].has_value())
      locals = local_numbers(kind, fit, measured, reference, expected);
  }
  finding.basis.join(measured.basis);
  leave_out(finding, left_out_of(measured));
  const bool rivals = misfit.rejected || !std::ranges::all_of(measured.y, &Quantity::exact);
  judge_form(finding, misfit, locals, rivals ? better_rival(measured, joint_form_of(kind), fit) : "");
  return finding;
}

}  // namespace

std::vector<Finding> evaluate(const Context& context, const scan::Test& test, const scan::ScalingLaw& kind) {
  std::vector<Finding> findings;
  if (kind.versus.size() != 2) return findings;
  for (const scan::Formula& formula : test.of) {
    const Selection selection = selection_of(context, test, formula);
    const std::array<scan::Mentions, 2> versus{context.resolve(kind.versus[0].text),
                                               context.resolve(kind.versus[1].text)};
    std::set<std::string> free = names_in(versus[0]);
    free.merge(names_in(versus[1]));
    const std::string theory = theory_of(context, kind);
    const std::vector<Site> sites = in_window(context, test, versus[0], select_sites(context, selection));
    for (const Group& group : group_sites(context, sites, free, test.by)) {
      const Surfaces surfaces = make_surfaces(context, selection.formulas[0], versus, group.sites, theory);
      findings.push_back(of_group(context, kind, surfaces, group.sites.front()));
      findings.back().label = group.label;
    }
  }
  return findings;
}

std::string claim_of(const scan::Test& test, const scan::ScalingLaw& kind) {
  return fmt::format("{} follows a joint scaling law ({}) in {}", list_of(test.of),
                     word(kind.form.value_or(scan::ScalingLaw::Form::sum)), list_of(kind.versus));
}

}  // namespace fieldscan::analysis
