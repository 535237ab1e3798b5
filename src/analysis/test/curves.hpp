#pragma once
#include "shared.hpp"

/// Tests of the shape of a curve.
namespace fieldscan::analysis {

/// The largest less the least of a curve's values.
double range_of(const Curve& curve);

/// Calls judge_curve(curve, formula) for every group of a test that goes along its abscissa.
template <class JudgeCurve>
std::vector<Finding> over_curves(const Context& context, const scan::Test& test, const std::string& abscissa,
                                 JudgeCurve judge_curve) {
  std::vector<Finding> findings;
  for (const scan::Formula& formula : test.of) {
    const Selection selection = selection_of(context, test, formula);
    const scan::Mentions versus = context.resolve(abscissa);
    const std::vector<Site> sites = in_window(context, test, versus, select_sites(context, selection));
    for (const Group& group : group_sites(context, sites, names_in(versus), test.by, &versus)) {
      const Curve curve = make_curve(context, selection.formulas[0], versus, group.sites);
      Finding finding = curve.x.size() < 2 ? nothing_to_judge(curve.why_none("no curve yet"))
                                           : judge_curve(curve, selection.formulas[0]);
      if (curve.x.size() >= 2) {
        finding.basis.join(curve.basis);
        leave_out(finding, {curve.left_out, curve.lack, curve.left_out_basis});
      }
      if (finding.outcome != Finding::Outcome::judged) tell_soundness(finding, curve.y);
      finding.label = group.label;
      findings.push_back(std::move(finding));
    }
  }
  return findings;
}

}  // namespace fieldscan::analysis
