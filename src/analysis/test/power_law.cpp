#include <fmt/format.h>

#include <cmath>

#include "../fit.hpp"
#include "fieldscan/core/statistics.hpp"
#include "list.hpp"

namespace fieldscan::analysis {
namespace {

/// The exponent that is expected: a number, an expression at the group's first site, or a theory's own fit in the same window.
Quantity expectation(const Context& context, const scan::Test& test, const scan::Mentions& of,
                     const scan::Mentions& versus, const std::vector<Site>& sites) {
  if (!is_theory(*context.table, test.expect->text))
    return evaluate(context, context.resolve(test.expect->text), sites.front());
  const Curve curve = make_curve(context, of, versus, sites, test.expect->text);
  return fit_power_law(curve.x, curve.y).exponent;
}

std::string quality(const PowerLaw& fit) {
  if (fit.degrees < 1) return "";
  const double p = 1 - chi_squared_cdf(fit.chi_squared, fit.degrees);
  return p < 0.01 ? fmt::format("not one power law over the window: χ² of the fit is {:.3g} at {} degrees of freedom",
                                fit.chi_squared, fit.degrees)
                  : "";
}

Finding of_group(const Context& context, const scan::Test& test, const scan::Mentions& of,
                 const std::vector<Site>& sites) {
  const scan::Mentions versus = context.resolve(test.versus.at(0).text);
  // Roots are fitted as signed squares: noise on a square has no bias, and a square may be negative.
  const bool squares = has_root(of);
  const Curve curve = make_curve(context, of, versus, sites, "", squares ? Power::signed_square : Power::plain);
  const PowerLaw fit = fit_power_law(curve.x, curve.y, squares ? 2 : 1);
  if (!fit.exponent.has_value()) return {.label = {}, .statement = {}, .because = fit.exponent.problem};
  Finding finding{.label = {},
                  .statement = fmt::format("exponent {} from {} points", text_of(fit.exponent), curve.x.size()),
                  .because = "no expectation was given"};
  if (test.expect) {
    const Quantity expected = expectation(context, test, of, versus, sites);
    const Quantity off = difference(fit.exponent, expected);
    const std::string statement = finding.statement;
    finding = judge(off, around_zero(test.within.value_or(scan::Margin{}), expected.value), members_for_fit);
    finding.statement = fmt::format("{}; expected {} ± {}", statement, text_of(expected),
                                    text_of(test.within.value_or(scan::Margin{})));
  }
  const std::string warning = quality(fit);
  if (!warning.empty()) finding.because += (finding.because.empty() ? "" : "; ") + warning;
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
