#include "collapse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include "../fit/collapse_law.hpp"
#include "form.hpp"
#include "shared.hpp"

namespace fieldscan::analysis {
namespace {

const scan::Margin default_margin{0.1, true};
constexpr const char* beyond_range = "the number lies beyond the range that was looked at";

struct Point {
  double x = 0;
  Quantity y;
  std::string curve;  ///< labels along the axes that should not matter
  double size = 1;    ///< W, in powers of which both coordinates are measured
};

/// y of the other curves at x, by a straight line between the nearest of their points on both sides; nullopt where one
/// side has none.
std::optional<Quantity> of_others(const std::vector<Point>& points, const Point& point) {
  const Point *left = nullptr, *right = nullptr;
  for (const Point& other : points) {
    if (other.curve == point.curve) continue;
    if (other.x <= point.x && (!left || other.x > left->x)) left = &other;
    if (other.x >= point.x && (!right || other.x < right->x)) right = &other;
  }
  if (!left || !right) return std::nullopt;
  const double part = right->x > left->x ? (point.x - left->x) / (right->x - left->x) : 0;
  const std::array<Quantity, 2> ends{left->y, right->y};
  const std::array<double, 2> weights{1 - part, part};
  return combine((1 - part) * left->y.value + part * right->y.value, ends, weights);
}

/// Every point's distance from the other curves, where they lie on both sides of it.
std::vector<LocalNumber> distances_of(const std::vector<Point>& points, const scan::Margin& margin) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Point& p : points) low = std::min(low, p.y.value), high = std::max(high, p.y.value);
  const Allowed allowed = around_zero(margin, high - low);
  std::vector<LocalNumber> distances;
  for (const Point& p : points)
    if (const auto others = of_others(points, p)) {
      const Quantity d = difference(p.y, *others);
      distances.push_back({d, allowed,
                           fmt::format("worst distance from the other curves {} at {} ({}), allowed ± {}", text_of(d),
                                       number(p.x), p.curve, number(allowed.high))});
    }
  return distances;
}

Missing why_left_out(const Quantity& x, const Quantity& y) {
  if (!x.has_value()) return {x.problem, x.lack};
  return y.has_value() ? Missing{beyond_range} : Missing{y.problem, y.lack, y.basis};
}

Finding of_group(const std::vector<Point>& points, const scan::Margin& margin) {
  std::vector<Finding> findings;
  for (const LocalNumber& distance : distances_of(points, margin)) {
    findings.push_back(judge(distance.off, distance.allowed, members_for_fit));
    name_number(findings.back(), "distance from the other curves");
    findings.back().statement = distance.words;
  }
  return worst_of(findings);
}

/// With exponents: estimated, compared with the expected ones where there are any, and the curves compared in the
/// scaled coordinates.
Finding of_scaled_group(const Context& context, const scan::Test& test, const scan::Collapse& kind,
                        std::vector<Point> points, const Site& site) {
  std::vector<ScaledPoint> scaled_points;
  std::vector<Quantity> values;
  for (const Point& p : points) scaled_points.push_back({p.x, p.size, p.y}), values.push_back(p.y);
  const CollapseLaw law = fit_collapse(scaled_points);
  Basis basis;
  for (const Quantity& y : values) basis.join(marked_basis(y));
  if (!law.of_abscissa.has_value()) {
    Finding none = nothing_to_judge({law.of_abscissa.problem, law.of_abscissa.lack, basis});
    tell_soundness(none, values);
    return none;
  }
  const std::string exponents =
      fmt::format("exponents {} of {} and {} of {} in {}", text_of(law.of_abscissa), kind.versus[0].text,
                  text_of(law.of_ordinate), test.of[0].text, kind.scaled_by.text);
  const Misfit misfit = misfit_of("smooth curve", values, law.fitted, law.chi_squared, law.degrees);
  for (Point& p : points) {
    p.x *= std::pow(p.size, law.of_abscissa.value);
    p.y = scaled(p.y, std::pow(p.size, law.of_ordinate.value));
  }
  std::vector<Finding> findings;
  std::vector<LocalNumber> locals;
  if (kind.expect.size() == 2) {
    const scan::Margin margin = kind.within.value_or(scan::Margin{0.1, false});
    for (const auto& [found, expect, of] : {std::tuple{law.of_abscissa, kind.expect[0], kind.versus[0].text},
                                            {law.of_ordinate, kind.expect[1], test.of[0].text}}) {
      const Quantity expected = evaluate(context, context.resolve(expect.text), site);
      findings.push_back(judge(difference(found, expected), around_zero(margin, expected.value), members_for_fit));
      state_number(findings.back(), "exponent of " + of, found, expected);
      findings.back().statement = fmt::format("{}; expected {} ± {}", exponents, text_of(expected), text_of(margin));
    }
    if (misfit.rejected) locals = distances_of(points, default_margin);
  } else {
    findings.push_back(of_group(points, kind.within.value_or(default_margin)));
    findings.back().statement = exponents + "; " + findings.back().statement;
  }
  Finding finding = worst_of(findings);
  finding.basis.join(basis);
  judge_form(finding, misfit, locals, "");
  return finding;
}

}  // namespace

/// Every point against the interpolation of the other curves; a relative margin (10 % where none is given) is a part of
/// the range of all values. The interpolation's own error counts: the grid must be fine enough.
std::vector<Finding> evaluate(const Context& context, const scan::Test& test, const scan::Collapse& kind) {
  std::vector<Finding> findings;
  for (const scan::Formula& formula : test.of) {
    const Selection selection = selection_of(context, test, formula, kind.over);
    const scan::Mentions versus = context.resolve(kind.versus.at(0).text);
    const std::set<std::string> over = full_names(context, kind.over);
    std::set<std::string> free = names_in(versus);
    free.insert(over.begin(), over.end());
    const std::vector<Site> sites = in_window(context, test, versus, select_sites(context, selection));
    for (const Group& group : group_sites(context, sites, free, test.by, &versus)) {
      std::vector<Point> points;
      std::size_t left_out = 0;
      Missing problem;
      for (const Site& site : group.sites) {
        const Quantity x = evaluate(context, versus, site), y = evaluate(context, selection.formulas[0], site);
        if (!x.has_value() || !y.has_value() || y.censored != Censored::no) {
          const Missing why = why_left_out(x, y);
          Basis basis = problem.basis;
          basis.join(why.basis);
          if (left_out++ == 0) problem = why;
          problem.basis = basis;
          continue;
        }
        std::string curve;
        for (const std::string& name : over)
          curve += (curve.empty() ? "" : ", ") + name + " = " + label_at(context, site, name);
        const double size =
            kind.scaled_by.empty() ? 1 : evaluate(context, context.resolve(kind.scaled_by.text), site).value;
        points.push_back({x.value, y, curve, size});
      }
      findings.push_back(kind.scaled_by.empty()
                             ? of_group(points, kind.within.value_or(default_margin))
                             : of_scaled_group(context, test, kind, std::move(points), group.sites.front()));
      findings.back().label = group.label;
      if (left_out == group.sites.size()) {
        findings.back().because = problem.text;
        findings.back().outcome = outcome_of(problem.lack);
        findings.back().basis.join(problem.basis);
      } else if (left_out > 0) {
        leave_out(findings.back(),
                  {fmt::format("{} of {} left out: {}", left_out, counted(group.sites.size(), "point"), problem.text),
                   problem.lack, problem.basis});
      }
    }
  }
  return findings;
}

std::string claim_of(const scan::Test& test, const scan::Collapse& kind) {
  return fmt::format("{} against {} is one curve{}", list_of(test.of), list_of(kind.versus), within_text(kind.within));
}

}  // namespace fieldscan::analysis
