#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../fit/line.hpp"
#include "list.hpp"

/// Tests of the shape of a curve: monotone, linear, conservation.
namespace fieldscan::analysis {
namespace {

double range_of(const Curve& curve) {
  double low = curve.y.front().value, high = low;
  for (const Quantity& q : curve.y) low = std::min(low, q.value), high = std::max(high, q.value);
  return high - low;
}

/// Calls judge_curve(curve, formula) for every group of a test that goes along its abscissa.
template <class JudgeCurve>
std::vector<Finding> over_curves(const Context& context, const scan::Test& test, JudgeCurve judge_curve) {
  std::vector<Finding> findings;
  for (const scan::Formula& formula : test.of) {
    const Selection selection = selection_of(context, test, formula);
    const scan::Mentions versus = context.resolve(test.versus.at(0).text);
    const std::vector<Site> sites = in_window(context, test, versus, select_sites(context, selection));
    for (const Group& group : group_sites(context, sites, names_in(versus), test.by, &versus)) {
      const Curve curve = make_curve(context, selection.formulas[0], versus, group.sites);
      Finding finding = curve.x.size() < 2
                            ? Finding{.label = {}, .statement = {}, .because = curve.why_none("no curve yet")}
                            : judge_curve(curve, selection.formulas[0]);
      add_sentence(finding.because, curve.x.size() < 2 ? "" : curve.left_out);
      finding.label = group.label;
      findings.push_back(std::move(finding));
    }
  }
  return findings;
}

/// The slope of a line against the expected one; a relative margin is a part of that.
Finding slope_as_expected(const Context& context, const scan::Formula& expect, const Quantity& slope,
                          const scan::Margin& margin) {
  const Quantity expected = evaluate(context, context.resolve(expect.text), {});
  Finding finding = judge(difference(slope, expected), around_zero(margin, expected.value), members_for_fit);
  finding.statement = fmt::format("slope {}, expected {} ± {}", text_of(slope), text_of(expected), text_of(margin));
  return finding;
}

/// A sum that must hold: both sides at one time, from the same members.
Finding sides_equal(const Context& context, const scan::Mentions& of, const scan::Mentions& with, const Site& site,
                    const scan::Margin& margin) {
  const auto [a, b, draws] = evaluate_pair(context, {of, site}, {with, site});
  Finding finding = judge(difference(a, b), around_zero(margin, b.value), members_for_mean);
  const std::string at = label_at(context, site, "time");
  finding.statement = fmt::format("{} against {}{}{}", text_of(a), text_of(b), at.empty() ? "" : " at " + at,
                                  draws.empty() ? "" : ", " + draws);
  return finding;
}

}  // namespace

std::vector<Finding> test_monotone(const Context& context, const scan::Test& test) {
  return over_curves(context, test, [&](const Curve& curve, const scan::Mentions& of) {
    const bool down = test.direction == "down";
    const double slack = -around_zero(test.within.value_or(scan::Margin{}), range_of(curve)).low;
    std::vector<Finding> steps;
    for (std::size_t k = 0; k + 1 < curve.x.size(); ++k) {
      const auto [here, next, draws] = evaluate_pair(context, {of, curve.sites[k]}, {of, curve.sites[k + 1]});
      const Quantity step = down ? difference(here, next) : difference(next, here);
      steps.push_back(judge(step, {.low = -slack}, members_for_mean));
      steps.back().statement = fmt::format("from {} to {}: {} → {}", number(curve.x[k]), number(curve.x[k + 1]),
                                           text_of(curve.y[k]), text_of(curve.y[k + 1]));
    }
    return worst_of(steps);
  });
}

std::vector<Finding> test_linear(const Context& context, const scan::Test& test) {
  return over_curves(context, test, [&](const Curve& curve, const scan::Mentions&) {
    const Line line = fit_line(curve.x, curve.y);
    if (!line.slope.has_value()) return Finding{.label = {}, .statement = {}, .because = line.slope.problem};
    const scan::Margin margin = test.within.value_or(scan::Margin{0.05, true});
    const Allowed allowed = around_zero(margin, range_of(curve));
    std::vector<Finding> residuals;
    for (std::size_t k = 0; k < curve.x.size(); ++k) {
      residuals.push_back(judge(line.residuals[k], allowed, members_for_fit));
      residuals.back().statement =
          fmt::format("slope {}, intercept {}; worst distance {} at {}, allowed ± {}", text_of(line.slope),
                      text_of(line.intercept), text_of(line.residuals[k]), number(curve.x[k]), number(allowed.high));
    }
    if (test.expect) residuals.push_back(slope_as_expected(context, *test.expect, line.slope, margin));
    return worst_of(residuals);
  });
}

std::vector<Finding> test_conservation(const Context& context, const scan::Test& test) {
  std::vector<Finding> findings;
  for (const scan::Formula& formula : test.of) {
    Selection selection = selection_of(context, test, formula);
    selection.at = "all";
    const scan::Margin margin = test.within.value_or(scan::Margin{});
    for (const Group& group : group_sites(context, select_sites(context, selection), {"time"}, test.by)) {
      if (!test.with.empty()) {
        std::vector<Finding> sides;
        for (const Site& site : group.sites)
          sides.push_back(sides_equal(context, selection.formulas[0], context.resolve(test.with.text), site, margin));
        findings.push_back(worst_of(sides));
        findings.back().label = group.label;
        continue;
      }
      const Quantity first = evaluate(context, selection.formulas[0], group.sites.front());
      std::vector<Finding> changes;
      for (std::size_t k = 1; k < group.sites.size(); ++k) {
        const Quantity now = evaluate(context, selection.formulas[0], group.sites[k]);
        changes.push_back(judge(difference(now, first), around_zero(margin, first.value), members_for_mean));
        changes.back().statement = fmt::format("{} at the start, {} at {}", text_of(first), text_of(now),
                                               label_at(context, group.sites[k], "time"));
      }
      findings.push_back(worst_of(changes));
      findings.back().label = group.label;
    }
  }
  return findings;
}

}  // namespace fieldscan::analysis
