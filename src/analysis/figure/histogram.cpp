#include "histogram.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "../formula/groups.hpp"
#include "../formula/sites.hpp"
#include "../quantity/observe.hpp"
#include "../quantity/observed.hpp"
#include "order.hpp"
#include "slug.hpp"

namespace fieldscan::analysis {
namespace {

constexpr std::size_t fewest_residuals = 20;

/// The time that a site picks among those of an observable.
std::optional<double> time_at(const Site& site, const std::vector<double>& times) {
  if (times.empty()) return std::nullopt;
  if (site.time.kind == TimePick::Kind::start) return times.front();
  return site.time.kind == TimePick::Kind::end ? times.back() : site.time.time;
}

/// The values of an observable over the usable members, at each site; `unsettled` is joined with the shares of these
/// that are not what they were asked to become.
std::vector<double> values_of(const Context& context, const scan::ResolvedName& name, const std::vector<Site>& sites,
                              Unsettled& unsettled) {
  std::vector<double> values;
  double chains = 0, networks = 0;
  for (const Site& site : sites) {
    const Series* series = series_of(context.table->points.at(site.point), name.theory);
    if (!series) continue;
    const auto time = time_at(site, times_of(*series, *name.observable));
    if (!time) continue;
    for (const Member& member : series->members) {
      const Row* row =
          usable(member) ? find_row(member, *name.observable, *time, site.coordinate.value_or(0)) : nullptr;
      if (!row) continue;
      values.push_back(row->value);
      chains += of_settled_chains(*series, *time) && member.outcome == Outcome::not_equilibrated ? 1 : 0;
      networks += member.outcome == Outcome::not_converged && is_last(member, *name.observable, *time) ? 1 : 0;
    }
  }
  const double n = std::max(1.0, static_cast<double>(values.size()));
  unsettled.join({.chains = chains / n, .networks = networks / n});
  return values;
}

/// Scott's width of a bin, over all groups together: between 8 and 40 bins.
std::size_t bins_for(const std::vector<double>& values, double low, double high) {
  double mean = 0, square = 0;
  for (const double v : values) mean += v / static_cast<double>(values.size());
  for (const double v : values) square += (v - mean) * (v - mean) / static_cast<double>(values.size());
  const double width = 3.5 * std::sqrt(square) / std::cbrt(static_cast<double>(values.size()));
  return static_cast<std::size_t>(std::clamp(std::ceil((high - low) / width), 8.0, 40.0));
}

}  // namespace

DrawnCurve histogram_of(const std::vector<double>& values, double low, double high, std::size_t bins) {
  DrawnCurve curve;
  curve.style = DrawnCurve::Style::steps;
  const double width = (high - low) / static_cast<double>(bins);
  curve.y.assign(bins, 0);
  for (const double v : values)
    curve.y[std::min(bins - 1, static_cast<std::size_t>(std::max(0.0, (v - low) / width)))] +=
        1 / (width * static_cast<double>(values.size()));
  for (std::size_t k = 0; k < bins; ++k) curve.x.push_back(low + (static_cast<double>(k) + 0.5) * width);
  curve.low = curve.high = curve.y;
  curve.censored.assign(bins, false);
  return curve;
}

Panel make_histogram(const Context& context, const Wish& wish, const std::string& title,
                     const std::vector<Site>& sites) {
  Panel panel;
  panel.title = title;
  if (wish.plot.atoms.size() != 1 || !wish.plot.atoms[0].observable) return panel;
  std::vector<std::pair<std::string, std::vector<double>>> groups;
  std::vector<double> all;
  Unsettled unsettled;
  const std::vector<Group> found = sorted_groups(group_sites(context, sites, wish.free, wish.figure.by));
  panel.ordered = ascend(found);
  for (const Group& group : found) {
    std::vector<double> values = values_of(context, wish.plot.atoms[0], group.sites, unsettled);
    if (values.empty()) continue;
    if (groups.size() == most_curves) {
      ++panel.left_out;
      continue;
    }
    all.insert(all.end(), values.begin(), values.end());
    groups.emplace_back(group.label, std::move(values));
  }
  if (all.empty()) return panel;
  if (unsettled.any()) panel.add_remark("Of what is shown " + words_of(unsettled));
  const double low = std::ranges::min(all), high = std::ranges::max(all);
  if (!(high > low)) return panel;
  const std::size_t bins = bins_for(all, low, high);
  for (auto& [label, values] : groups) {
    panel.curves.push_back(histogram_of(values, low, high, bins));
    panel.curves.back().label = label;
    panel.curves.back().colour = panel.curves.size() - 1;
  }
  return panel;
}

std::optional<DrawnFigure> residual_distribution(const std::vector<DrawnFigure>& figures,
                                                 std::vector<std::string>& taken) {
  std::vector<double> residuals;
  for (const DrawnFigure& figure : figures)
    for (const Panel& panel : figure.panels)
      for (const DrawnCurve& curve : panel.residuals) residuals.insert(residuals.end(), curve.y.begin(), curve.y.end());
  if (residuals.size() < fewest_residuals) return std::nullopt;
  constexpr double reach = 6;
  const auto beyond = std::ranges::count_if(residuals, [](double r) { return std::abs(r) > reach; });
  DrawnFigure figure;
  figure.name = "all residuals";
  figure.slug = slug_of(figure.name, taken);
  figure.x_label = "difference/standard error";
  figure.y_label = "density";
  figure.caption = fmt::format(
      "{} residuals of the figures above beside the standard normal distribution; they share draws, so they are not "
      "independent.{}",
      residuals.size(), beyond > 0 ? fmt::format(" {} beyond ±{:g} stand in the outermost bins.", beyond, reach) : "");
  Panel panel;
  panel.curves.push_back(histogram_of(residuals, -reach, reach, 24));
  panel.curves[0].label = "residuals";
  DrawnCurve normal;
  normal.with = "normal distribution";
  normal.style = DrawnCurve::Style::line;
  normal.colour = neutral_colour;
  for (double x = -reach; x <= reach + 1e-9; x += 0.2) {
    normal.x.push_back(x);
    normal.y.push_back(std::exp(-0.5 * x * x) / std::sqrt(2 * std::numbers::pi));
    normal.censored.push_back(false);
  }
  normal.low = normal.high = normal.y;
  panel.curves.push_back(std::move(normal));
  figure.panels.push_back(std::move(panel));
  return figure;
}

}  // namespace fieldscan::analysis
