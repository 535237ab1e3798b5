// What looks alike in a figure is the same: colours of groups, dashes of theories; and how little a table claims.
#include <map>
#include <set>

#include "../../src/analysis/figure/axis.hpp"
#include "../../src/analysis/figure/figure.hpp"
#include "../../src/analysis/figure/order.hpp"
#include "../../src/analysis/figure/style.hpp"
#include "../../src/analysis/figure/table.hpp"
#include "catch.hpp"

namespace fieldscan::analysis {
namespace figure_one_look {
namespace {

DrawnCurve group(const std::string& label, std::size_t colour) {
  DrawnCurve curve{.label = label, .with = {}, .colour = colour};
  curve.x = {1, 2};
  curve.y = curve.low = curve.high = {3, 4};
  curve.censored = {false, false};
  return curve;
}

/// So many groups from the one of that number on, in the colours of their places.
Panel panel_of(std::size_t first, std::size_t count) {
  Panel panel;
  for (std::size_t k = 0; k < count; ++k) panel.curves.push_back(group("group " + std::to_string(first + k), k));
  return panel;
}

}  // namespace

TEST_CASE("groups beyond the colours are left out of all panels, and no colour means two groups") {
  // The second panel lacks the first group, and has room for a thirteenth.
  std::vector<Panel> panels{panel_of(0, most_curves), panel_of(1, most_curves), panel_of(0, most_curves)};
  panels[1].residuals.push_back(panels[1].curves.back());
  share_colours(panels);
  std::map<std::size_t, std::string> seen;
  for (const Panel& panel : panels)
    for (const DrawnCurve& c : panel.curves) CHECK(seen.emplace(c.colour, c.label).first->second == c.label);
  CHECK(seen.size() == most_curves);
  CHECK(panels[1].curves.size() == most_curves - 1);
  CHECK(panels[1].residuals.empty());
  CHECK(panels[1].left_out == 1);
  CHECK(panels[0].left_out == 0);
  // Panels that share no group keep theirs.
  std::vector<Panel> apart{panel_of(0, most_curves), panel_of(most_curves, most_curves)};
  share_colours(apart);
  CHECK(apart[1].curves.size() == most_curves);
}

TEST_CASE("theories beyond their stated range have dashes of their own") {
  std::set<std::string_view> patterns;
  for (std::size_t dash = 1; dash <= fit_dash; ++dash) patterns.insert(dash_pattern(dash));
  for (std::size_t theory = 1; theory < fit_dash; ++theory) patterns.insert(dash_pattern(outside_dash + theory));
  CHECK(patterns.size() == fit_dash + fit_dash - 1);
}

TEST_CASE("a logarithmic axis over hundreds of decades has few ticks") {
  CHECK(make_axis({1e-300, 1}, true).ticks.size() < 12);
  CHECK(make_axis({1e-300, 1}, true).ticks.size() > 4);
  CHECK(make_axis({1e-12, 1}, true).ticks.size() > 10);
}

TEST_CASE("rows of residuals, fits and histograms claim no interval, and those of exact numbers one of no width") {
  DrawnFigure figure{.name = "figure", .slug = "figure", .caption = {}, .x_label = "x", .y_label = "y"};
  Panel& panel = figure.panels.emplace_back();
  panel.curves = {group("exact", 0), group("fitted", 0), group("counted", 1)};
  panel.curves[1].with = "fit, exponent −1";
  panel.curves[1].dash = fit_dash;
  panel.curves[2].style = DrawnCurve::Style::steps;
  panel.residuals = {group("left", 0)};
  panel.residual_label = "difference from nngp";
  const std::string table = table_of(figure);
  INFO(table);
  const auto has = [&](const std::string& part) { return table.find(part) != std::string::npos; };
  CHECK(has(",exact,,1,3,3,3,"));
  CHECK(has(",\"fit, exponent −1\",1,3,,,"));
  CHECK(has(",counted,,1,3,,,"));
  CHECK(has(",difference from nngp,1,3,,,"));
}

}  // namespace figure_one_look
}  // namespace fieldscan::analysis
