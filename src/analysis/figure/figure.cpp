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
  const bool measured = style == Style::points || style == Style::steps || (style == Style::line && with.empty());
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

std::string part_words(std::size_t count, std::size_t all, std::string_view what) {
  if (count < all) return fmt::format("{} of {}", count, counted(all, what));
  return all == 1 ? fmt::format("the only {}", what) : "all " + counted(all, what);
}

void UnsettledMarks::add(const Unsettled& one) {
  ++all;
  if (!one.any()) return;
  ++count;
  most.join(one);
  least = std::min(least, std::max(one.chains, one.networks));
}

void UnsettledMarks::join(const UnsettledMarks& other) {
  most.join(other.most);
  least = std::min(least, other.least);
  count += other.count;
  all += other.all;
}

std::string_view UnsettledMarks::words() const {
  if (most.chains > 0 && most.networks > 0) return "chains or networks that have not settled";
  const bool chains = most.chains > 0, whole = std::max(most.chains, most.networks) >= 1;
  if (least >= 1) return chains ? "no chain equilibrated" : "no network converged";
  if (whole) return chains ? "some or all chains did not equilibrate" : "some or all networks did not converge";
  return chains ? "some chains did not equilibrate" : "some networks did not converge";
}

std::string UnsettledMarks::sentence(std::string_view what) const {
  const bool one_kind = !(most.chains > 0 && most.networks > 0);
  return fmt::format(
      "({}): {}",
      count == all && all > 1 ? fmt::format("none of {} settled", counted(all, what)) : part_words(count, all, what),
      one_kind && least >= 1 ? std::string(words()) : words_of(most));
}

UnsettledMarks unsettled_marks(const Panel& panel) {
  UnsettledMarks marks;
  const bool chains = panel.unsettled.chains > 0, networks = panel.unsettled.networks > 0;
  const auto one = [&](double share) { return Unsettled{chains ? share : 0, networks ? share : 0}; };
  for (const DrawnCurve& c : panel.curves) {
    const bool beside = c.style == DrawnCurve::Style::line && !c.with.empty();
    if (beside || c.style == DrawnCurve::Style::draws) continue;
    const std::size_t count = c.style == DrawnCurve::Style::steps ? std::min<std::size_t>(1, c.x.size()) : c.x.size();
    for (std::size_t k = 0; k < count; ++k) marks.add(one(c.is_unsettled(k) ? c.unsettled[k] : 0));
  }
  if (marks.count > 0) marks.most = panel.unsettled;
  return marks;
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
  std::string linear_x, linear_y;
  for (const Panel& panel : figure.panels) {
    const PanelAxes axes = axes_of(figure, panel);
    if (linear_x.empty()) linear_x = axes.x_linear;
    if (linear_y.empty()) linear_y = axes.y_linear;
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
  if (!linear_x.empty()) add(fmt::format("The horizontal axis is linear: {}.", linear_x));
  if (!linear_y.empty()) add(fmt::format("The vertical axis is linear: {}.", linear_y));
  if (y.count > 0) add(fmt::format("At zero or below, and shown by arrows: {}.", y.words()));
  if (x.count > 0)
    add(fmt::format("At abscissas of zero or below, and shown by arrows at the left edge: {}.", x.words()));
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
