#include "conservation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "../formula/reference.hpp"
#include "shared.hpp"

namespace fieldscan::analysis {
namespace {

/// A sum that must hold: both sides at one time, from the same members.
Finding sides_equal(const Context& context, const scan::Mentions& of, const ReferenceFormula& with, const Site& site,
                    const scan::Margin& margin) {
  const auto [a, b, draws] = evaluate_pair(context, {of, site}, {with.formula, site, with.theory});
  const std::int64_t needed =
      std::max(members_needed(of, members_for_mean), members_needed(with.formula, members_for_mean));
  Finding finding = judge(difference(a, b), around_zero(margin, b.value), needed);
  name_number(finding, "difference");
  const std::string at = label_at(context, site, "time");
  finding.statement = fmt::format("{} against {}{}{}", text_of(a), text_of(b), at.empty() ? "" : " at " + at,
                                  draws.empty() ? "" : ", " + draws);
  return finding;
}

}  // namespace

std::vector<Finding> evaluate(const Context& context, const scan::Test& test, const scan::Conservation& kind) {
  std::vector<Finding> findings;
  for (const scan::Formula& formula : test.of) {
    Selection selection = selection_of(context, test, formula);
    selection.at = "all";
    const scan::Margin margin = kind.within.value_or(scan::Margin{});
    for (const Group& group : group_sites(context, select_sites(context, selection), {"time"}, test.by)) {
      if (!kind.with.empty()) {
        const ReferenceFormula with = reference_of(context, selection.formulas[0], kind.with.text);
        std::vector<Finding> sides;
        for (const Site& site : group.sites)
          sides.push_back(sides_equal(context, selection.formulas[0], with, site, margin));
        findings.push_back(worst_of(sides));
        findings.back().label = group.label;
        continue;
      }
      const Quantity first = evaluate(context, selection.formulas[0], group.sites.front());
      std::vector<Finding> changes;
      for (std::size_t k = 1; k < group.sites.size(); ++k) {
        const Quantity now = evaluate(context, selection.formulas[0], group.sites[k]);
        changes.push_back(judge(difference(now, first), around_zero(margin, first.value),
                                members_needed(selection.formulas[0], members_for_mean)));
        name_number(changes.back(), "change since the start");
        changes.back().statement = fmt::format("{} at the start, {} at {}", text_of(first), text_of(now),
                                               label_at(context, group.sites[k], "time"));
      }
      findings.push_back(worst_of(changes));
      findings.back().label = group.label;
    }
  }
  return findings;
}

std::string claim_of(const scan::Test& test, const scan::Conservation& kind) {
  const std::string within = within_text(kind.within);
  return kind.with.empty() ? fmt::format("{} stays what it is at the start{}", list_of(test.of), within)
                           : fmt::format("{} is {} at all times{}", list_of(test.of), kind.with.text, within);
}

}  // namespace fieldscan::analysis
