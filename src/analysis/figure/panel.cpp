#include "panel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../formula/definition.hpp"
#include "../formula/groups.hpp"
#include "../verdict/judge.hpp"
#include "along.hpp"
#include "order.hpp"
#include "overlay.hpp"

namespace fieldscan::analysis {
namespace {

/// What stands in `with`: a theory that takes the place of the measurement, or a formula of its own.
struct Reference {
  std::string text;
  std::string theory;  ///< empty for a formula
  scan::Mentions formula;
};

std::vector<Reference> references_of(const Context& context, const Wish& wish, const scan::Curves& kind) {
  std::vector<Reference> references;
  for (const scan::Reference& with : kind.with) {
    const bool theory = is_theory(*context.table, with.text);
    references.push_back({.text = with.text + (theory && is_reference(*context.table, with.text) ? " (reference)" : ""),
                          .theory = theory ? with.text : "",
                          .formula = theory ? as_predicted(wish.plot, with.text) : context.resolve(with.text)});
  }
  return references;
}

using Points = std::vector<std::pair<double, Quantity>>;

void sort_points(Points& points) {
  std::ranges::stable_sort(points, {}, [](const auto& p) { return p.first; });
}

/// (measured − reference)/standard error of the difference, on the same members where both have them; where a theory is
/// beyond its stated range none is expected.
DrawnCurve residuals_of(const Context& context, const Wish& wish, const std::vector<Site>& sites,
                        const Reference& reference) {
  DrawnCurve drawn;
  Points differences;
  double scale = 0;
  for (const Site& site : sites) {
    const Quantity x = evaluate(context, wish.versus, site);
    const auto [y, of_theory, draws] =
        evaluate_pair(context, {wish.plot, site}, {reference.formula, site, reference.theory});
    const Quantity d = difference(y, of_theory);
    if (!x.has_value() || !d.has_value() || !std::isfinite(x.value) || !d.outside.empty()) continue;
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
  }
  return drawn;
}

/// The curve of what holds, looking like `like`, and that of what is beyond a theory's stated range.
std::vector<DrawnCurve> curves_of(const Along& along, const DrawnCurve& like) {
  std::vector<DrawnCurve> curves;
  for (const Stated part : {Stated::inside, Stated::outside}) {
    DrawnCurve curve = curve_of(along, part);
    if (curve.x.empty()) continue;
    curve.label = like.label;
    curve.quantity = like.quantity;
    curve.with = like.with;
    curve.style = like.style;
    curve.colour = like.colour;
    curve.dash = like.dash;
    if (part == Stated::outside) {
      curve.with = *name_outside(along);
      curve.dash = outside_dash;
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

void add_remark(Panel& panel, std::string remark) {
  if (!remark.empty() && std::ranges::find(panel.remarks, remark) == panel.remarks.end())
    panel.remarks.push_back(std::move(remark));
}

/// Theories that are the same for every group (an infinite-width curve for all widths) are drawn once.
bool already_drawn(const Panel& panel, const DrawnCurve& curve) {
  return std::ranges::any_of(panel.curves, [&](const DrawnCurve& other) {
    return other.dash == curve.dash && other.style == curve.style && other.x == curve.x && other.y == curve.y;
  });
}

/// Theories and formulas beside a measured curve that looks like `measured`.
void add_references(const Context& context, const Wish& wish, const scan::Curves& kind,
                    const std::vector<Reference>& references, const Group& group, const DrawnCurve& measured,
                    Panel& panel) {
  // Theories are solid, then dashed; beside a plotted line all are dashed.
  const std::size_t first_dash = panel.curves.back().style == DrawnCurve::Style::line ? 2 : 1;
  for (std::size_t w = 0; w < references.size(); ++w) {
    const Reference& reference = references[w];
    const Along along = numbers_along(context, reference.formula, wish, group.sites, reference.theory, Draws::measured);
    const DrawnCurve like{.label = group.label,
                          .quantity = measured.quantity,
                          .with = reference.text,
                          .style = DrawnCurve::Style::line,
                          .colour = measured.colour,
                          .dash = first_dash + w % (fit_dash - first_dash)};
    for (DrawnCurve& curve : curves_of(along, like))
      if (!already_drawn(panel, curve)) panel.curves.push_back(std::move(curve));
    add_remark(panel, words_of_gaps(along, reference.text));
  }
  if (!mentions_measurement(wish.plot) || kind.style == scan::Curves::Style::lines) return;
  for (const Reference& reference : references) {
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

/// A theory with one curve for all groups has no group's colour.
void free_common_theories(Panel& panel, const std::vector<Reference>& references) {
  for (const Reference& reference : references) {
    const auto same = [&](const DrawnCurve& c) { return c.with == reference.text; };
    if (std::ranges::count_if(panel.curves, same) != 1) continue;
    DrawnCurve& curve = *std::ranges::find_if(panel.curves, same);
    curve.label.clear();
    curve.colour = neutral_colour;
  }
}

DrawnCurve::Style style_of(const Wish& wish, const scan::Curves& kind) {
  if (kind.style == scan::Curves::Style::lines) return DrawnCurve::Style::line;
  if (kind.style == scan::Curves::Style::points) return DrawnCurve::Style::points;
  const bool measured = mentions_measurement(wish.plot) || wish.plot.any(scan::ResolvedName::Kind::definition);
  return measured ? DrawnCurve::Style::points : DrawnCurve::Style::line;
}

/// How many colours the measured curves of a panel have.
std::size_t colours_of(const Panel& panel) {
  std::size_t count = 0;
  for (const DrawnCurve& c : panel.curves)
    if (c.with.empty()) count = std::max(count, c.colour + 1);
  return count;
}

/// The curves of one quantity.
void add_quantity(const Context& context, const Wish& wish, const scan::Curves& kind, const std::vector<Site>& sites,
                  const std::string& quantity, Panel& panel) {
  const std::vector<Reference> references = references_of(context, wish, kind);
  Drawn drawn{.first_colour = colours_of(panel), .quantity = quantity};
  for (Group& group : sorted_groups(group_sites(context, sites, wish.free, wish.figure.by, &wish.versus))) {
    const Along along = numbers_along(context, wish.plot, wish, group.sites, "", Draws::as_mentioned);
    const DrawnCurve like{.label = group.label,
                          .quantity = quantity,
                          .with = {},
                          .style = style_of(wish, kind),
                          .colour = drawn.first_colour + drawn.groups.size()};
    std::vector<DrawnCurve> curves = curves_of(along, like);
    if (curves.empty()) continue;
    if (like.colour >= most_curves) {
      ++panel.left_out;
      continue;
    }
    for (DrawnCurve& curve : curves) panel.curves.push_back(std::move(curve));
    add_remark(panel, words_of_gaps(along, wish.of));
    add_references(context, wish, kind, references, group, like, panel);
    for (const scan::Formula& mark : kind.mark) {
      if (drawn.first_colour > 0) break;  // those of the first quantity are those of all
      const Quantity q = evaluate(context, context.resolve(mark.text), group.sites.front());
      if (q.has_value()) panel.marks.emplace_back(mark.text, q.value);
    }
    drawn.groups.push_back(std::move(group));
  }
  if (quantity.empty()) free_common_theories(panel, references);
  panel.ordered = quantity.empty() && ascend(drawn.groups);
  add_tests(context, wish, drawn, panel);
}

}  // namespace

Panel make_panel(const Context& context, const std::vector<Wish>& wishes, const scan::Curves& kind,
                 const std::string& title, const std::vector<Site>& sites) {
  Panel panel;
  panel.title = title;
  for (const Wish& wish : wishes) add_quantity(context, wish, kind, sites, wishes.size() > 1 ? wish.of : "", panel);
  return panel;
}

}  // namespace fieldscan::analysis
