#include "histogram.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

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

/// What a histogram is of: values, how many of how many, and the shares of these that are not what they were asked to
/// become.
struct HistogramValues {
  std::vector<double> of = {};
  Basis basis = {};
  Unsettled unsettled = {};
};

/// All sites together: their members add up.
void add_basis(Basis& basis, const Basis& site) {
  basis.members += site.members;
  basis.asked += site.asked;
  basis.marks |= site.marks;
}

/// The values of an observable over the usable members, at each site.
HistogramValues values_of(const Context& context, const scan::ResolvedName& name, const std::vector<Site>& sites) {
  HistogramValues values;
  double chains = 0, networks = 0;
  for (const Site& site : sites) {
    const Series* series = series_of(context.table->points.at(site.point), name.theory);
    if (!series) continue;
    const auto time = time_at(site, times_of(*series, *name.observable));
    if (!time) continue;
    const std::size_t before = values.of.size();
    for (const Member& member : series->members) {
      const Row* row =
          usable(member) ? find_row(member, *name.observable, *time, site.coordinate.value_or(0)) : nullptr;
      if (!row) continue;
      values.of.push_back(row->value);
      if (row->flag != Flag::not_equilibrated) values.basis.marks |= mark_of(row->flag);  // told of settled chains
      chains += of_settled_chains(*series, *time) && member.outcome == Outcome::not_equilibrated ? 1 : 0;
      networks += member.outcome == Outcome::not_converged && is_last(member, *name.observable, *time) ? 1 : 0;
    }
    add_basis(values.basis, basis_of(*series, values.of.size() - before));
  }
  const double n = std::max(1.0, static_cast<double>(values.of.size()));
  values.unsettled = {.chains = chains / n, .networks = networks / n};
  if (chains > 0) values.basis.marks |= mark_of(Outcome::not_equilibrated);
  if (networks > 0) values.basis.marks |= mark_of(Outcome::not_converged);
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
  std::vector<std::pair<std::string, HistogramValues>> groups;
  std::vector<double> all;
  const std::vector<Group> found = sorted_groups(group_sites(context, sites, wish.free, wish.figure.by));
  panel.ordered = ascend(found);
  std::vector<std::string> left_out;
  for (const Group& group : found) {
    HistogramValues values = values_of(context, wish.plot.atoms[0], group.sites);
    if (values.of.empty()) continue;
    if (groups.size() == most_outlines) {
      ++panel.left_out;
      left_out.push_back(group.label);
      continue;
    }
    all.insert(all.end(), values.of.begin(), values.of.end());
    panel.unsettled.join(values.unsettled);
    groups.emplace_back(group.label, std::move(values));
  }
  if (all.empty()) return panel;
  if (panel.left_out > 0)
    panel.add_remark(
        fmt::format("Not drawn{}{}: {}. More than {} outlines hide each other: `each` gives groups panels, `where` "
                    "chooses some",
                    title.empty() ? "" : " of ", title, fmt::join(left_out, "; "), most_outlines));
  const double low = std::ranges::min(all), high = std::ranges::max(all);
  if (!(high > low)) return panel;
  const std::size_t bins = bins_for(all, low, high);
  for (auto& [label, values] : groups) {
    DrawnCurve& curve = panel.curves.emplace_back(histogram_of(values.of, low, high, bins));
    curve.label = label;
    curve.colour = panel.curves.size() - 1;
    curve.unsettled.assign(bins, std::max(values.unsettled.chains, values.unsettled.networks));
    curve.basis.assign(bins, values.basis);
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
