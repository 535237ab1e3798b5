#include "linear.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../fit/line.hpp"
#include "curves.hpp"

namespace fieldscan::analysis {
namespace {

/// What rounding makes of the values of a curve. A constant is a straight line, of slope 0, up to it.
double rounding_of(const Curve& curve) {
  double largest = 0;
  for (const Quantity& y : curve.y) largest = std::max(largest, std::abs(y.value));
  return 1e-12 * largest;
}

std::size_t furthest_of(const std::vector<Quantity>& residuals) {
  const auto size = [](const Quantity& residual) { return std::abs(residual.value); };
  return static_cast<std::size_t>(std::ranges::max_element(residuals, {}, size) - residuals.begin());
}

Allowed widened(const Allowed& allowed, double by) {
  return {std::min(allowed.low, -by), std::max(allowed.high, by), by};
}

/// The slope of a line against the expected one; a relative margin is a part of that.
Finding slope_as_expected(const Context& context, const scan::Formula& expect, const Quantity& slope,
                          const scan::Margin& margin, double rounding) {
  const Quantity expected = evaluate(context, context.resolve(expect.text), {});
  Finding finding =
      judge(difference(slope, expected), widened(around_zero(margin, expected.value), rounding), members_for_fit);
  state_number(finding, "slope", slope, expected);
  finding.statement = fmt::format("slope {}, expected {} ± {}", text_of(slope), text_of(expected), text_of(margin));
  return finding;
}

}  // namespace

std::vector<Finding> evaluate(const Context& context, const scan::Test& test, const scan::Linear& kind) {
  return over_curves(context, test, kind.versus.at(0).text, [&](const Curve& curve, const scan::Mentions&) {
    const Line line = fit_line(curve.x, curve.y);
    if (!line.slope.has_value()) return nothing_to_judge({line.slope.problem, line.slope.lack});
    const scan::Margin margin = kind.within.value_or(scan::Margin{0.05, true});
    const double rounding = rounding_of(curve);
    const Allowed allowed = widened(around_zero(margin, range_of(curve)), rounding);
    const std::size_t furthest = furthest_of(line.residuals);
    std::vector<Finding> residuals;
    for (std::size_t k = 0; k < curve.x.size(); ++k) {
      residuals.push_back(judge(line.residuals[k], allowed, members_for_fit));
      name_number(residuals.back(), "distance from the line");
      residuals.back().statement = fmt::format(
          "slope {}, intercept {}; largest distance {} at {}, allowed ± {}{}", text_of(line.slope),
          text_of(line.intercept), text_of(line.residuals[furthest]), number(curve.x[furthest]), number(allowed.high),
          k == furthest ? ""
                        : fmt::format("; decided by {} at {}, the least sure to be allowed", text_of(line.residuals[k]),
                                      number(curve.x[k])));
    }
    if (!kind.expect.empty()) {
      const auto [first, last] = std::ranges::minmax(curve.x);
      residuals.push_back(slope_as_expected(context, kind.expect[0], line.slope, margin, rounding / (last - first)));
    }
    return worst_of(residuals);
  });
}

std::string claim_of(const scan::Test& test, const scan::Linear& kind) {
  return fmt::format("{} is linear in {}{}", list_of(test.of), list_of(kind.versus), within_text(kind.within));
}

}  // namespace fieldscan::analysis
