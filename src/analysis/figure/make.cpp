#include "make.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../formula/sites.hpp"
#include "../test/shared.hpp"
#include "histogram.hpp"
#include "map.hpp"
#include "panel.hpp"
#include "regions.hpp"
#include "slug.hpp"
#include "validity_map.hpp"

namespace fieldscan::analysis {
namespace {

Selection selection_of(const Context& context, const scan::Figure& figure, const Wish& wish) {
  Selection selection{
      .formulas = {wish.plot}, .where = std::nullopt, .names = figure.by, .at = {}, .theory = {}, .theories = {}};
  for (const scan::Formula& versus : scan::versus_of(figure))
    selection.formulas.push_back(context.resolve(versus.text));
  if (!figure.each.empty()) selection.names.push_back(figure.each.text);
  if (!figure.where.empty()) selection.where = context.resolve(figure.where.text);
  return selection;
}

/// The sites of a figure, panel by panel: one per value of `each`, and of `by` where there is no room for several
/// curves.
std::vector<std::pair<std::string, std::vector<Site>>> split(const Context& context, const scan::Figure& figure,
                                                             const std::vector<Site>& sites) {
  std::vector<std::string> names = scan::versus_of(figure).size() > 1 ? figure.by : std::vector<std::string>{};
  if (!figure.each.empty()) names.insert(names.begin(), figure.each.text);
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

void add_axes(const Context& context, const scan::Curves& kind, Wish& wish, DrawnFigure& drawn) {
  const std::string& versus = kind.versus.at(0).text;
  drawn.x_label = versus;
  drawn.y_label = wish.figure.plot.text;
  drawn.log_x = kind.scale && scan::is_log_x(*kind.scale);
  drawn.log_y = kind.scale && scan::is_log_y(*kind.scale);
  wish.versus = context.resolve(versus);
  wish.free = names_in(wish.versus);
}

void add_axes(const Context& context, const scan::Map& kind, Wish& wish, DrawnFigure& drawn) {
  drawn.x_label = kind.versus.at(0).text;
  drawn.y_label = kind.versus.at(1).text;
  drawn.caption = fmt::format("Numbers: {}.", wish.figure.plot.text);
  wish.versus = context.resolve(kind.versus[0].text);
  wish.free = names_in(wish.versus);
}

void add_axes(const Context& context, const scan::Regions& kind, Wish& wish, DrawnFigure& drawn) {
  drawn.x_label = kind.versus.at(0).text;
  drawn.y_label = kind.versus.at(1).text;
  wish.plot = context.resolve(carrier_of(wish.figure));
  wish.versus = context.resolve(kind.versus[0].text);
  wish.free = names_in(wish.versus);
}

void add_axes(const Context&, const scan::Histogram& kind, Wish& wish, DrawnFigure& drawn) {
  drawn.x_label = wish.figure.plot.text;
  drawn.y_label = mentions_measurement(wish.plot) ? "density over networks" : "density over data draws";
  drawn.log_y = kind.scale && scan::is_log_y(*kind.scale);
}

/// The sites of one panel, with its title.
using Part = std::pair<std::string, std::vector<Site>>;

void add_part(const Context& context, const Wish& wish, const scan::Curves& kind, const Part& part,
              DrawnFigure& drawn) {
  Panel panel = make_panel(context, wish, kind, part.first, part.second);
  if (!panel.curves.empty()) drawn.panels.push_back(std::move(panel));
}

void add_part(const Context& context, const Wish& wish, const scan::Map& kind, const Part& part, DrawnFigure& drawn) {
  Map map = make_map(context, wish, kind, part.first, part.second);
  if (!map.cells.empty()) drawn.maps.push_back(std::move(map));
}

void add_part(const Context& context, const Wish& wish, const scan::Regions& kind, const Part& part,
              DrawnFigure& drawn) {
  for (Map& map : make_regions(context, wish, kind, part.first, part.second)) drawn.maps.push_back(std::move(map));
  put_pairs_first(drawn.maps);
  drawn.caption = fmt::format(
      "Distance of the measured {} from each theory, which holds where its 95 % interval lies within {}, and fails where "
      "it lies outside. {}",
      wish.figure.plot.text, text_of(*kind.within), tally_of(drawn.maps));
}

void add_part(const Context& context, const Wish& wish, const scan::Histogram&, const Part& part, DrawnFigure& drawn) {
  Panel panel = make_histogram(context, wish, part.first, part.second);
  if (!panel.curves.empty()) drawn.panels.push_back(std::move(panel));
}

std::string name_of(const scan::Figure& figure) {
  if (!figure.name.empty()) return figure.name;
  const std::vector<scan::Formula>& versus = scan::versus_of(figure);
  return versus.empty() ? fmt::format("distribution of {}", figure.plot.text)
                        : fmt::format("{} against {}", figure.plot.text, versus[0].text);
}

DrawnFigure make_figure(const Context& context, const scan::Figure& figure, const std::vector<scan::Test>& tests,
                        std::vector<std::string>& taken) {
  DrawnFigure drawn;
  drawn.name = name_of(figure);
  drawn.slug = slug_of(drawn.name, taken);
  Wish wish{.figure = figure, .tests = tests, .plot = context.resolve(figure.plot.text), .versus = {}, .free = {}};
  std::visit([&](const auto& kind) { add_axes(context, kind, wish, drawn); }, figure.kind);
  const std::vector<Site> sites = select_sites(context, selection_of(context, figure, wish));
  for (const Part& part : split(context, figure, sites))
    std::visit([&](const auto& kind) { add_part(context, wish, kind, part, drawn); }, figure.kind);
  for (const Panel& panel : drawn.panels)
    for (const std::string& remark : panel.remarks)
      if (drawn.caption.find(remark) == std::string::npos)
        drawn.caption += fmt::format("{}{}.", drawn.caption.empty() ? "" : " ", remark);
  return drawn;
}

/// A figure to draw, and who says whether its axes are logarithmic: the figure, or, of one that nobody declared, how
/// far its positive numbers spread.
struct Wanted {
  enum class Scale { as_declared, by_spread };
  scan::Figure figure;
  Scale scale = Scale::as_declared;
};

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

/// The short name of an axis, or its path where the short one is something else: an observable, another field.
std::string name_of(const Context& context, const Axis& axis) {
  try {
    const scan::Mentions mentions = context.resolve(axis.short_name);
    if (mentions.atoms.size() == 1 && mentions.atoms[0].name == axis.path) return axis.short_name;
  } catch (const std::exception&) {  // it means nothing, or several things
  }
  return axis.path;
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
  std::string best = name_of(context, context.table->axes.at(0));
  std::size_t most = 1;
  for (const Axis& axis : context.table->axes) {
    std::set<std::string> labels;
    for (const Site& site : sites) labels.insert(label_at(context, site, axis.path));
    if (labels.size() <= most || kept.contains(axis.path)) continue;
    most = labels.size();
    best = name_of(context, axis);
  }
  return best;
}

/// The abscissa of a test's figure: its own, or the first axis with several values; time where the test looks at
/// another time than the end, since figures are drawn there. Empty where there is none.
std::string abscissa_of(const Context& context, const scan::Test& test) {
  const std::string& at = scan::at_of(test).text;
  if (!at.empty() && at != "end") return "time";
  if (!scan::versus_of(test).empty()) return scan::versus_of(test)[0].text;
  if (!scan::between_of(test).empty()) return scan::between_of(test).text;
  if (std::ranges::find(test.by, "time") != test.by.end()) return "time";
  return context.table->axes.empty() ? "" : moving_axis(context, test);
}

/// The figure that shows a formula of a test.
std::optional<Wanted> figure_of(const Context& context, const scan::Test& test, const scan::Formula& of) {
  if (of.text == "predictor") return std::nullopt;
  scan::Figure figure;
  figure.name = test.of.size() > 1 ? fmt::format("{}: {}", test.name, of.text) : test.name;
  figure.plot = of;
  figure.by = test.by;
  const std::vector<std::string>& over = scan::over_of(test);
  figure.by.insert(figure.by.end(), over.begin(), over.end());  // the curves that should collapse
  figure.where = test.where;
  const std::string versus = abscissa_of(context, test);
  if (versus.empty()) return std::nullopt;
  std::erase(figure.by, versus);
  scan::Curves curves{.versus = {{.text = versus, .place = {}}}};
  if (!scan::with_of(test).empty()) curves.with = {scan::with_of(test)};
  const bool powers =
      std::holds_alternative<scan::PowerLaw>(test.kind) || std::holds_alternative<scan::ScalingLaw>(test.kind);
  if (powers) curves.scale = scan::Scale::log_log;
  figure.kind = std::move(curves);
  return Wanted{std::move(figure), powers ? Wanted::Scale::as_declared : Wanted::Scale::by_spread};
}

/// Whether all abscissas of a figure are numbers: an axis of words has no plot.
bool drawable(const Context& context, const scan::Figure& figure) {
  const std::vector<scan::Formula>& abscissas = scan::versus_of(figure);
  if (abscissas.size() != 1) return true;  // a histogram; a map, which has room for words
  const scan::Mentions versus = context.resolve(abscissas[0].text);
  for (const TablePoint& point : context.table->points)
    for (const auto& atom : versus.atoms) {
      const scan::AxisValue* value = scan::find_value(point.point, atom.name);
      if (value && std::holds_alternative<std::string>(*value)) return false;
    }
  return true;
}

/// Whether a figure shows the formula of another one along the same abscissa.
bool shows_same(const scan::Figure& figure, const scan::Figure& other) {
  if (std::holds_alternative<scan::Regions>(figure.kind)) return false;  // its cells are no curve
  const std::vector<scan::Formula>& versus = scan::versus_of(figure);
  return figure.plot.text == other.plot.text && !versus.empty() && versus[0].text == scan::versus_of(other)[0].text;
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
  std::vector<Wanted> all;
  for (const scan::Figure& figure : figures) all.push_back({figure, Wanted::Scale::as_declared});
  for (const scan::Test& test : tests)
    for (const scan::Formula& of : test.of) {
      const auto wanted = figure_of(context, test, of);
      if (wanted && std::ranges::none_of(all, [&](const Wanted& w) { return shows_same(w.figure, wanted->figure); }))
        all.push_back(*wanted);
    }
  std::vector<DrawnFigure> drawn;
  std::vector<std::string> taken;
  for (const auto& [figure, scale] : all) {
    if (!drawable(context, figure)) continue;
    DrawnFigure made = make_or_say_why(context, figure, tests, taken);
    const bool by_spread = scale == Wanted::Scale::by_spread;
    if (by_spread && points_of(made) < 2) continue;  // the test's own sentence says as much
    if (by_spread) choose_scale(made);
    drawn.push_back(std::move(made));
  }
  for (DrawnFigure& map : validity_maps(context, tests, taken)) drawn.push_back(std::move(map));
  if (auto all_residuals = residual_distribution(drawn, taken)) drawn.push_back(std::move(*all_residuals));
  return drawn;
}

}  // namespace fieldscan::analysis
