#include "linear.hpp"

#include <fmt/format.h>

#include "../fit/line.hpp"
#include "curves.hpp"

namespace fieldscan::analysis {
namespace {

/// The slope of a line against the expected one; a relative margin is a part of that.
Finding slope_as_expected(const Context& context, const scan::Formula& expect, const Quantity& slope,
                          const scan::Margin& margin) {
  const Quantity expected = evaluate(context, context.resolve(expect.text), {});
  Finding finding = judge(difference(slope, expected), around_zero(margin, expected.value), members_for_fit);
  finding.statement = fmt::format("slope {}, expected {} ± {}", text_of(slope), text_of(expected), text_of(margin));
  return finding;
}

}  // namespace

std::vector<Finding> evaluate(const Context& context, const scan::Test& test, const scan::Linear& kind) {
  return over_curves(context, test, kind.versus.at(0).text, [&](const Curve& curve, const scan::Mentions&) {
    const Line line = fit_line(curve.x, curve.y);
    if (!line.slope.has_value()) return nothing_to_judge({line.slope.problem, line.slope.lack});
    const scan::Margin margin = kind.within.value_or(scan::Margin{0.05, true});
    const Allowed allowed = around_zero(margin, range_of(curve));
    std::vector<Finding> residuals;
    for (std::size_t k = 0; k < curve.x.size(); ++k) {
      residuals.push_back(judge(line.residuals[k], allowed, members_for_fit));
      residuals.back().statement =
          fmt::format("slope {}, intercept {}; worst distance {} at {}, allowed ± {}", text_of(line.slope),
                      text_of(line.intercept), text_of(line.residuals[k]), number(curve.x[k]), number(allowed.high));
    }
    if (!kind.expect.empty()) residuals.push_back(slope_as_expected(context, kind.expect[0], line.slope, margin));
    return worst_of(residuals);
  });
}

std::string claim_of(const scan::Test& test, const scan::Linear& kind) {
  return fmt::format("{} is linear in {}{}", list_of(test.of), list_of(kind.versus), within_text(kind.within));
}

}  // namespace fieldscan::analysis
