#include "bound.hpp"

#include <fmt/format.h>

#include "../verdict/strict.hpp"
#include "shared.hpp"

namespace fieldscan::analysis {
namespace {

/// Of numbers that are all positive a lower bound below zero asks nothing beside an upper one, of negative ones an
/// upper bound above it beside a lower one.
Allowed without_idle_bound(Allowed allowed, const Quantity& quantity) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (allowed.low <= 0 && allowed.high > 0 && allowed.high < infinity && all_positive(quantity))
    allowed.low = -infinity;
  if (allowed.high >= 0 && allowed.low < 0 && allowed.low > -infinity && all_negative(quantity))
    allowed.high = infinity;
  return allowed;
}

/// The bound of a defined number is an end of its axis, or the mean there: no law that is fitted.
std::int64_t needed_for(const scan::Mentions& of, const Quantity& quantity) {
  const bool end = quantity.censored != Censored::no && of.expression.is_atom();
  return end ? members_for_mean : members_needed(of, members_for_mean);
}

}  // namespace

std::vector<Finding> evaluate(const Context& context, const scan::Test& test, const scan::Bound& kind) {
  std::vector<Finding> findings;
  Allowed allowed;
  if (kind.above) allowed.low = *kind.above;
  if (kind.below) allowed.high = *kind.below;
  for (const scan::Formula& formula : test.of) {
    const Selection selection = selection_of(context, test, formula);
    for (const Group& group : group_sites(context, select_sites(context, selection), {}, test.by))
      for (const Site& site : group.sites) {
        const Quantity q = evaluate(context, selection.formulas[0], site);
        const Allowed asked = without_idle_bound(allowed, q);
        Finding finding = judge(q, asked, needed_for(selection.formulas[0], q));
        require_strict(finding, q, asked, "it is the bound itself, neither above nor below it");
        add_sentence(finding.because, why_negative(selection.formulas[0], q));
        finding.label = group.label;
        finding.statement = stated(formula.text, q);
        findings.push_back(std::move(finding));
      }
  }
  return findings;
}

std::string claim_of(const scan::Test& test, const scan::Bound& kind) {
  return list_of(test.of) + (kind.above ? fmt::format(" lies above {:g}", *kind.above) : "") +
         (kind.above && kind.below ? " and" : "") + (kind.below ? fmt::format(" lies below {:g}", *kind.below) : "");
}

}  // namespace fieldscan::analysis
