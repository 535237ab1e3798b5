#include "compared.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "../formula/groups.hpp"
#include "../formula/reference.hpp"
#include "../formula/sites.hpp"
#include "../test/evaluate.hpp"
#include "../test/shared.hpp"
#include "../verdict/family.hpp"
#include "../verdict/judge.hpp"
#include "map_cells.hpp"

namespace fieldscan::analysis {
namespace {

/// The distance at a site, as the test forms it: relative to the reference where the margin is.
Quantity distance_at(const Context& context, const Comparison& c, const scan::Mentions& of,
                     const ReferenceFormula& with, const Site& site) {
  const Pair pair = evaluate_pair(context, {of, site}, {with.formula, site, with.theory});
  const std::array<Quantity, 2> parts{pair.a, pair.b};
  if (!c.kind.within->relative) return difference(parts[0], parts[1]);
  if (parts[1].has_value() && parts[1].value == 0) return no_quantity("the reference is zero");
  return propagate([](std::span<const double> v) { return v[0] / v[1] - 1; }, parts, 1e-3);
}

std::string word_on_map(Verdict verdict) {
  return verdict == Verdict::supported ? "holds" : verdict == Verdict::contradicted ? "fails" : "open";
}

using Verdicts = std::map<std::map<std::string, std::string>, Verdict>;

/// The verdicts of the test's own statements, by their places, so that map and words say the same.
Verdicts verdicts_of(const Context& context, const Comparison& c) {
  Verdicts verdicts;
  const std::vector<Finding> all = statements_of(context, c.test);
  scan::Test first = c.test;
  first.of.resize(1);
  for (const Finding& finding : first.of.size() == c.test.of.size() ? all : statements_of(context, first))
    verdicts.emplace(finding.key, verdict_of(finding, all.size()));
  return verdicts;
}

/// The blocks in which a test looks. Others may differ in fields that are no axes (`fixed:`), and are not alike.
std::set<std::size_t> blocks_of(const Context& context, const scan::Test& test) {
  std::set<std::size_t> blocks;
  for (const Site& site : select_sites(context, selection_of(context, test, test.of[0])))
    blocks.insert(context.table->points.at(site.point).point.block);
  return blocks;
}

}  // namespace

std::vector<Compared> compare_all(const Context& context, const Comparison& c) {
  scan::Test everywhere = c.test;
  everywhere.where = {};
  const Selection selection = selection_of(context, everywhere, c.test.of[0]);
  const scan::Mentions& of = selection.formulas[0];
  const ReferenceFormula with = reference_of(context, of, c.kind.with.text);
  const Verdicts verdicts = verdicts_of(context, c);
  const std::int64_t needed =
      std::max(members_needed(of, members_for_mean), members_needed(with.formula, members_for_mean));
  const std::set<std::size_t> blocks = blocks_of(context, c.test);
  std::vector<Compared> all;
  std::vector<Finding> findings;
  for (const Group& group : group_sites(context, select_sites(context, selection), {}, c.test.by))
    for (const Site& site : group.sites) {
      if (!blocks.contains(context.table->points.at(site.point).point.block)) continue;
      const Quantity d = distance_at(context, c, of, with, site);
      if (!d.has_value()) {
        if (const Quantity alone = evaluate(context, of, site); is_ended(alone))
          all.push_back({.labels = group.key, .cell = cell_of(alone, "", "")});
        continue;
      }
      findings.push_back(judge(d, {-c.kind.within->value, c.kind.within->value}, needed));
      all.push_back({.labels = group.key, .cell = cell_of(d, "", "")});
    }
  auto finding = findings.begin();
  for (Compared& one : all) {
    if (one.cell.basis.none()) continue;
    const auto own = verdicts.find(one.labels);
    one.cell.word = word_on_map(own != verdicts.end() ? own->second : verdict_of(*finding, findings.size()));
    ++finding;
  }
  return all;
}

}  // namespace fieldscan::analysis
