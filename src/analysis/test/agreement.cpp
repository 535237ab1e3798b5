#include "agreement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "../formula/reference.hpp"
#include "../quantity/bootstrap.hpp"
#include "shared.hpp"

namespace fieldscan::analysis {
namespace {

/// Compares two numbers: their ratio with one for a relative margin, their difference with zero for an absolute one.
/// Both come from the same members where they can, so that what they share drops out. `joint`: what stands between a
/// name and its number; empty where the number decides.
Finding compare(const Pair& pair, std::int64_t needed, const scan::Margin& margin, const std::string& name_a,
                const std::string& name_b, std::string_view joint = "") {
  const auto& [a, b, draws] = pair;
  const std::array<Quantity, 2> parts{a, b};
  Quantity distance;
  if (a.has_value() && b.has_value() && margin.relative && b.value == 0)
    distance = no_quantity(name_b + " is zero: a relative margin means nothing, give an absolute one");
  else if (margin.relative && b.has_value() && !b.exact() && !can_divide(b))
    distance = no_quantity(name_b + " is lost in its error: a relative margin means nothing, give an absolute one");
  else if (margin.relative)
    distance = propagate([](std::span<const double> v) { return v[0] / v[1] - 1; }, parts, 1e-3);
  else
    distance = difference(a, b);
  const double size = margin.relative ? 1 : std::max(std::abs(a.value), std::abs(b.value));
  const Allowed allowed{.low = -margin.value, .high = margin.value, .rounding = 1e-12 * size};
  Finding finding = judge(distance, allowed, needed, margin.relative ? Shown::percent : Shown::plain);
  name_number(finding, margin.relative ? "relative difference" : "difference");
  if (!distance.has_value()) return finding;
  const std::string gap = margin.relative ? text_of(scaled(distance, 100)) + " %" : text_of(distance);
  const auto told = [&](const std::string& name, const Quantity& q) {
    if (!joint.empty()) return fmt::format("{}{}{}", name, joint, text_of(q));
    return (stated(name, q) == name ? "expected " : "") + stated(name, q);
  };
  finding.statement = fmt::format("{}, {}, difference {}, allowed ± {}{}", told(name_a, a), told(name_b, b), gap,
                                  text_of(margin), draws.empty() ? "" : ", " + draws);
  return finding;
}

void against_reference(const Context& context, const scan::Test& test, const scan::Agreement& kind,
                       const scan::Formula& formula, std::vector<Finding>& findings) {
  const Selection selection = selection_of(context, test, formula);
  const scan::Mentions& of = selection.formulas[0];
  const ReferenceFormula with = reference_of(context, of, kind.with.text);
  const std::int64_t needed =
      std::max(members_needed(of, members_for_mean), members_needed(with.formula, members_for_mean));
  for (const Group& group : group_sites(context, select_sites(context, selection), {}, test.by))
    for (const Site& site : group.sites) {
      const Pair pair = evaluate_pair(context, {of, site}, {with.formula, site, with.theory});
      Finding finding = compare(pair, needed, kind.within.value_or(scan::Margin{}), formula.text, kind.with.text);
      add_sentence(finding.because, why_negative(of, pair.a));
      finding.label = (test.of.size() > 1 ? formula.text + (group.label.empty() ? "" : ", ") : "") + group.label;
      finding.key = group.key;
      findings.push_back(std::move(finding));
    }
}

void between_values(const Context& context, const scan::Test& test, const scan::Agreement& kind,
                    const scan::Formula& formula, std::vector<Finding>& findings) {
  const Selection selection = selection_of(context, test, formula, {kind.between.text});
  const std::string axis = context.resolve_name(kind.between.text).name;
  for (const Group& group : group_sites(context, select_sites(context, selection), {axis}, test.by))
    for (std::size_t i = 0; i < group.sites.size(); ++i)
      for (std::size_t j = i + 1; j < group.sites.size(); ++j) {
        const scan::Mentions& of = selection.formulas[0];
        const Pair pair = evaluate_pair(context, {of, group.sites[i]}, {of, group.sites[j]});
        const std::string name_a = label_at(context, group.sites[i], axis),
                          name_b = label_at(context, group.sites[j], axis);
        const std::string word = axis.substr(axis.rfind('.') + 1) + " ";
        Finding finding = compare(pair, members_needed(of, members_for_mean), kind.within.value_or(scan::Margin{}),
                                  word + name_a, word + name_b, ": ");
        finding.label = group.label + (group.label.empty() ? "" : ", ") + name_a + " against " + name_b;
        findings.push_back(std::move(finding));
      }
}

}  // namespace

std::vector<Finding> evaluate(const Context& context, const scan::Test& test, const scan::Agreement& kind) {
  std::vector<Finding> findings;
  for (const scan::Formula& formula : test.of) {
    if (kind.between.empty())
      against_reference(context, test, kind, formula, findings);
    else
      between_values(context, test, kind, formula, findings);
  }
  return findings;
}

std::string claim_of(const scan::Test& test, const scan::Agreement& kind) {
  const std::string within = within_text(kind.within);
  return kind.between.empty() ? fmt::format("{} agrees with {}{}", list_of(test.of), kind.with.text, within)
                              : fmt::format("{} is the same for all {}{}", list_of(test.of), kind.between.text, within);
}

}  // namespace fieldscan::analysis
