#include "beside.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../formula/reference.hpp"
#include "../verdict/judge.hpp"
#include "other_draws.hpp"

namespace fieldscan::analysis {
namespace {

using Points = std::vector<std::pair<double, Quantity>>;

void sort_points(Points& points) {
  std::ranges::stable_sort(points, {}, [](const auto& p) { return p.first; });
}

/// (measured − reference)/standard error of the difference, on the same members where both have them; where a theory is
/// beyond its stated range none is expected, and where no verdict is given (networks that stopped, chains that did not
/// equilibrate) there is none.
DrawnCurve residuals_of(const Context& context, const Wish& wish, const std::vector<Site>& sites,
                        const Beside& reference) {
  DrawnCurve drawn;
  Points differences;
  double scale = 0;
  for (const Site& site : sites) {
    const Quantity x = evaluate(context, wish.versus, site);
    const auto [y, of_theory, draws] =
        evaluate_pair(context, {wish.plot, site}, {reference.formula, site, reference.theory});
    const Quantity d = difference(y, of_theory);
    if (!x.has_value() || !d.has_value() || !std::isfinite(x.value)) continue;
    if (!d.outside.empty() || !d.why_unsound().empty()) continue;
    differences.emplace_back(x.value, d);
    scale = std::max(scale, std::abs(y.value));
  }
  sort_points(differences);
  for (const auto& [x, d] : differences) {
    const Estimate e = estimate(d);
    const double size = e.value / e.standard_error;
    if (!(e.standard_error > 0) || !std::isfinite(size) || members(d, e) < members_for_mean) continue;
    if (std::abs(d.value) <= 1e-12 * scale) continue;  // rounding: a training error of zero has no standard error
    drawn.x.push_back(x);
    for (auto* list : {&drawn.y, &drawn.low, &drawn.high}) list->push_back(size);
    drawn.censored.push_back(false);
    const Unsettled unsettled = unsettled_of(d);
    drawn.unsettled.push_back(std::max(unsettled.chains, unsettled.networks));
  }
  return drawn;
}

/// The theories whose predictions a curve is formed of.
std::set<std::string> theories_behind(const Beside& reference) {
  std::set<std::string> theories;
  if (!reference.theory.empty()) theories.insert(reference.theory);
  for (const scan::ResolvedName& name : reference.formula.atoms)
    if (!name.theory.empty()) theories.insert(name.theory);
  return theories;
}

bool already_drawn(const Panel& panel, const DrawnCurve& curve) {
  return std::ranges::any_of(panel.curves, [&](const DrawnCurve& other) {
    return other.dash == curve.dash && other.style == curve.style && other.x == curve.x && other.y == curve.y;
  });
}

}  // namespace

std::vector<Beside> references_of(const Context& context, const Wish& wish, const scan::Curves& kind) {
  std::vector<Beside> references;
  for (const scan::Reference& with : kind.with) {
    ReferenceFormula reference = reference_of(context, wish.plot, with.text);
    const bool aside = !reference.theory.empty() && is_reference(*context.table, with.text);
    references.push_back({.text = with.text + (aside ? " (reference)" : ""),
                          .theory = std::move(reference.theory),
                          .formula = std::move(reference.formula)});
  }
  return references;
}

void add_references(const Context& context, const Wish& wish, const scan::Curves& kind, std::vector<Beside>& references,
                    const Group& group, const DrawnCurve& measured, Panel& panel, Ended& ended) {
  // Theories are solid, then dashed; beside a plotted line all are dashed.
  const std::size_t first_dash = panel.curves.back().style == DrawnCurve::Style::line ? 2 : 1;
  for (std::size_t w = 0; w < references.size(); ++w) {
    Beside& reference = references[w];
    const Along along = numbers_along(context, reference.formula, wish, group.sites, reference.theory, Draws::own);
    const DrawnCurve like{.label = group.label,
                          .quantity = measured.quantity,
                          .with = reference.text,
                          .style = DrawnCurve::Style::line,
                          .colour = measured.colour,
                          .dash = first_dash + w % (fit_dash - first_dash)};
    reference.add_group(panel, curves_of(along, like));
    panel.add_remark(words_of_gaps(along, reference.text));
    panel.add_remark(words_without_errors(along));
    ended.add(along, like.label);
    if (mentions_measurement(wish.plot))
      panel.add_remark(words_of_other_draws(*context.table, group.sites, theories_behind(reference)));
  }
  if (!mentions_measurement(wish.plot) || kind.style == scan::Curves::Style::lines) return;
  for (const Beside& reference : references) {
    DrawnCurve curve = residuals_of(context, wish, group.sites, reference);
    if (curve.x.empty()) continue;
    curve.label = group.label;
    curve.quantity = measured.quantity;
    curve.with = reference.text;
    curve.colour = measured.colour;
    if (panel.residual_label.empty()) panel.residual_label = fmt::format("difference from {}", reference.text);
    if (panel.residuals.empty() || panel.residuals[0].with == reference.text)
      panel.residuals.push_back(std::move(curve));
    return;
  }
}

void Beside::add_group(Panel& panel, std::vector<DrawnCurve> curves) {
  const std::size_t before = lines.size();
  for (DrawnCurve& curve : curves) {
    if (already_drawn(panel, curve)) continue;
    lines.push_back(panel.curves.size());
    panel.curves.push_back(std::move(curve));
  }
  groups += curves.empty() ? 0 : 1;
  groups_with_own += lines.size() > before ? 1 : 0;
}

void free_common_theories(Panel& panel, const std::vector<Beside>& references, std::size_t groups) {
  for (const Beside& reference : references) {
    if (reference.groups_with_own != 1 || reference.groups != groups) continue;
    for (const std::size_t line : reference.lines) {
      panel.curves.at(line).label.clear();
      panel.curves[line].colour = neutral_colour;
    }
  }
}

}  // namespace fieldscan::analysis
