// Numbers of curves in whole campaigns.
#include <cmath>

#include "../../src/analysis/formula/curve_number.hpp"
#include "../../src/analysis/formula/definition.hpp"
#include "../../src/analysis/test/evaluate.hpp"
#include "catch.hpp"
#include "synthetic.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace {

scan::Formula formula(const std::string& text) { return {.text = text, .place = {}}; }

}  // namespace

TEST_CASE("a slope of roots is the exponent of the roots") {
  Table table = syn::make_table({.draws = 24});
  syn::add_predictors(table, 500, 40, 4, -1, 0.01);
  Context context = syn::make_context(table);
  scan::Define slope{.name = "slope", .kind = scan::Slope{.along = "width"}, .of = formula("deviation(nngp)")};
  evaluate_definitions(context, {slope});
  CHECK(context.definitions.at("slope").at(0).quantity.value == Approx(-1).margin(0.2));
}

TEST_CASE("a crossing is found with its error, and is censored where the curve does not reach") {
  Table table = syn::make_table({});
  for (TablePoint& p : table.points) {
    const double width = std::get<double>(p.point.names[0].value);
    for (Member& m : p.measured.members)
      m.rows.push_back({.observable = Observable::error_test,
                        .value = 64 / width + 0.01 * syn::normal(5, std::to_string(width), m.draw, m.initialisation)});
  }
  Context context = syn::make_context(table);
  const auto crossing = [](double level) {
    return scan::Define{.name = "onset",
                        .kind = scan::Crossing{.along = "width", .level = level, .in = scan::Interpolation::x},
                        .of = formula("error_test")};
  };
  evaluate_definitions(context, {crossing(0.375)});  // halfway between 1/2 at 128 and 1/4 at 256
  const Quantity onset = context.definitions.at("onset").at(0).quantity;
  CHECK(onset.value == Approx(192).margin(4 * estimate(onset).standard_error));
  CHECK(estimate(onset).standard_error > 0.05);
  CHECK(estimate(onset).standard_error < 3);
  evaluate_definitions(context, {crossing(0.01)});
  CHECK(context.definitions.at("onset").at(0).quantity.censored == Censored::above);
}

TEST_CASE("a crossing is interpolated as its abscissas are spaced, unless the definition says how") {
  using scan::Interpolation;
  scan::Crossing kind{.level = 0.5};
  const auto crossing = [&](std::vector<double> x, Interpolation in) {
    Curve curve{.x = std::move(x), .y = {}};
    for (std::size_t k = 0; k < curve.x.size(); ++k)
      curve.y.push_back(
          exact_quantity(1.25 - 0.5 * static_cast<double>(k)));  // 1/2 halfway between the second and third
    kind.in = in;
    return number_of_curve({.name = "onset", .kind = kind}, curve, 1).value;
  };
  CHECK(crossing({16, 64, 256, 1024}, Interpolation::as_spaced) == Approx(128));
  CHECK(crossing({16, 64, 256, 1024}, Interpolation::x) == Approx(160));
  CHECK(crossing({10, 20, 30, 40}, Interpolation::as_spaced) == Approx(25));
  CHECK(crossing({10, 20, 30, 40}, Interpolation::log_x) == Approx(std::sqrt(600.0)));
  CHECK(crossing({1, 64, 256, 1024, 4096}, Interpolation::as_spaced) == Approx(128));  // two are missing
  CHECK(crossing({0, 64, 256, 1024}, Interpolation::as_spaced) == Approx(128));  // the start of the time does not count
  kind.level = 1;
  CHECK(crossing({0, 64, 256, 1024}, Interpolation::as_spaced) == Approx(32));  // and has no logarithm
  kind.level = 0.5;
  CHECK(crossing({0.1, 0.2, 0.5, 1, 2, 5}, Interpolation::as_spaced) == Approx(std::sqrt(0.1)));
}

TEST_CASE("defined numbers from different parts of a scan can be compared") {
  Table table = syn::make_table({.draws = 24});
  syn::add_errors(table, 11, {.draws = 0.3, .initialisations = 0, .rest = 0.04});
  Context context = syn::make_context(table);
  const auto value = [](const char* name, const char* where) {
    scan::Define d{.name = name, .kind = scan::PointValue{}, .of = formula("error_test")};
    if (*where) d.where = formula(where);
    return d;
  };
  evaluate_definitions(context, {value("narrow", "width == 64"), value("wide", "width == 1024"), value("each", "")});
  const scan::Test equal{.of = {formula("narrow")},
                         .kind = scan::Agreement{.with = {.text = "wide"}, .within = scan::Margin{100, false}}};
  CHECK(evaluate_tests(context, std::vector{equal}).at(0).verdict != Verdict::undecided);
  // What has one value per width keeps telling them apart.
  const auto& numbers = context.definitions.at("each");
  CHECK(numbers.size() > 2);
  for (const auto& number : numbers) {
    CHECK(number.key.contains("network.width"));
    CHECK(evaluate(context, context.resolve("each"), number.site).value == number.quantity.value);
  }
}
