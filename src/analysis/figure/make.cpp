#include "make.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../formula/sites.hpp"
#include "histogram.hpp"
#include "map.hpp"
#include "panel.hpp"
#include "slug.hpp"
#include "validity_map.hpp"

namespace fieldscan::analysis {
namespace {

Selection selection_of(const Context& context, const scan::Figure& figure, const Wish& wish) {
  Selection selection{
      .formulas = {wish.plot}, .where = std::nullopt, .names = figure.by, .at = {}, .theory = {}, .theories = {}};
  for (const scan::Formula& versus : figure.versus) selection.formulas.push_back(context.resolve(versus.text));
  if (!figure.each.empty()) selection.names.push_back(figure.each);
  if (!figure.where.empty()) selection.where = context.resolve(figure.where.text);
  return selection;
}

/// The sites of a figure, panel by panel: one per value of `each`, and of `by` where there is no room for several curves.
std::vector<std::pair<std::string, std::vector<Site>>> split(const Context& context, const scan::Figure& figure,
                                                             const std::vector<Site>& sites) {
  std::vector<std::string> names = figure.versus.size() > 1 ? figure.by : std::vector<std::string>{};
  if (!figure.each.empty()) names.insert(names.begin(), figure.each);
  if (names.empty()) return {{"", sites}};
  std::vector<std::pair<std::string, std::vector<Site>>> panels;
  for (const Site& site : sites) {
    std::string title;
    for (const std::string& name : names)
      title += fmt::format("{}{} = {}", title.empty() ? "" : ", ", name,
                           label_at(context, site, context.resolve_name(name).name));
    auto panel = std::ranges::find(panels, title, [](const auto& p) { return p.first; });
    if (panel == panels.end()) panel = panels.insert(panels.end(), {title, {}});
    panel->second.push_back(site);
  }
  return panels;
}

DrawnFigure make_figure(const Context& context, const scan::Figure& figure, const std::vector<scan::Test>& tests,
                        std::vector<std::string>& taken) {
  const bool histogram = figure.style == "histogram";
  const std::string versus = histogram ? "" : figure.versus.at(0).text;
  DrawnFigure drawn;
  drawn.name = !figure.name.empty() ? figure.name
               : histogram          ? fmt::format("distribution of {}", figure.plot.text)
                                    : fmt::format("{} against {}", figure.plot.text, versus);
  drawn.slug = slug_of(drawn.name, taken);
  drawn.x_label = histogram ? figure.plot.text : versus;
  drawn.y_label = histogram ? "density over networks" : figure.plot.text;
  drawn.log_x = !histogram && (figure.scale == "log-x" || figure.scale == "log-log");
  drawn.log_y = figure.scale == "log-y" || figure.scale == "log-log" || figure.scale == "log";
  Wish wish{.figure = figure, .tests = tests, .plot = context.resolve(figure.plot.text), .versus = {}, .free = {}};
  if (histogram && !mentions_measurement(wish.plot)) drawn.y_label = "density over data draws";
  if (!histogram) wish.versus = context.resolve(versus);
  if (!histogram) wish.free = names_in(wish.versus);
  const std::vector<Site> sites = select_sites(context, selection_of(context, figure, wish));
  const bool map = figure.versus.size() > 1;
  if (map) {
    drawn.y_label = figure.versus[1].text;
    drawn.caption = fmt::format("Numbers: {}.", figure.plot.text);
  }
  for (const auto& [title, of_panel] : split(context, figure, sites)) {
    if (map)
      drawn.maps.push_back(make_map(context, wish, title, of_panel));
    else
      drawn.panels.push_back(histogram ? make_histogram(context, wish, title, of_panel)
                                       : make_panel(context, wish, title, of_panel));
  }
  std::erase_if(drawn.panels, [](const Panel& panel) { return panel.curves.empty(); });
  std::erase_if(drawn.maps, [](const Map& m) { return m.cells.empty(); });
  return drawn;
}

/// The scale of a figure that nobody declared: logarithmic where positive numbers spread far.
constexpr std::string_view chosen_scale = "chosen";

bool spread_far(const std::vector<double>& values, double ratio) {
  if (values.empty() || !(std::ranges::min(values) > 0)) return false;
  return std::ranges::max(values) / std::ranges::min(values) >= ratio;
}

std::size_t points_of(const DrawnFigure& figure) {
  std::size_t points = 0;
  for (const Panel& panel : figure.panels)
    for (const DrawnCurve& c : panel.curves) points += c.with.empty() ? c.x.size() : 0;
  return points;
}

void choose_scale(DrawnFigure& figure) {
  std::vector<double> x, y;
  for (const Panel& panel : figure.panels)
    for (const DrawnCurve& c : panel.curves) {
      x.insert(x.end(), c.x.begin(), c.x.end());
      y.insert(y.end(), c.y.begin(), c.y.end());
    }
  figure.log_x = spread_far(x, 8);
  figure.log_y = spread_far(y, 30);
}

/// The axis, none of `by`, along which what a test looks at has most values; the first of all where none has several.
std::string moving_axis(const Context& context, const scan::Test& test) {
  Selection selection{.formulas = {context.resolve(test.of[0].text)},
                      .where = std::nullopt,
                      .names = test.by,
                      .at = {},
                      .theory = {},
                      .theories = {}};
  if (!test.where.empty()) selection.where = context.resolve(test.where.text);
  const std::vector<Site> sites = select_sites(context, selection);
  const std::set<std::string> kept = full_names(context, test.by);
  std::string best = context.table->axes.at(0).short_name;
  std::size_t most = 1;
  for (const Axis& axis : context.table->axes) {
    std::set<std::string> labels;
    for (const Site& site : sites) labels.insert(label_at(context, site, axis.path));
    if (labels.size() <= most || kept.contains(axis.path)) continue;
    most = labels.size();
    best = axis.short_name;
  }
  return best;
}

/// The figure that shows a formula of a test: along its abscissa, or along the first axis with several values; in time where the test
/// looks at another time than the end, since figures are drawn there.
std::optional<scan::Figure> figure_of(const Context& context, const scan::Test& test, const scan::Formula& of) {
  if (of.text == "predictor") return std::nullopt;
  scan::Figure figure;
  figure.name = test.of.size() > 1 ? fmt::format("{}: {}", test.name, of.text) : test.name;
  figure.plot = of;
  figure.by = test.by;
  figure.by.insert(figure.by.end(), test.over.begin(), test.over.end());  // the curves that should collapse
  figure.where = test.where;
  if (!test.at.empty() && test.at != "end")
    figure.versus = {{.text = "time", .place = {}}};
  else if (!test.versus.empty())
    figure.versus = {test.versus[0]};
  else if (!test.between.empty())
    figure.versus = {{.text = test.between, .place = {}}};
  else if (const bool by_time = std::ranges::find(test.by, "time") != test.by.end();
           by_time || !context.table->axes.empty())
    figure.versus = {{.text = by_time ? "time" : moving_axis(context, test), .place = {}}};
  else
    return std::nullopt;
  std::erase_if(figure.by, [&](const std::string& name) { return name == figure.versus[0].text; });
  if (!test.with.empty()) figure.with = {test.with};
  const bool powers = test.kind == scan::Test::Kind::power_law || test.kind == scan::Test::Kind::scaling_law;
  figure.scale = powers ? "log-log" : std::string(chosen_scale);
  return figure;
}

/// Whether all abscissas of a figure are numbers: an axis of words has no plot.
bool drawable(const Context& context, const scan::Figure& figure) {
  if (figure.versus.size() != 1) return true;  // a histogram; a map, which has room for words
  const scan::Mentions versus = context.resolve(figure.versus.at(0).text);
  for (const TablePoint& point : context.table->points)
    for (const auto& atom : versus.atoms) {
      const scan::AxisValue* value = scan::find_value(point.point, atom.name);
      if (value && std::holds_alternative<std::string>(*value)) return false;
    }
  return true;
}

/// A figure that can not be made says why, and the others are drawn.
DrawnFigure make_or_say_why(const Context& context, const scan::Figure& figure, const std::vector<scan::Test>& tests,
                            std::vector<std::string>& taken) {
  try {
    return make_figure(context, figure, tests, taken);
  } catch (const std::exception& error) {
    DrawnFigure empty;
    empty.name = figure.name.empty() ? figure.plot.text : figure.name;
    empty.caption = fmt::format("It can not be drawn: {}.", error.what());
    return empty;
  }
}

}  // namespace

std::vector<DrawnFigure> make_figures(const Context& context, const std::vector<scan::Figure>& figures,
                                      const std::vector<scan::Test>& tests) {
  std::vector<scan::Figure> wanted = figures;
  for (const scan::Test& test : tests)
    for (const scan::Formula& of : test.of) {
      const auto figure = figure_of(context, test, of);
      const auto shows = [&](const scan::Figure& f) {
        return f.plot.text == figure->plot.text && !f.versus.empty() && f.versus[0].text == figure->versus[0].text;
      };
      if (figure && std::ranges::none_of(wanted, shows)) wanted.push_back(*figure);
    }
  std::vector<DrawnFigure> drawn;
  std::vector<std::string> taken;
  for (const scan::Figure& figure : wanted) {
    if (!drawable(context, figure)) continue;
    DrawnFigure made = make_or_say_why(context, figure, tests, taken);
    const bool declared = figure.scale != chosen_scale;
    if (!declared && points_of(made) < 2) continue;  // the test's own sentence says as much
    if (!declared) choose_scale(made);
    drawn.push_back(std::move(made));
  }
  for (DrawnFigure& map : validity_maps(context, tests, taken)) drawn.push_back(std::move(map));
  if (auto all = residual_distribution(drawn, taken)) drawn.push_back(std::move(*all));
  return drawn;
}

}  // namespace fieldscan::analysis
