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

/// A fit as it is drawn, and why tests do not judge its exponent or slope; empty where they do.
struct DrawnFit {
  DrawnCurve curve;
  std::string refused = {};
};

/// Why a number of a fit is not judged, whatever is expected of it: its members are too few, or have not settled.
std::string why_not_judged(const Quantity& number) {
  const Finding finding = judge(number, {number.value - 1, number.value + 1}, members_for_fit);
  return finding.outcome == Finding::Outcome::judged ? "" : finding.because;
}

/// `number`: the exponent or slope, with its name.
template <class Law>
DrawnFit draw_law(const std::vector<double>& x, const Quantity& number, std::string_view name, const Law& law) {
  DrawnFit fit{.curve = {}, .refused = why_not_judged(number)};
  DrawnCurve& curve = fit.curve;
  const Estimate e = estimate(number);
  curve.with =
      fmt::format("{}, {} {}", fit.refused.empty() ? "fit" : unjudged_fit, name, with_error(e.value, e.standard_error));
  curve.style = DrawnCurve::Style::line;
  curve.dash = fit_dash;
  curve.x = abscissas(x);
  for (const double at : curve.x) curve.y.push_back(law(at));
  curve.low = curve.high = curve.y;
  curve.censored.assign(curve.x.size(), false);
  const Unsettled unsettled = unsettled_of(number);
  curve.unsettled.assign(curve.x.size(), std::max(unsettled.chains, unsettled.networks));
  curve.basis.assign(curve.x.size(), marked_basis(number));
  return fit;
}

std::optional<DrawnFit> power_law_of(const Context& context, const Wish& wish, const std::vector<Site>& sites) {
  const bool squares = has_root(wish.plot);
  const Curve curve =
      make_curve(context, wish.plot, wish.versus, sites, "", squares ? Power::signed_square : Power::plain);
  const PowerLaw fit = fit_power_law(curve.x, curve.y, squares ? 2 : 1);
  if (!fit.exponent.has_value() || !fit.amplitude.has_value()) return std::nullopt;
  const double amplitude = squares ? signed_root(fit.amplitude.value) : fit.amplitude.value;
  return draw_law(curve.x, fit.exponent, "exponent",
                  [&](double x) { return amplitude * std::pow(x / fit.centre, fit.exponent.value); });
}

std::optional<DrawnFit> line_of(const Context& context, const Wish& wish, const std::vector<Site>& sites) {
  const Curve curve = make_curve(context, wish.plot, wish.versus, sites);
  if (curve.x.size() < 3) return std::nullopt;
  const Line line = fit_line(curve.x, curve.y);
  if (!line.slope.has_value() || !line.intercept.has_value()) return std::nullopt;
  return draw_law(curve.x, line.slope, "slope", [&](double x) { return line.intercept.value + line.slope.value * x; });
}

/// Fits of a test, done to each group as the test does them.
template <class FitOf>
void add_fits(const Context& context, const Wish& wish, const scan::Test& test, const Drawn& drawn, Panel& panel,
              FitOf fit_of) {
  const std::vector<scan::Formula>& versus = scan::versus_of(test);
  if (versus.size() != 1 || versus[0].text != scan::versus_of(wish.figure)[0].text) return;
  const Selection selection = selection_of(context, test, {.text = wish.of, .place = {}});
  const std::vector<Site> sites = in_window(context, test, wish.versus, select_sites(context, selection));
  std::string refused;  // of the first one, and the others say in the legend that they are not judged either
  for (std::size_t g = 0; g < drawn.groups.size(); ++g) {
    const std::vector<Site> chosen = common(sites, drawn.groups[g].sites);
    if (chosen.size() < 3) continue;
    std::optional<DrawnFit> fit = fit_of(context, wish, chosen);
    if (!fit) continue;
    DrawnCurve& curve = fit->curve;
    curve.label = drawn.groups[g].label;
    curve.quantity = drawn.quantity;
    curve.colour = drawn.first_colour + g;
    panel.window = scan::window_of(test).value_or(scan::Window(curve.x.front(), curve.x.back()));
    const std::string name = curve.name();
    panel.curves.push_back(std::move(curve));
    if (!fit->refused.empty() && refused.empty())
      refused = fmt::format("The fit{}{} is not judged: {}", name.empty() ? "" : " of ", name, fit->refused);
  }
  panel.add_remark(refused);
}

void add_bounds(const Context& context, const Wish& wish, const scan::Test& test, const scan::Bound& bound,
                const std::vector<Group>& groups, Panel& panel) {
  const std::vector<Site> sites = select_sites(context, selection_of(context, test, {.text = wish.of, .place = {}}));
  if (std::ranges::all_of(groups, [&](const Group& group) { return common(sites, group.sites).empty(); })) return;
  const bool alone = std::ranges::all_of(panel.curves, [](const DrawnCurve& c) { return c.quantity.empty(); });
  const std::string of = alone ? "" : wish.of + " ";  // others are drawn on the same axis
  if (bound.below) panel.levels.emplace_back(fmt::format("{}below {:g}", of, *bound.below), *bound.below);
  if (bound.above) panel.levels.emplace_back(fmt::format("{}above {:g}", of, *bound.above), *bound.above);
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
