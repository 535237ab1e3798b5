#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "../finding.hpp"
#include "figure.hpp"

namespace fieldscan::analysis {
namespace {

constexpr std::size_t most_curves = 12;

struct Wish {
  const scan::Figure& figure;
  scan::Mentions plot;
  scan::Mentions versus;
  std::set<std::string> free;
};

void add_point(DrawnCurve& curve, double x, const Quantity& y) {
  const Estimate e = estimate(y);
  const Interval i = std::isfinite(e.standard_error) ? interval(e) : Interval{e.value, e.value};
  curve.x.push_back(x);
  curve.y.push_back(y.value);
  curve.low.push_back(i.low);
  curve.high.push_back(i.high);
  curve.censored.push_back(y.censored != Censored::no);
}

DrawnCurve draw(const Context& context, const scan::Mentions& formula, const Wish& wish, const std::vector<Site>& sites,
                const std::string& theory, Draws draws) {
  DrawnCurve drawn;
  std::vector<std::pair<double, Quantity>> points;
  for (const Site& site : sites) {
    const Quantity x = evaluate(context, wish.versus, site);
    const Quantity y = evaluate(context, formula, site, theory, Power::plain, draws);
    if (x.has_value() && y.has_value() && std::isfinite(x.value)) points.emplace_back(x.value, y);
  }
  std::ranges::stable_sort(points, {}, [](const auto& p) { return p.first; });
  for (const auto& [x, y] : points)
    if (theory.empty() || drawn.x.empty() || drawn.x.back() != x) add_point(drawn, x, y);
  return drawn;
}

/// Theories that are the same for every group (an infinite-width curve for all widths) are drawn once.
bool already_drawn(const Panel& panel, const DrawnCurve& curve) {
  return std::ranges::any_of(panel.curves, [&](const DrawnCurve& other) {
    return other.dash == curve.dash && other.style == curve.style && other.x == curve.x && other.y == curve.y;
  });
}

void add_with(const Context& context, const Wish& wish, const std::vector<Site>& sites, const std::string& label,
              std::size_t colour, Panel& panel) {
  for (std::size_t w = 0; w < wish.figure.with.size(); ++w) {
    const std::string& text = wish.figure.with[w].text;
    const bool theory = is_theory(*context.table, text);
    const scan::Mentions formula = theory ? as_predicted(wish.plot, text) : context.resolve(text);
    DrawnCurve curve = draw(context, formula, wish, sites, theory ? text : "", Draws::measured);
    curve.label = label.empty() ? text : text + ", " + label;
    curve.style = DrawnCurve::Style::line;
    curve.colour = colour;
    curve.dash = w + 1;
    if (!curve.x.empty() && !already_drawn(panel, curve)) panel.curves.push_back(std::move(curve));
  }
}

void simplify_theory_labels(Panel& panel, const Wish& wish) {
  for (std::size_t w = 0; w < wish.figure.with.size(); ++w) {
    const auto same = [&](const DrawnCurve& c) { return c.dash == w + 1; };
    if (std::ranges::count_if(panel.curves, same) != 1) continue;
    auto& curve = *std::ranges::find_if(panel.curves, same);
    curve.label = wish.figure.with[w].text;
    curve.colour = most_curves;  // the colour of no group
  }
}

Panel make_panel(const Context& context, const Wish& wish, const std::string& title, const std::vector<Site>& sites) {
  Panel panel{.title = title, .curves = {}, .marks = {}};
  std::size_t colour = 0;
  for (const Group& group : group_sites(context, sites, wish.free, wish.figure.by, &wish.versus)) {
    if (colour >= most_curves) break;
    DrawnCurve curve = draw(context, wish.plot, wish, group.sites, "", Draws::as_mentioned);
    curve.label = group.label.empty() ? wish.figure.plot.text : group.label;
    curve.colour = colour;
    if (!mentions_measurement(wish.plot) && !wish.plot.any(scan::ResolvedName::Kind::definition))
      curve.style = wish.figure.style == "points" ? DrawnCurve::Style::points : DrawnCurve::Style::line;
    if (wish.figure.style == "lines") curve.style = DrawnCurve::Style::line;
    if (curve.x.empty()) continue;
    panel.curves.push_back(std::move(curve));
    add_with(context, wish, group.sites, group.label, colour, panel);
    for (const std::string& mark : wish.figure.mark) {
      const Quantity q = evaluate(context, context.resolve(mark), group.sites.front());
      if (q.has_value()) panel.marks.emplace_back(mark, q.value);
    }
    ++colour;
  }
  simplify_theory_labels(panel, wish);
  return panel;
}

DrawnFigure make_map(const Context& context, const Wish& wish, const std::vector<Site>& sites, DrawnFigure drawn) {
  const scan::Mentions second = context.resolve(wish.figure.versus[1].text);
  DrawnCurve cells;
  for (const Site& site : sites) {
    const Quantity x = evaluate(context, wish.versus, site), y = evaluate(context, second, site),
                   z = evaluate(context, wish.plot, site);
    if (!x.has_value() || !y.has_value() || !z.has_value()) continue;
    cells.x.push_back(x.value);
    cells.low.push_back(y.value);
    cells.y.push_back(z.value);
  }
  drawn.map = true;
  drawn.y_label = wish.figure.versus[1].text;
  drawn.panels.push_back({.title = wish.figure.plot.text, .curves = {std::move(cells)}, .marks = {}});
  return drawn;
}

DrawnFigure make_figure(const Context& context, const scan::Figure& figure, std::vector<std::string>& taken) {
  DrawnFigure drawn;
  drawn.name =
      figure.name.empty() ? fmt::format("{} against {}", figure.plot.text, figure.versus.at(0).text) : figure.name;
  drawn.slug = slug_of(drawn.name, taken);
  drawn.x_label = figure.versus.at(0).text;
  drawn.y_label = figure.plot.text;
  drawn.log_x = figure.scale == "log-x" || figure.scale == "log-log";
  drawn.log_y = figure.scale == "log-y" || figure.scale == "log-log" || figure.scale == "log";
  const Wish wish{.figure = figure,
                  .plot = context.resolve(figure.plot.text),
                  .versus = context.resolve(figure.versus.at(0).text),
                  .free = names_in(context.resolve(figure.versus.at(0).text))};
  Selection selection{.formulas = {wish.plot, wish.versus},
                      .where = std::nullopt,
                      .names = figure.by,
                      .at = {},
                      .theory = {},
                      .theories = {}};
  if (!figure.each.empty()) selection.names.push_back(figure.each);
  if (!figure.where.empty()) selection.where = context.resolve(figure.where.text);
  const std::vector<Site> sites = select_sites(context, selection);
  if (figure.versus.size() > 1) return make_map(context, wish, sites, std::move(drawn));
  if (figure.each.empty()) {
    drawn.panels.push_back(make_panel(context, wish, "", sites));
    return drawn;
  }
  const std::string each = context.resolve_name(figure.each).name;
  std::vector<std::string> labels;
  for (const Site& site : sites)
    if (const std::string label = label_at(context, site, each); std::ranges::find(labels, label) == labels.end())
      labels.push_back(label);
  for (const std::string& label : labels) {
    std::vector<Site> of_panel = sites;
    std::erase_if(of_panel, [&](const Site& site) { return label_at(context, site, each) != label; });
    drawn.panels.push_back(make_panel(context, wish, fmt::format("{} = {}", figure.each, label), of_panel));
  }
  return drawn;
}

/// The first axis on which what a test looks at has several values; else the first of all.
std::string moving_axis(const Context& context, const scan::Test& test) {
  Selection selection{.formulas = {context.resolve(test.of[0].text)},
                      .where = std::nullopt,
                      .names = test.by,
                      .at = {},
                      .theory = {},
                      .theories = {}};
  if (!test.where.empty()) selection.where = context.resolve(test.where.text);
  const std::vector<Site> sites = select_sites(context, selection);
  const auto& axes = context.table->axes;
  const auto moves = [&](const Axis& axis) {
    return std::ranges::any_of(sites, [&](const Site& site) {
      return label_at(context, site, axis.path) != label_at(context, sites[0], axis.path);
    });
  };
  const auto found = std::ranges::find_if(axes, moves);
  return found == axes.end() ? axes[0].path : found->path;
}

/// The figure that shows a test: its formula along its abscissa, or along the first axis with several values.
std::optional<scan::Figure> figure_of(const Context& context, const scan::Test& test) {
  if (test.of.empty() || test.of[0].text == "predictor") return std::nullopt;
  scan::Figure figure;
  figure.name = test.name;
  figure.plot = test.of[0];
  figure.by = test.by;
  figure.where = test.where;
  if (!test.versus.empty())
    figure.versus = {test.versus[0]};
  else if (!test.between.empty())
    figure.versus = {{.text = test.between, .place = {}}};
  else if (!context.table->axes.empty())
    figure.versus = {{.text = moving_axis(context, test), .place = {}}};
  else
    return std::nullopt;
  if (!test.with.empty()) figure.with = {test.with};
  const bool powers = test.kind == scan::Test::Kind::power_law || test.kind == scan::Test::Kind::scaling_law;
  figure.scale = powers ? "log-log" : "linear";
  return figure;
}

/// Whether all abscissas of a figure are numbers: an axis of words has no plot.
bool drawable(const Context& context, const scan::Figure& figure) {
  const scan::Mentions versus = context.resolve(figure.versus.at(0).text);
  for (const TablePoint& point : context.table->points)
    for (const auto& atom : versus.atoms) {
      const scan::AxisValue* value = scan::find_value(point.point, atom.name);
      if (value && std::holds_alternative<std::string>(*value)) return false;
    }
  return true;
}

}  // namespace

bool DrawnFigure::empty() const {
  return std::ranges::all_of(panels, [](const Panel& p) {
    return std::ranges::all_of(p.curves, [](const DrawnCurve& c) { return c.x.empty(); });
  });
}

std::string slug_of(const std::string& name, std::vector<std::string>& taken) {
  std::string slug;
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)))
      slug += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!slug.empty() && slug.back() != '-')
      slug += '-';
  }
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  if (slug.empty()) slug = "figure";
  std::string unique = slug;
  for (int k = 2; std::ranges::find(taken, unique) != taken.end(); ++k) unique = fmt::format("{}-{}", slug, k);
  taken.push_back(unique);
  return unique;
}

std::vector<DrawnFigure> make_figures(const Context& context, const std::vector<scan::Figure>& figures,
                                      const std::vector<scan::Test>& tests) {
  std::vector<scan::Figure> wanted = figures;
  for (const scan::Test& test : tests) {
    const auto figure = figure_of(context, test);
    const auto shows = [&](const scan::Figure& f) {
      return figure && f.plot.text == figure->plot.text && f.versus[0].text == figure->versus[0].text;
    };
    if (figure && std::ranges::none_of(wanted, shows)) wanted.push_back(*figure);
  }
  std::vector<DrawnFigure> drawn;
  std::vector<std::string> taken;
  for (const scan::Figure& figure : wanted)
    if (drawable(context, figure)) drawn.push_back(make_figure(context, figure, taken));
  return drawn;
}

}  // namespace fieldscan::analysis
