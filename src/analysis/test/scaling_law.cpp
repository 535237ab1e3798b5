#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "../fit.hpp"
#include "../joint_law.hpp"
#include "list.hpp"

namespace fieldscan::analysis {
namespace {

struct Surface {
  std::vector<std::array<double, 2>> x;
  std::vector<Quantity> y;
};

Surface make_surface(const Context& context, const scan::Mentions& of, const std::array<scan::Mentions, 2>& versus,
                     const std::vector<Site>& sites, const std::string& theory) {
  Surface surface;
  for (const Site& site : sites) {
    const Quantity y = evaluate(context, of, site, theory);
    if (!y.has_value()) continue;
    surface.x.push_back({evaluate(context, versus[0], site).value, evaluate(context, versus[1], site).value});
    surface.y.push_back(y);
  }
  return surface;
}

JointLaw::Form form_of(const scan::Test& test) {
  return test.form == "min" ? JointLaw::Form::min : test.form == "floor" ? JointLaw::Form::floor : JointLaw::Form::sum;
}

/// Each exponent against the expected one (an expression is taken at the first site); where nothing is expected, the fit stands for itself and the other form is its rival.
Finding of_group(const Context& context, const scan::Test& test, const Surface& measured, const Surface& expected,
                 const Site& site) {
  const JointLaw fit = fit_joint_law(measured.x, measured.y, form_of(test));
  if (!fit.exponents[0].has_value()) return {.label = {}, .statement = {}, .because = fit.exponents[0].problem};
  std::string statement = fmt::format("exponents {} in {} and {} in {}", text_of(fit.exponents[0]), test.versus[0].text,
                                      text_of(fit.exponents[1]), test.versus[1].text);
  if (form_of(test) == JointLaw::Form::floor) statement += fmt::format(", floor {}", text_of(fit.floor));
  if (!test.expect) {
    const JointLaw rival = fit_joint_law(
        measured.x, measured.y, form_of(test) == JointLaw::Form::sum ? JointLaw::Form::min : JointLaw::Form::sum);
    return {.label = {},
            .statement =
                fmt::format("{}; χ² {:.4g}, of the other form {:.4g}", statement, fit.chi_squared, rival.chi_squared),
            .because = "no expectation was given"};
  }
  JointLaw reference;
  if (is_theory(*context.table, test.expect->text))
    reference = fit_joint_law(expected.x, expected.y, form_of(test));
  else
    reference.exponents = {evaluate(context, context.resolve(test.expect->text), site),
                           evaluate(context, context.resolve(test.expect_second.value_or(*test.expect).text), site)};
  std::vector<Finding> findings;
  for (std::size_t k = 0; k < 2; ++k)
    findings.push_back(judge(difference(fit.exponents[k], reference.exponents[k]),
                             around_zero(test.within.value_or(scan::Margin{}), reference.exponents[k].value),
                             members_for_fit));
  Finding finding = worst_of(findings);
  finding.statement = fmt::format("{}; expected {} and {}, ± {}", statement, text_of(reference.exponents[0]),
                                  text_of(reference.exponents[1]), text_of(test.within.value_or(scan::Margin{})));
  return finding;
}

}  // namespace

std::vector<Finding> test_scaling_law(const Context& context, const scan::Test& test) {
  std::vector<Finding> findings;
  if (test.versus.size() != 2) return findings;
  for (const scan::Formula& formula : test.of) {
    const Selection selection = selection_of(context, test, formula);
    const std::array<scan::Mentions, 2> versus{context.resolve(test.versus[0].text),
                                               context.resolve(test.versus[1].text)};
    std::set<std::string> free = names_in(versus[0]);
    free.merge(names_in(versus[1]));
    const std::string theory = test.expect && is_theory(*context.table, test.expect->text) ? test.expect->text : "";
    const std::vector<Site> sites = in_window(context, test, versus[0], select_sites(context, selection));
    for (const Group& group : group_sites(context, sites, free, test.by)) {
      const Surface measured = make_surface(context, selection.formulas[0], versus, group.sites, "");
      const Surface expected =
          theory.empty() ? Surface{} : make_surface(context, selection.formulas[0], versus, group.sites, theory);
      findings.push_back(of_group(context, test, measured, expected, group.sites.front()));
      findings.back().label = group.label;
    }
  }
  return findings;
}

}  // namespace fieldscan::analysis
