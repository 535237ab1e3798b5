#include "../../../src/analysis/quantity/solver_residual.hpp"

#include "../../../src/analysis/figure/theory_record.hpp"
#include "../synthetic.hpp"
#include "catch.hpp"
#include "fieldscan/analysis/verdict/render.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/list.hpp"

namespace fieldscan::analysis {
namespace solver_residual_cases {
namespace {

namespace syn = fieldscan::analysis::synthetic;

/// Two points with a theory that iterates and one of a closed form; `stored` of each prediction of the former.
Table table_with(const std::vector<std::optional<double>>& stored) {
  Table table = syn::make_table({.widths = {64, 128}, .draws = 2, .initialisations = 1});
  for (TablePoint& point : table.points) {
    point.point.theories = {{.name = "deep", .theory = theory::DeepLinear{}},
                            {.name = "nngp", .theory = theory::Nngp{}}};
    for (const char* name : {"deep", "nngp"}) syn::add_theory(point, name, static_cast<int>(stored.size()));
    for (std::size_t r = 0; r < stored.size(); ++r) {
      auto series = std::make_shared<Series>(*point.theories["deep"]);
      series->members[r].rows.push_back({.observable = Observable::error_test, .value = 0.3});
      if (stored[r]) series->members[r].rows.push_back({.observable = listed("solver_residual"), .value = *stored[r]});
      point.theories["deep"] = series;
    }
  }
  return table;
}

std::string record(const Table& table, const std::string& theory) {
  DrawnFigure figure;
  Panel panel;
  panel.curves.push_back({.label = "", .with = theory});
  figure.panels.push_back(panel);
  return theory_record(figure, table);
}

}  // namespace
TEST_CASE("of a theory that iterates the largest residual of all predictions is told") {
  const auto told = solver_residual(table_with({1e-13, 3e-12}), "deep");
  REQUIRE(told);
  CHECK(told->largest == 3e-12);
  CHECK(words_of(*told) == "3e-12");
  CHECK(record(table_with({1e-13, 3e-12}), "deep").find(",3e-12,\n") != std::string::npos);
}

TEST_CASE("a store of earlier versions has none, and says so; a closed form has nothing to solve") {
  const Table table = table_with({std::nullopt, std::nullopt});
  const auto told = solver_residual(table, "deep");
  REQUIRE(told);
  CHECK_FALSE(told->largest);
  CHECK(words_of(*told) == "not stored");
  CHECK(record(table, "deep").find(",not stored,\n") != std::string::npos);
  CHECK_FALSE(solver_residual(table, "nngp"));
  CHECK_FALSE(solver_residual(table, "no such theory"));
  CHECK(record(table, "nngp").find("not stored") == std::string::npos);
  CHECK(record(table, "nngp").find("validity,solver_residual,reasons\n") != std::string::npos);
}

TEST_CASE("verdicts as JSON have the residuals of the theories that they are about") {
  TestResult result{.name = "a", .statement = "b"};
  CHECK(to_json({result}).find("\"solver_residual\": {}}") != std::string::npos);
  result.solver_residual = {{"deep", 3e-12}, {"old", std::nullopt}};
  CHECK(to_json({result}).find(R"("parts": [], "solver_residual": {"deep": 3e-12, "old": null}})") !=
        std::string::npos);
}

}  // namespace solver_residual_cases
}  // namespace fieldscan::analysis
