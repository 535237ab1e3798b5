#include "figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "../text/axis_words.hpp"
#include "../text/number.hpp"
#include "ranges.hpp"

namespace fieldscan::analysis {

bool DrawnCurve::joined(std::size_t k) const {
  if (k == 0) return false;
  return std::ranges::none_of(gaps, [&](double gap) { return x[k - 1] < gap && gap < x[k]; });
}

bool DrawnCurve::has_crosses() const {
  return style == Style::points && std::ranges::any_of(unsettled, [](double share) { return share > 0; });
}

bool DrawnCurve::rests_on_unsettled() const {
  const bool measured = style == Style::points || style == Style::steps;
  return measured && std::ranges::any_of(unsettled, [](double share) { return share > 0; });
}

std::string DrawnCurve::name() const {
  return quantity.empty() || label.empty() ? quantity + label : quantity + ", " + label;
}

std::size_t Panel::bands() const {
  return static_cast<std::size_t>(std::ranges::count_if(curves, &DrawnCurve::has_band));
}

void Panel::add_remark(std::string remark) {
  if (!remark.empty() && std::ranges::find(remarks, remark) == remarks.end()) remarks.push_back(std::move(remark));
}

std::string_view unsettled_words(const Unsettled& all, double least) {
  if (all.chains > 0 && all.networks > 0) return "chains or networks that have not settled";
  if (all.chains > 0) return least < 1 ? "some chains did not equilibrate" : "no chain equilibrated";
  return least < 1 ? "some networks did not converge" : "no network converged";
}

std::string_view unsettled_words(const Panel& panel) {
  double least = 1;
  for (const DrawnCurve& c : panel.curves)
    for (const double share : c.unsettled)
      if (share > 0 && c.rests_on_unsettled()) least = std::min(least, share);
  return unsettled_words(panel.unsettled, least);
}

std::string quantity_words(const DrawnFigure& figure, const DrawnCurve& curve) {
  if (curve.quantity.empty()) return "";
  if (figure.common.empty()) return axis_words(curve.quantity);
  return curve.quantity == figure.common ? "measured"
                                         : curve.quantity.substr(0, curve.quantity.size() - figure.common.size() - 1);
}

namespace {

/// How many points of a figure lie at zero or below on an axis, and by the names of their curves.
struct NotAbove {
  std::size_t count = 0;
  std::map<std::string, std::size_t> of;
  void add(const std::string& name) {
    ++count;
    ++of[name];
  }
  /// "4 points (few: 3, nngp: 1)", "40 points of 12 curves"
  std::string words() const {
    constexpr std::size_t most = 4;
    if (of.size() > most) return fmt::format("{} of {} curves", counted(count, "point"), of.size());
    std::string names;
    for (const auto& [name, n] : of)
      if (!name.empty()) names += fmt::format("{}{}: {}", names.empty() ? "" : ", ", name, n);
    return counted(count, "point") + (names.empty() ? "" : fmt::format(" ({})", names));
  }
};

}  // namespace

std::string unshown_words(const DrawnFigure& figure) {
  NotAbove x, y;
  bool linear_x = false, linear_y = false;
  for (const Panel& panel : figure.panels) {
    const PanelAxes axes = axes_of(figure, panel);
    linear_x = linear_x || (figure.log_x && !axes.x.log);
    linear_y = linear_y || (figure.log_y && !axes.y.log);
    for (const DrawnCurve& c : panel.curves) {
      if (c.dash == fit_dash || (c.style != DrawnCurve::Style::points && c.style != DrawnCurve::Style::line)) continue;
      const std::string name = c.with.empty() ? c.name() : c.with;
      for (std::size_t k = 0; k < c.x.size(); ++k)
        if (axes.x.log && c.x[k] <= 0)
          x.add(name);
        else if (axes.y.log && c.y[k] <= 0)
          y.add(name);
    }
  }
  std::string text;
  const auto add = [&](const std::string& sentence) { text += (text.empty() ? "" : " ") + sentence; };
  if (linear_x) add("The horizontal axis is linear: no abscissa is above zero.");
  if (linear_y) add("The vertical axis is linear: nothing that is plotted is above zero.");
  if (y.count > 0) add(fmt::format("At zero or below, and shown by arrows: {}.", y.words()));
  if (x.count > 0) add(fmt::format("At abscissas of zero or below, and not shown: {}.", x.words()));
  return text;
}

bool DrawnFigure::empty() const {
  const auto has_no_point = [](const Panel& p) {
    return std::ranges::all_of(p.curves, &std::vector<double>::empty, &DrawnCurve::x);
  };
  return std::ranges::all_of(panels, has_no_point) &&
         std::ranges::all_of(maps, [](const Map& m) { return m.cells.empty(); });
}

}  // namespace fieldscan::analysis
