#include "chi2.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>

#include "../formula/reference.hpp"
#include "../quantity/joint_chi2.hpp"
#include "../quantity/products.hpp"
#include "shared.hpp"

namespace fieldscan::analysis {
namespace {

const scan::Margin default_chi2_margin{0.5, false};
constexpr const char* larger = "the differences are larger than their errors";
constexpr const char* smaller = "the differences are smaller than independent networks allow";

/// χ²/ν of a predictor, and its logarithm: mean squares of few draws are skewed, their logarithms hardly. With t values
/// of χ²/ν itself an exact theory is refused in 10 to 15% of campaigns of ten draws, since draws that happen to lie
/// near it also vary little; with those of the logarithm in 5 to 9%.
struct ReducedChi2 {
  Quantity value, logarithm;
};

/// Predictors against a theory at the same data, over all test points. Test points are correlated, so z² can not be
/// summed and compared with a χ² of that many degrees. Instead, with D_r = ⟨e_ri e_rj⟩ over pairs i ≠ j (zero on
/// average when the theory holds) and V_r = ⟨variance over i⟩/I (the squared standard error of the mean network),
///
///     χ²/ν = 1 + mean_r D_r / mean_r V_r,
///
/// whose error comes from the spread over data draws and initialisations. Above one: the theory is off by more than the
/// statistical error; below one: the networks are closer to the theory than independent networks can be.
ReducedChi2 reduced_chi2(const Distances& distances) {
  const std::array<Quantity, 2> parts{same_draw_product(distances), variance_of_mean(distances)};
  const auto ratio = [](std::span<const double> v) { return 1 + v[0] / v[1]; };
  return {propagate(ratio, parts, 1e-3),
          propagate([&](std::span<const double> v) { return std::log(ratio(v)); }, parts, 1e-3)};
}

/// The time of the predictor that a statement means; nothing where none was recorded then.
std::optional<double> picked(const std::vector<double>& times, const TimePick& pick) {
  const auto recorded = [&](double time) {
    const auto at = std::ranges::find_if(times, [&](double t) { return same_time(t, time); });
    return at == times.end() ? std::nullopt : std::optional(*at);
  };
  if (pick.kind == TimePick::Kind::start) return recorded(0);
  if (pick.kind == TimePick::Kind::exact) return recorded(pick.time);
  return times.empty() ? std::nullopt : std::optional(times.back());
}

/// Of a theory; one without times is the same at all.
std::optional<double> picked_of_theory(const std::vector<double>& times, const TimePick& pick) {
  return times.size() == 1 ? std::optional(times.front()) : picked(times, pick);
}

Finding of_predictor(const Context& context, const Site& site, const std::string& theory, const scan::Margin& margin) {
  const TablePoint& point = context.table->points.at(site.point);
  const auto found = point.theories.find(theory);
  const auto time = picked(times_of(point.measured, Observable::predictor), site.time);
  const auto theory_time = found == point.theories.end()
                               ? std::nullopt
                               : picked_of_theory(times_of(*found->second, Observable::predictor), site.time);
  if (!time) return nothing_to_judge(nothing_of(point.measured, Observable::predictor));
  if (!theory_time)
    return nothing_to_judge(found == point.theories.end() ? Missing{fmt::format("no theory {} at this point", theory)}
                                                          : nothing_of(*found->second, Observable::predictor, theory));
  const ReducedChi2 chi2 = reduced_chi2(distances_from_theory(point.measured, *time, *found->second, *theory_time));
  Finding finding = judge(chi2.value, {1 - margin.value, 1 + margin.value}, members_for_chi2);
  // The null of a contradiction is exact agreement, χ²/ν = 1, on both sides.
  const Finding exact = chi2.logarithm.has_value() ? judge(chi2.logarithm, {0, 0}, members_for_chi2)
                                                   : judge(chi2.value, {1, 1}, members_for_chi2);
  name_number(finding, "chi2 per degree of freedom");
  finding.inside = finding.inside && exact.p >= error_rate;
  finding.p = exact.p;
  if (finding.outcome == Finding::Outcome::judged && exact.p < error_rate) {
    finding.because = estimate(chi2.value).value > 1 ? larger : smaller;
    finding.more = 0;
  }
  finding.statement = fmt::format("χ²/ν = {}, 1 when the theory is exact", text_of(chi2.value));
  return finding;
}

Quantity difference_at(const Context& context, const scan::Mentions& of, const ReferenceFormula& with,
                       const Site& site) {
  const Pair pair = evaluate_pair(context, {of, site}, {with.formula, site, with.theory});
  return difference(pair.a, pair.b);
}

/// All points of a group at once: the tails of the joint χ² are the verdict.
Finding of_points(const Context& context, const scan::Mentions& of, const ReferenceFormula& with,
                  const std::vector<Site>& sites) {
  std::vector<Quantity> differences;
  Unsettled unsettled;
  Basis basis;
  for (const Site& site : sites) {
    const Quantity d = difference_at(context, of, with, site);
    const Finding one = judge(d, {0, 0}, members_for_chi2);
    const Estimate e = estimate(d);
    if (!d.has_value() || !d.why_unsound().empty()) return one;
    if (d.censored != Censored::no) return nothing_to_judge({"only a bound is known: a difference is " + text_of(d)});
    unsettled.join(one.unsettled);
    basis.join(one.basis);
    if (!d.exact() && (!std::isfinite(e.standard_error) || members(d, e) < members_for_chi2)) return one;
    differences.push_back(d);
  }
  const JointChi2 chi2 = joint_chi2(differences);
  Finding finding{
      .label = {},
      .statement = fmt::format("χ² = {:.4g} over {}, of t values turned into normal ones, {:.3g} where the theory is "
                               "exact ({:.3g} {} of freedom after correlations), p = {:.2g}",
                               chi2.value, counted(differences.size(), "point"), chi2.points, chi2.degrees,
                               chi2.degrees == 1 ? "degree" : "degrees", chi2.p),
      .because = {}};
  finding.unsettled = unsettled;
  finding.basis = basis;
  finding.chi2 = {.value = chi2.value, .points = chi2.points, .degrees = chi2.degrees};
  constexpr double none = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();
  finding.number = {.value = chi2.value,
                    .standard_error = none,
                    .low = none,
                    .high = none,
                    .allowed_low = -infinite,
                    .allowed_high = infinite,
                    .is = "chi2",
                    .expected = chi2.points};
  finding.inside = chi2.p >= error_rate;
  finding.p = chi2.p;
  if (!finding.inside) finding.because = chi2.value > chi2.points ? larger : smaller;
  return finding;
}

/// A number against its reference: no margin, the difference in standard errors.
Finding of_number(const Context& context, const scan::Mentions& of, const ReferenceFormula& with, const Site& site) {
  const Quantity d = difference_at(context, of, with, site);
  Finding finding = judge(d, {0, 0}, members_for_chi2);
  finding.inside = finding.outcome == Finding::Outcome::judged && d.censored == Censored::no &&
                   std::isfinite(estimate(d).standard_error) && members(d, estimate(d)) >= members_for_chi2 &&
                   finding.p >= error_rate;
  name_number(finding, "difference");
  if (d.has_value()) finding.statement = "difference " + text_of(d);
  if (finding.outcome == Finding::Outcome::judged) finding.statement += fmt::format(", p = {:.2g}", finding.p);
  return finding;
}

}  // namespace

std::vector<Finding> evaluate(const Context& context, const scan::Test& test, const scan::Chi2& kind) {
  std::vector<Finding> findings;
  for (const scan::Formula& formula : test.of) {
    const Selection selection = selection_of(context, test, formula, kind.over);
    const ReferenceFormula with = reference_of(context, selection.formulas[0], kind.with.text);
    std::set<std::string> free = full_names(context, kind.over);
    for (const scan::Formula& versus : kind.versus) free.merge(names_in(context.resolve(versus.text)));
    for (const Group& group : group_sites(context, select_sites(context, selection), free, test.by)) {
      const bool predictors = formula.text == "predictor";
      if (!free.empty() && !predictors) {
        findings.push_back(of_points(context, selection.formulas[0], with, group.sites));
        findings.back().label = group.label;
        continue;
      }
      for (const Site& site : group.sites) {
        Finding finding = predictors
                              ? of_predictor(context, site, kind.with.text, kind.within.value_or(default_chi2_margin))
                              : of_number(context, selection.formulas[0], with, site);
        finding.label = group.label;
        findings.push_back(std::move(finding));
      }
    }
  }
  return findings;
}

std::string claim_of(const scan::Test& test, const scan::Chi2& kind) {
  return fmt::format("{} differs from {} by its statistical error alone", list_of(test.of), kind.with.text);
}

}  // namespace fieldscan::analysis
