#include "overlay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../fit/fit.hpp"
#include "../fit/line.hpp"
#include "../formula/curve.hpp"
#include "../formula/groups.hpp"
#include "../formula/sites.hpp"
#include "../test/shared.hpp"
#include "../text/number.hpp"
#include "../verdict/judge.hpp"

/// What tests say of a figure, drawn into it.
namespace fieldscan::analysis {
namespace {

bool same_site(const Site& a, const Site& b) {
  return a.point == b.point && a.coordinate == b.coordinate && a.time.kind == b.time.kind && a.time.time == b.time.time;
}

/// The sites of a test that lie in a group of the figure.
std::vector<Site> common(const std::vector<Site>& of_test, const std::vector<Site>& of_group) {
  std::vector<Site> sites;
  for (const Site& site : of_test)
    if (std::ranges::any_of(of_group, [&](const Site& other) { return same_site(site, other); })) sites.push_back(site);
  return sites;
}

/// x from the first to the last of a fit: enough of them that a power law is smooth on linear axes too.
std::vector<double> abscissas(const std::vector<double>& x) {
  constexpr int steps = 24;
  std::vector<double> fine;
  for (int k = 0; k <= steps; ++k) {
    const double part = static_cast<double>(k) / steps;
    fine.push_back(x.front() > 0 ? x.front() * std::pow(x.back() / x.front(), part)
                                 : x.front() + part * (x.back() - x.front()));
  }
  return fine;
}

template <class Law>
DrawnCurve draw_law(const std::vector<double>& x, std::string with, const Law& law) {
  DrawnCurve curve;
  curve.with = std::move(with);
  curve.style = DrawnCurve::Style::line;
  curve.dash = fit_dash;
  curve.x = abscissas(x);
  for (const double at : curve.x) curve.y.push_back(law(at));
  curve.low = curve.high = curve.y;
  curve.censored.assign(curve.x.size(), false);
  return curve;
}

std::optional<DrawnCurve> power_law_of(const Context& context, const Wish& wish, const std::vector<Site>& sites) {
  const bool squares = has_root(wish.plot);
  const Curve curve =
      make_curve(context, wish.plot, wish.versus, sites, "", squares ? Power::signed_square : Power::plain);
  const PowerLaw fit = fit_power_law(curve.x, curve.y, squares ? 2 : 1);
  if (!fit.exponent.has_value() || !fit.amplitude.has_value()) return std::nullopt;
  const double amplitude = squares ? signed_root(fit.amplitude.value) : fit.amplitude.value;
  const Estimate e = estimate(fit.exponent);
  return draw_law(curve.x, fmt::format("fit, exponent {}", with_error(e.value, e.standard_error)),
                  [&](double x) { return amplitude * std::pow(x / fit.centre, fit.exponent.value); });
}

std::optional<DrawnCurve> line_of(const Context& context, const Wish& wish, const std::vector<Site>& sites) {
  const Curve curve = make_curve(context, wish.plot, wish.versus, sites);
  if (curve.x.size() < 3) return std::nullopt;
  const Line line = fit_line(curve.x, curve.y);
  if (!line.slope.has_value() || !line.intercept.has_value()) return std::nullopt;
  const Estimate e = estimate(line.slope);
  return draw_law(curve.x, fmt::format("fit, slope {}", with_error(e.value, e.standard_error)),
                  [&](double x) { return line.intercept.value + line.slope.value * x; });
}

/// Fits of a test, done to each group as the test does them.
template <class Fit>
void add_fits(const Context& context, const Wish& wish, const scan::Test& test, const Drawn& drawn, Panel& panel,
              Fit fit) {
  const std::vector<scan::Formula>& versus = scan::versus_of(test);
  if (versus.size() != 1 || versus[0].text != scan::versus_of(wish.figure)[0].text) return;
  const Selection selection = selection_of(context, test, {.text = wish.of, .place = {}});
  const std::vector<Site> sites = in_window(context, test, wish.versus, select_sites(context, selection));
  for (std::size_t g = 0; g < drawn.groups.size(); ++g) {
    const std::vector<Site> chosen = common(sites, drawn.groups[g].sites);
    if (chosen.size() < 3) continue;
    auto curve = fit(context, wish, chosen);
    if (!curve) continue;
    curve->label = drawn.groups[g].label;
    curve->quantity = drawn.quantity;
    curve->colour = drawn.first_colour + g;
    panel.window = scan::window_of(test).value_or(scan::Window(curve->x.front(), curve->x.back()));
    panel.curves.push_back(std::move(*curve));
  }
}

void add_bounds(const Context& context, const Wish& wish, const scan::Test& test, const scan::Bound& bound,
                const std::vector<Group>& groups, Panel& panel) {
  const std::vector<Site> sites = select_sites(context, selection_of(context, test, {.text = wish.of, .place = {}}));
  if (std::ranges::all_of(groups, [&](const Group& group) { return common(sites, group.sites).empty(); })) return;
  if (bound.below) panel.levels.emplace_back(fmt::format("below {:g}", *bound.below), *bound.below);
  if (bound.above) panel.levels.emplace_back(fmt::format("above {:g}", *bound.above), *bound.above);
}

}  // namespace

void add_tests(const Context& context, const Wish& wish, const Drawn& drawn, Panel& panel) {
  for (const scan::Test& test : wish.tests) {
    const bool same_formula =
        std::ranges::any_of(test.of, [&](const scan::Formula& formula) { return formula.text == wish.of; });
    if (!same_formula) continue;
    if (const auto* law = std::get_if<scan::PowerLaw>(&test.kind); law && !law->form)
      add_fits(context, wish, test, drawn, panel, power_law_of);
    if (std::holds_alternative<scan::Linear>(test.kind)) add_fits(context, wish, test, drawn, panel, line_of);
    if (const auto* bound = std::get_if<scan::Bound>(&test.kind))
      add_bounds(context, wish, test, *bound, drawn.groups, panel);
  }
}

}  // namespace fieldscan::analysis
