#include "../../../src/analysis/formula/definition.hpp"
#include "../../../src/analysis/formula/sites.hpp"

#include "../synthetic.hpp"
#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

TEST_CASE("a value of several points is none, and says so", "[definition]") {
  Table table = syn::make_table({.draws = 24});
  syn::add_errors(table, 11, {.draws = 0.3, .initialisations = 0, .rest = 0.04});
  Context context = syn::make_context(table);
  const scan::Define value{.name = "x", .kind = scan::PointValue{}, .of = {.text = "error_test", .place = {}}};
  evaluate_definitions(context, {value});
  for (const auto& number : context.definitions.at("x")) CHECK(number.quantity.has_value());
  CHECK(context.definitions.at("x").size() == table.points.size());
  // The same points where no axis tells them apart: of which of them is the value?
  table.axes.clear();
  table.blocks.clear();
  evaluate_definitions(context, {value});
  REQUIRE(context.definitions.at("x").size() == 1);
  CHECK_FALSE(context.definitions.at("x")[0].quantity.has_value());
  CHECK(context.definitions.at("x")[0].quantity.problem.find("`where`") != std::string::npos);
}

TEST_CASE("a number of one point is compared with the measurement at every point", "[definition]") {
  Table table = syn::make_table({.draws = 24});
  syn::add_errors(table, 11, {.draws = 0.3, .initialisations = 0, .rest = 0.04});
  const std::string first = "width == " + text_of(table.points[0].point.names[0].value);
  const scan::Define value{.name = "x",
                           .kind = scan::PointValue{},
                           .of = {.text = "error_test", .place = {}},
                           .where = {.text = first, .place = {}}};
  Context context = syn::make_context(table);
  evaluate_definitions(context, {value});
  REQUIRE(context.definitions.at("x").size() == 1);
  const auto sites_of = [&](const std::string& formula) {
    return select_sites(context, {.formulas = {context.resolve(formula)},
                                  .where = std::nullopt,
                                  .names = {},
                                  .at = {},
                                  .theory = {},
                                  .theories = {}});
  };
  CHECK(sites_of("x").size() == 1);
  CHECK(sites_of("error_test / x").size() == table.points.size());
}
