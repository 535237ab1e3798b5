#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "list.hpp"

namespace fieldscan::analysis {

Selection selection_of(const Context& context, const scan::Test& test, const scan::Formula& of,
                       const std::vector<std::string>& names) {
  Selection selection{.formulas = {context.resolve(of.text)},
                      .where = std::nullopt,
                      .names = test.by,
                      .at = test.at,
                      .theory = {},
                      .theories = {}};
  selection.names.insert(selection.names.end(), names.begin(), names.end());
  for (const auto& formula : test.versus) selection.formulas.push_back(context.resolve(formula.text));
  if (!test.with.empty()) {
    if (is_theory(*context.table, test.with.text))
      selection.theories.push_back(test.with.text);
    else
      selection.formulas.push_back(context.resolve(test.with.text));
  }
  if (!test.where.empty()) selection.where = context.resolve(test.where.text);
  return selection;
}

std::vector<Site> in_window(const Context& context, const scan::Test& test, const scan::Mentions& versus,
                            const std::vector<Site>& sites) {
  if (!test.window) return sites;
  std::vector<Site> inside;
  for (const Site& site : sites) {
    const double x = evaluate(context, versus, site).value;
    if (x >= test.window->first * (1 - 1e-12) && x <= test.window->second * (1 + 1e-12)) inside.push_back(site);
  }
  return inside;
}

std::string text_of(const Quantity& quantity) {
  if (!quantity.has_value()) return quantity.problem;
  if (quantity.censored != Censored::no)
    return fmt::format("{} {}", quantity.censored == Censored::above ? "above" : "below", number(quantity.value));
  return with_error(quantity.value, estimate(quantity).standard_error);
}

std::string text_of(const scan::Margin& margin) {
  return margin.relative ? fmt::format("{:g} %", 100 * margin.value) : fmt::format("{:g}", margin.value);
}

Allowed around_zero(const scan::Margin& margin, double reference) {
  const double size = margin.relative ? margin.value * std::abs(reference) : margin.value;
  return {-size, size};
}

Finding worst_of(const std::vector<Finding>& findings) {
  if (findings.empty()) return {.label = {}, .statement = {}, .because = "nothing to compare yet"};
  const auto least_sure =
      std::ranges::min_element(findings, {}, [](const Finding& f) { return std::pair(f.inside, f.p); });
  Finding worst = *least_sure;
  worst.inside = std::ranges::all_of(findings, &Finding::inside);
  worst.p = std::min(1.0, worst.p * static_cast<double>(findings.size()));
  return worst;
}

std::vector<Finding> test_findings(const Context& context, const scan::Test& test) {
  switch (test.kind) {
    case scan::Test::Kind::agreement:
      return test_agreement(context, test);
    case scan::Test::Kind::chi2:
      return test_chi2(context, test);
    case scan::Test::Kind::power_law:
      return test_power_law(context, test);
    case scan::Test::Kind::scaling_law:
      return test_scaling_law(context, test);
    case scan::Test::Kind::collapse:
      return test_collapse(context, test);
    case scan::Test::Kind::bound:
      return test_bound(context, test);
    case scan::Test::Kind::monotone:
      return test_monotone(context, test);
    case scan::Test::Kind::linear:
      return test_linear(context, test);
    case scan::Test::Kind::conservation:
      return test_conservation(context, test);
  }
  return {};
}

}  // namespace fieldscan::analysis
