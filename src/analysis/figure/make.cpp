#include "make.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "../formula/sites.hpp"
#include "../text/axis_words.hpp"
#include "categories.hpp"
#include "ended_marks.hpp"
#include "fewer.hpp"
#include "histogram.hpp"
#include "kinds.hpp"
#include "map_cells.hpp"
#include "of_test.hpp"
#include "order.hpp"
#include "slug.hpp"
#include "validity_map.hpp"

namespace fieldscan::analysis {
namespace {

Selection selection_of(const Context& context, const scan::Figure& figure, const std::vector<Wish>& wishes) {
  Selection selection{
      .formulas = {}, .where = std::nullopt, .names = figure.by, .at = {}, .theory = {}, .theories = {}};
  for (const Wish& wish : wishes) selection.formulas.push_back(wish.plot);
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

std::string name_of(const scan::Figure& figure) {
  if (!figure.name.empty()) return figure.name;
  const std::vector<scan::Formula>& versus = scan::versus_of(figure);
  return versus.empty() ? fmt::format("distribution of {}", scan::plot_of(figure).text)
                        : fmt::format("{} against {}", scan::plot_of(figure).text, versus[0].text);
}

/// "error_test" of error_test, nngp.error_test, ntk.error_test: the one observable that several quantities are, of
/// theories or measured; empty where they are more than that.
std::string common_observable(const std::vector<Wish>& wishes) {
  using Kind = scan::ResolvedName::Kind;
  if (wishes.size() < 2) return "";
  std::string common;
  for (const Wish& wish : wishes) {
    if (wish.plot.atoms.size() != 1 || !wish.plot.atoms[0].observable) return "";
    const scan::ResolvedName& name = wish.plot.atoms[0];
    const std::string observable(info(*name.observable).name);
    const bool whole = (name.kind == Kind::observable && wish.of == observable) ||
                       (name.kind == Kind::prediction && wish.of == name.theory + "." + observable);
    if (!whole || (!common.empty() && common != observable)) return "";
    common = observable;
  }
  return common;
}

/// That lines have no bands, where there are too many of them; `measured`: those of what is plotted are.
std::string words_without_bands(const DrawnFigure& figure, bool measured) {
  std::size_t most = 0;
  bool networks = false, theories = false;
  for (const Panel& panel : figure.panels) {
    if (!panel.shows_bands()) most = std::max(most, panel.bands());
    for (const DrawnCurve& c : panel.curves)
      if (!panel.shows_bands() && c.has_band()) (measured && c.with.empty() ? networks : theories) = true;
  }
  if (most == 0) return "";
  return fmt::format("Bands of {} are not drawn: {} of them would cover each other; their intervals stand in the table",
                     networks && theories ? "theories and measured lines"
                     : networks           ? "measured lines"
                                          : "theories",
                     most);
}

/// What crosses in a figure stand for, and how much of it there is.
std::string words_of_crosses(const DrawnFigure& figure) {
  UnsettledMarks marks;
  bool outlines = false;
  for (const Panel& panel : figure.panels) {
    marks.join(unsettled_marks(panel));
    outlines = outlines || std::ranges::any_of(panel.curves, [](const DrawnCurve& c) {
                 return c.style == DrawnCurve::Style::steps && c.rests_on_unsettled();
               });
  }
  if (marks.count == 0) return "";
  return outlines ? "Crossed in the legend " + marks.sentence("outline") : "Crossed points " + marks.sentence("point");
}

DrawnFigure make_figure(const Context& context, const scan::Figure& figure, const std::vector<scan::Test>& tests,
                        std::vector<std::string>& taken) {
  DrawnFigure drawn;
  drawn.name = name_of(figure);
  drawn.slug = slug_of(drawn.name, taken);
  std::vector<Wish> wishes;
  for (const scan::Formula& of : figure.plot) {
    wishes.push_back(
        {.figure = figure, .tests = tests, .of = of.text, .plot = context.resolve(of.text), .versus = {}, .free = {}});
    std::visit([&](const auto& kind) { add_axes(context, kind, wishes.back(), drawn); }, figure.kind);
  }
  if (std::holds_alternative<scan::Curves>(figure.kind)) drawn.common = common_observable(wishes);
  if (!drawn.common.empty()) drawn.y_label = axis_words(drawn.common);
  if (!figure.xlabel.empty()) drawn.x_label = figure.xlabel;
  if (!figure.ylabel.empty()) drawn.y_label = figure.ylabel;
  drawn.title = figure.title;
  const std::vector<Site> sites = select_sites(context, selection_of(context, figure, wishes));
  for (const PanelSites& part : split(context, figure, sites))
    std::visit([&](const auto& kind) { add_part(context, wishes, kind, part, drawn); }, figure.kind);
  share_colours(drawn.panels);
  const auto add = [&](const std::string& remark) {
    if (!remark.empty() && drawn.caption.find(remark) == std::string::npos)
      drawn.caption += fmt::format("{}{}.", drawn.caption.empty() ? "" : " ", remark);
  };
  for (const Panel& panel : drawn.panels)
    for (const std::string& remark : panel.remarks) add(remark);
  add(words_of_crosses(drawn));
  add(words_of_ended(drawn));
  add(words_without_bands(
      drawn, std::ranges::any_of(wishes, [](const Wish& wish) { return mentions_measurement(wish.plot); })));
  add(words_of_fewer(drawn));
  if (const std::string remark = remark_on_cells(drawn.maps); !remark.empty())
    drawn.caption += (drawn.caption.empty() ? "" : " ") + remark;
  return drawn;
}

/// Whether a figure shows the formula of another one along the same abscissa.
bool shows_same(const scan::Figure& figure, const scan::Figure& other) {
  if (std::holds_alternative<scan::Regions>(figure.kind)) return false;  // its cells are no curve
  const std::vector<scan::Formula>& versus = scan::versus_of(figure);
  const bool shown =
      std::ranges::any_of(figure.plot, [&](const scan::Formula& of) { return of.text == scan::plot_of(other).text; });
  return shown && !versus.empty() && versus[0].text == scan::versus_of(other)[0].text;
}

/// A figure that can not be made says why, and the others are drawn.
DrawnFigure make_or_say_why(const Context& context, const scan::Figure& figure, const std::vector<scan::Test>& tests,
                            std::vector<std::string>& taken) {
  try {
    if (!is_along_words(context, figure)) return make_figure(context, figure, tests, taken);
    DrawnFigure map = make_figure(context, as_map(figure), tests, taken);
    map.caption += " Its abscissa has words for values, and it is drawn as a map.";
    return map;
  } catch (const std::exception& error) {
    DrawnFigure empty;
    empty.name = figure.name.empty() ? scan::plot_of(figure).text : figure.name;
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
    if (drawn.size() >= figures.size() && is_along_words(context, figure)) continue;  // a test's, which has sentences
    DrawnFigure made = make_or_say_why(context, figure, tests, taken);
    const bool by_spread = scale == Wanted::Scale::by_spread;
    if (by_spread && points_of(made) < 2) continue;
    const auto* curves = std::get_if<scan::Curves>(&figure.kind);
    if (by_spread || (curves && !curves->scale)) choose_scale(made, scan::versus_of(figure)[0].text);
    drawn.push_back(std::move(made));
  }
  for (DrawnFigure& map : validity_maps(context, tests, taken)) drawn.push_back(std::move(map));
  if (auto all_residuals = residual_distribution(drawn, taken)) drawn.push_back(std::move(*all_residuals));
  return drawn;
}

}  // namespace fieldscan::analysis
