#include "../../../src/analysis/quantity/convergence.hpp"

#include "../../../src/analysis/figure/theory_record.hpp"
#include "../synthetic.hpp"
#include "catch.hpp"
#include "fieldscan/analysis/verdict/render.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/iterates.hpp"
#include "fieldscan/theory/list.hpp"

namespace fieldscan::analysis {
namespace solver_residual_cases {
namespace {

namespace syn = fieldscan::analysis::synthetic;

/// Two points with a theory that iterates and one of a closed form; `stored` of each prediction of the former.
Table table_with(const std::vector<std::optional<double>>& stored) {
  Table table = syn::make_table({.widths = {64, 128}, .draws = 2, .initialisations = 1});
  for (TablePoint& point : table.points) {
    point.point.theories = {{.name = "deep", .theory = theory::DeepLinear{.method = theory::ScaleMethod::saddle}},
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
  CHECK(record(table_with({1e-13, 3e-12}), "deep").find(",3e-12,,,,\n") != std::string::npos);
}

TEST_CASE("a store of earlier versions has none, and says so; a closed form has nothing to solve") {
  const Table table = table_with({std::nullopt, std::nullopt});
  const auto told = solver_residual(table, "deep");
  REQUIRE(told);
  CHECK_FALSE(told->largest);
  CHECK(words_of(*told) == "not stored");
  CHECK(record(table, "deep").find(",not stored,,,,\n") != std::string::npos);
  CHECK_FALSE(solver_residual(table, "nngp"));
  CHECK_FALSE(solver_residual(table, "no such theory"));
  CHECK(record(table, "nngp").find("not stored") == std::string::npos);
  CHECK(
      record(table, "nngp")
          .find(
              "validity_largest,solver_residual_largest,start_difference_largest,solver_error_largest,validity_smallest,reasons\n") !=
      std::string::npos);
}

TEST_CASE("the difference of starts and the error of an integration are told where a theory has them") {
  Table table = table_with({1e-13, 3e-12});
  CHECK_FALSE(largest_of(table, "deep", listed("start_difference")));
  for (TablePoint& point : table.points) {
    auto series = std::make_shared<Series>(*point.theories["deep"]);
    series->members[1].rows.push_back({.observable = listed("start_difference"), .value = 0.25});
    series->members[0].rows.push_back({.observable = listed("solver_error"), .value = 1e-9});
    point.theories["deep"] = series;
  }
  CHECK(largest_of(table, "deep", listed("start_difference")) == 0.25);
  CHECK_FALSE(largest_of(table, "no such theory", listed("start_difference")));
  CHECK(record(table, "deep").find(",3e-12,0.25,1e-09,,\n") != std::string::npos);
  CHECK(record(table, "nngp").find(",0.25,") == std::string::npos);
}

TEST_CASE("the smallest validity stands beside the largest, with what is missing, failed, and beyond the range") {
  Table table = table_with({1e-13, 3e-12});
  for (TablePoint& point : table.points) {
    auto series = std::make_shared<Series>(*point.theories["deep"]);
    series->wanted = 5;
    series->members[0].rows.push_back({.observable = Observable::validity, .value = 0.25});
    series->members[1].rows.push_back(
        {.observable = Observable::validity, .value = 2.5, .flag = Flag::outside_validity});
    point.theories["deep"] = series;
  }
  const std::string text = record(table, "deep");
  CHECK(text.find(",done,diverged,not_converged,not_applicable,numerical_error,failed,missing,outside_validity,") !=
        std::string::npos);
  CHECK(text.find(",2,0,0,0,0,0,3,1,") != std::string::npos);
  CHECK(text.find(",2.5,3e-12,,,0.25,\n") != std::string::npos);
}

TEST_CASE("an average over all scales has no residual, whatever an earlier version stored with it") {
  Table table = table_with({1e-13, 3e-12});
  for (TablePoint& point : table.points) point.point.theories[0].theory = theory::DeepLinear{};
  CHECK_FALSE(solver_residual(table, "deep"));
  CHECK(record(table, "deep").find("not stored") == std::string::npos);
  CHECK(record(table, "deep").find("e-12") == std::string::npos);
}

TEST_CASE("where no prediction is there, or none was solved by iteration, nothing is said of residuals") {
  Table table = table_with({std::nullopt, std::nullopt});
  for (TablePoint& point : table.points) {
    auto series = std::make_shared<Series>(*point.theories["deep"]);
    for (Member& member : series->members) member.outcome = Outcome::not_applicable, member.rows.clear();
    point.theories["deep"] = series;
  }
  CHECK_FALSE(solver_residual(table, "deep"));
  // A population of one hidden layer is followed step by step; by a rule of nodes it is solved on them.
  const auto iterates = [](const theory::AnyTheory& theory, const network::ActivationChoice& activation) {
    TablePoint point = syn::make_point(32);
    point.point.spec.training = training::GradientDescent{.learning_rate = 0.1, .steps = 10};
    point.point.spec.network.activation = activation;
    point.point.spec.data.input = data::Sphere{.dim = 6};
    return theory::iterates(theory, scan::setting_of(point.point));
  };
  CHECK_FALSE(iterates(theory::Dmft{.averages = theory::Dmft::Averages::sampled}, network::Linear{}));
  CHECK(iterates(theory::Dmft{}, network::Linear{}));
  CHECK_FALSE(iterates(theory::Dmft{}, network::Tanh{}));
  CHECK_FALSE(iterates(theory::Nngp{}, network::Tanh{}));
  CHECK(iterates(theory::LearningCurve{}, network::Tanh{}));
}

TEST_CASE("verdicts as JSON have the residuals of the theories that they are about") {
  TestResult result{.name = "a", .statement = "b"};
  CHECK(to_json({result}).find(
            R"("solver_residual_largest": {}, "start_difference_largest": {}, "solver_error_largest": {}})") !=
        std::string::npos);
  result.solver_residual = {{"deep", 3e-12}, {"old", std::nullopt}};
  result.start_difference = {{"deep", 0.5}};
  CHECK(to_json({result}).find(R"("parts": [], "solver_residual_largest": {"deep": 3e-12, "old": null}, )"
                               R"("start_difference_largest": {"deep": 0.5}, "solver_error_largest": {}})") !=
        std::string::npos);
}

}  // namespace solver_residual_cases
}  // namespace fieldscan::analysis
