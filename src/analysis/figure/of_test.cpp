#include "of_test.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "../formula/sites.hpp"
#include "../test/shared.hpp"
#include "fieldscan/training/clock.hpp"

namespace fieldscan::analysis {
namespace {

bool spread_far(const std::vector<double>& values, double ratio) {
  if (values.empty() || !(std::ranges::min(values) > 0)) return false;
  return std::ranges::max(values) / std::ranges::min(values) >= ratio;
}

std::vector<double> without_zeros(std::vector<double> values) {
  std::erase(values, 0.0);
  return values;
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

/// How many values the axes have at which a test looks, but for those in `by`; axes of one value are left out.
std::vector<std::pair<std::string, std::size_t>> moving_axes(const Context& context, const scan::Test& test) {
  Selection selection{.formulas = {context.resolve(test.of[0].text)},
                      .where = std::nullopt,
                      .names = test.by,
                      .at = {},
                      .theory = {},
                      .theories = {}};
  if (!test.where.empty()) selection.where = context.resolve(test.where.text);
  const std::vector<Site> sites = select_sites(context, selection);
  const std::set<std::string> kept = full_names(context, test.by);
  std::vector<std::pair<std::string, std::size_t>> moving;
  for (const Axis& axis : context.table->axes) {
    std::set<std::string> labels;
    for (const Site& site : sites) labels.insert(label_at(context, site, axis.path));
    if (labels.size() > 1 && !kept.contains(axis.path)) moving.emplace_back(name_of(context, axis), labels.size());
  }
  return moving;
}

/// The axis along which what a test looks at has most values; the first of all where none has several.
std::string moving_axis(const Context& context, const scan::Test& test) {
  const auto moving = moving_axes(context, test);
  if (moving.empty()) return name_of(context, context.table->axes.at(0));
  return std::ranges::max_element(moving, {}, [](const auto& axis) { return axis.second; })->first;
}

/// Whether `steps` means the dimension; a scan along training.steps means that.
bool steps_are_times(const Context& context) {
  try {
    return context.resolve_name("steps").kind == scan::ResolvedName::Kind::dimension;
  } catch (const std::exception&) {  // it may mean several things
    return false;
  }
}

/// Time, or steps where those of points advance it differently: learning rates share no times.
std::string name_of_time(const Context& context) {
  std::set<double> advances;
  for (const TablePoint& point : context.table->points) {
    const scan::PointSpec& spec = point.point.spec;
    if (!scan::trains(spec)) continue;
    const auto clock = training::clock_of(spec.training, {spec.network, spec.data, spec.ridge});
    if (!clock) return "time";
    advances.insert(clock->time_per_step);
  }
  return advances.size() > 1 && steps_are_times(context) ? "steps" : "time";
}

/// Where several axes move beside the abscissa one of few values has a panel for each.
void choose_panels(const Context& context, const scan::Test& test, const std::string& versus, scan::Figure& figure) {
  constexpr std::size_t most_panels = 6, most_together = 6;
  auto moving = moving_axes(context, test);
  std::erase_if(moving, [&](const auto& axis) { return axis.first == versus; });
  std::size_t curves = 1;
  for (const auto& [name, values] : moving) curves *= values;
  if (moving.size() < 2 || curves <= most_together) return;
  const auto least = std::ranges::min_element(moving, {}, [](const auto& axis) { return axis.second; });
  if (least->second <= most_panels) figure.each.text = least->first;
}

/// The abscissa of a test's figure: its own, or the first axis with several values; time where the test looks at
/// another time than the end, since figures are drawn there. Empty where there is none.
std::string abscissa_of(const Context& context, const scan::Test& test) {
  const std::string& at = scan::at_of(test).text;
  if (!at.empty() && at != "end") return name_of_time(context);
  if (!scan::versus_of(test).empty()) return scan::versus_of(test)[0].text;
  if (!scan::between_of(test).empty()) return scan::between_of(test).text;
  if (std::ranges::find(test.by, "time") != test.by.end()) return "time";
  return context.table->axes.empty() ? "" : moving_axis(context, test);
}

}  // namespace

std::size_t points_of(const DrawnFigure& figure) {
  std::size_t points = 0;
  for (const Panel& panel : figure.panels)
    for (const DrawnCurve& c : panel.curves) points += c.with.empty() ? c.x.size() : 0;
  return points;
}

void choose_scale(DrawnFigure& figure, const std::string& versus) {
  const bool is_of_time = versus == "time" || versus == "steps" || versus == "epochs";
  std::vector<double> x, y;
  for (const Panel& panel : figure.panels)
    for (const DrawnCurve& c : panel.curves) {
      x.insert(x.end(), c.x.begin(), c.x.end());
      y.insert(y.end(), c.y.begin(), c.y.end());
    }
  if (is_of_time && spread_far(without_zeros(x), 30)) {
    figure.log_x = true;
    if (std::ranges::min(x) <= 0)
      figure.caption +=
          fmt::format("{}The start, at 0, has no place on the logarithmic axis.", figure.caption.empty() ? "" : " ");
  } else {
    figure.log_x = spread_far(x, 8);
  }
  figure.log_y = spread_far(y, 30);
}

std::optional<Wanted> figure_of(const Context& context, const scan::Test& test, const scan::Formula& of) {
  if (of.text == "predictor") return std::nullopt;
  scan::Figure figure;
  figure.name = test.of.size() > 1 ? fmt::format("{}: {}", test.name, of.text) : test.name;
  figure.plot = {of};
  figure.by = test.by;
  const std::vector<std::string>& over = scan::over_of(test);
  figure.by.insert(figure.by.end(), over.begin(), over.end());  // the curves that should collapse
  figure.where = test.where;
  const std::string versus = abscissa_of(context, test);
  if (versus.empty()) return std::nullopt;
  std::erase(figure.by, versus);
  if (over.empty()) choose_panels(context, test, versus, figure);
  scan::Curves curves{.versus = {{.text = versus, .place = {}}}};
  if (!scan::with_of(test).empty()) curves.with = {scan::with_of(test)};
  const bool powers =
      std::holds_alternative<scan::PowerLaw>(test.kind) || std::holds_alternative<scan::ScalingLaw>(test.kind);
  if (powers) curves.scale = scan::Scale::log_log;
  figure.kind = std::move(curves);
  return Wanted{std::move(figure), powers ? Wanted::Scale::as_declared : Wanted::Scale::by_spread};
}

}  // namespace fieldscan::analysis
