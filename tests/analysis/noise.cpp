// What fits make of noise.
#include <cmath>

#include "../../src/analysis/fit/fit.hpp"
#include "../../src/analysis/formula/curve.hpp"
#include "catch.hpp"
#include "synthetic.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

TEST_CASE("noise alone has no exponent: the two rules refuse it, crossed or nested") {
  // Of 400 campaigns of noise 136 had an exponent without the rules, 79 one of a small error, 12 one with a sure
  // amplitude. A deviation as large as the noise passes both.
  int fitted = 0, sure = 0, known = 0, both = 0;
  const auto curve_of = [](const Table& table) {
    const Context context = syn::make_context(table);
    std::vector<Site> sites;
    for (std::size_t p = 0; p < table.points.size(); ++p) sites.push_back({p, {}, std::nullopt, ""});
    return make_curve(context, context.resolve("deviation(nngp)"), context.resolve("width"), sites, "",
                      Power::signed_square);
  };
  for (const bool sampler : {true, false})
    for (std::uint64_t k = 0; k < 50; ++k) {
      Table table = syn::make_table({.draws = 20, .test_points = 10, .sampler = sampler});
      syn::add_predictors(table, 500 + k, 10, 0, 0, 0.05);
      const Curve curve = curve_of(table);
      const PowerLaw fit = fit_power_law_to_anything(curve.x, curve.y, 2);
      if (!fit.exponent.has_value()) continue;
      ++fitted;
      sure += amplitude_is_sure(fit);
      known += exponent_is_known(fit);
      both += amplitude_is_sure(fit) && exponent_is_known(fit);
    }
  INFO(fitted << " " << sure << " " << known << " " << both);
  CHECK(fitted >= 18);  // of 100, negative control; 34 expected
  CHECK(known < fitted);
  CHECK(sure <= 9);  // 3 expected: 10 or more have a chance of 1e-3
  CHECK(both <= sure);
  Table table = syn::make_table({.draws = 20, .test_points = 10});
  syn::add_predictors(table, 500, 10, 4, -1, 0.05);
  const Curve curve = curve_of(table);
  const PowerLaw fit = fit_power_law_to_anything(curve.x, curve.y, 2);
  CHECK(amplitude_is_sure(fit));
  CHECK(exponent_is_known(fit));
  CHECK(fit_power_law(curve.x, curve.y, 2).exponent.has_value());
}

TEST_CASE("the exponent has no bias from noise", "[slow]") {
  constexpr int campaigns = 30;
  double mean = 0, square = 0, naive = 0, chi = 0;
  for (int k = 0; k < campaigns; ++k) {
    Table table = syn::make_table({.draws = 12, .test_points = 20});
    syn::add_predictors(table, static_cast<std::uint64_t>(300 + k), 20, 4, -1, 0.05);
    const Context context = syn::make_context(table);
    const scan::Mentions of = context.resolve("deviation(nngp)"), versus = context.resolve("width");
    std::vector<Site> sites;
    for (std::size_t p = 0; p < table.points.size(); ++p) sites.push_back({p, {}, std::nullopt, ""});
    const Curve curve = make_curve(context, of, versus, sites, "", Power::signed_square);
    const Quantity exponent = fit_power_law(curve.x, curve.y, 2).exponent;
    REQUIRE(exponent.has_value());
    mean += exponent.value / campaigns;
    square += exponent.value * exponent.value / campaigns;
    chi += std::pow((exponent.value + 1) / estimate(exponent).standard_error, 2) / campaigns;
    // Negative control: the slope of log |deviation|.
    double sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (std::size_t j = 0; j < curve.x.size(); ++j) {
      const double x = std::log(curve.x[j]), y = 0.5 * std::log(std::abs(curve.y[j].value + 0.05 * 0.05 / 4));
      sx += x, sy += y, sxx += x * x, sxy += x * y;
    }
    const auto n = static_cast<double>(curve.x.size());
    naive += (n * sxy - sx * sy) / (n * sxx - sx * sx) / campaigns;
  }
  const double error = std::sqrt((square - mean * mean) / campaigns);
  INFO(mean << " +- " << error << " chi " << chi << " naive " << naive);
  CHECK(std::abs(mean + 1) < 4 * error + 0.005);
  CHECK(chi > 0.4);  // z² of 30 campaigns: mean 1, standard error 0.26 (heavier with t)
  CHECK(chi < 2.3);
  CHECK(naive > -0.9);
}
