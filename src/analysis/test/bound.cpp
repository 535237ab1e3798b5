#include <fmt/format.h>

#include "list.hpp"

namespace fieldscan::analysis {

std::vector<Finding> test_bound(const Context& context, const scan::Test& test) {
  std::vector<Finding> findings;
  Allowed allowed;
  if (test.above) allowed.low = *test.above;
  if (test.below) allowed.high = *test.below;
  for (const scan::Formula& formula : test.of) {
    const Selection selection = selection_of(context, test, formula);
    for (const Group& group : group_sites(context, select_sites(context, selection), {}, test.by))
      for (const Site& site : group.sites) {
        const Quantity q = evaluate(context, selection.formulas[0], site);
        Finding finding = judge(q, allowed, members_for_mean);
        finding.label = group.label;
        finding.statement = fmt::format("{} = {}", formula.text, text_of(q));
        findings.push_back(std::move(finding));
      }
  }
  return findings;
}

}  // namespace fieldscan::analysis
