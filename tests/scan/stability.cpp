#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "catch.hpp"
#include "fieldscan/scan/task/plan.hpp"
#include "fieldscan/scan/task/run_task.hpp"
#include "helpers.hpp"

/// What `plan` and `check` say of steps that are too long, beside where trainings diverge.
using namespace fieldscan;
using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

namespace {

std::string text(const std::string& network, const std::string& training, const std::string& rest = "") {
  return "fieldscan: 1\nname: stability\nseed: 3\ndata: {input: {kind: sphere, dim: 16}, target: {kind: gegenbauer, "
         "levels: {1: 1}}, train_size: 24, test_size: 5}\nnetwork: {activation: erf, " +
         network + "}\ntraining: " + training + "\nobserve: [error_test]\nensemble: {data_draws: 8}\n" + rest;
}

double group(const Scan& scan, const std::string& name) {
  const Plan plan = make_plan(scan);
  const auto found = std::ranges::find(plan.groups, name, &Group::name);
  REQUIRE(found != plan.groups.end());
  REQUIRE(found->low == found->high);
  return found->low;
}

Outcome outcome_of(const std::string& scan) {
  return run_task(must_read(scan), {.kind = Task::Kind::replicas, .block = 0, .index = 0, .members = {{0, 0}}})[0]
      .outcome;
}

bool is_warned(const std::string& scan, const char* code) {
  return std::ranges::any_of(read_scan(scan, "scan.yaml").diagnostics,
                             [&](const Diagnostic& d) { return d.code == code; });
}

}  // namespace

TEST_CASE("the largest stable rate that a plan shows is where training diverges", "[stability][slow]") {
  // Linear in the trained parameters, so that the limit is sharp: found between 0.85 and 1.2 times the estimate.
  for (const char* trainer : {"gradient_descent, steps: 1000", "gradient_descent, momentum: 0.9, steps: 1000",
                              "sgd, batch: 24, momentum: 0.9, epochs: 1000", "sgd, batch: 4, epochs: 600",
                              "sgd, batch: 5, epochs: 600", "sgd, batch: 2, momentum: 0.8, epochs: 300"})
    for (const char* parameterisation : {"ntk", "standard", "mup"})
      for (const char* chi : {"1", "256"}) {
        const auto with = [&](double rate) {
          return text(fmt::format("width: 256, train: readout, parameterisation: {}, chi: {}", parameterisation, chi),
                      fmt::format("{{kind: {}, learning_rate: {:.4g}}}", trainer, rate));
        };
        const double largest = 1 / group(must_read(with(1)), "η/η_max");
        INFO(trainer << " " << parameterisation << " χ = " << chi << " " << largest);
        CHECK(outcome_of(with(0.7 * largest)) == Outcome::done);
        CHECK(outcome_of(with(1.5 * largest)) == Outcome::diverged);
      }
}

TEST_CASE("all layers trained: a third of the largest stable rate is stable, four times it is not", "[stability]") {
  // Networks leave their first kernel: lazy ones survive up to twice the limit, those with χ = N may diverge at half of
  // it.
  for (const char* trainer : {"gradient_descent, steps: 300", "gradient_descent, momentum: 0.9, steps: 300"})
    for (const char* network :
         {"depth: 1, width: 256, chi: 1, parameterisation: ntk", "depth: 2, width: 128, chi: 1, parameterisation: mup",
          "depth: 2, width: 256, chi: 1, parameterisation: standard, base_width: 32, bias_variance: 0.1",
          "depth: 1, width: 256, chi: 256, parameterisation: mup"}) {
      const auto with = [&](double rate) {
        return text(network, fmt::format("{{kind: {}, learning_rate: {:.4g}}}", trainer, rate));
      };
      const double largest = 1 / group(must_read(with(1)), "η/η_max");
      INFO(trainer << " " << network << " " << largest);
      CHECK(is_warned(with(2 * largest), "FS0624"));
      CHECK_FALSE(is_warned(with(0.5 * largest), "FS0624"));
      CHECK(outcome_of(with(0.33 * largest)) == Outcome::done);
      CHECK(outcome_of(with(4 * largest)) == Outcome::diverged);
    }
}

TEST_CASE("rates beyond the largest stable one are told once, with the first point and how many are alike") {
  const std::string scan =
      text("depth: 1, width: 32, chi: 1", "{kind: gradient_descent, learning_rate: 0.001, steps: 10}",
           "scan: {grid: {training.learning_rate: [0.001, 3, 10, 30], network.width: [32, 64]}}\n");
  std::vector<std::string> told;
  for (const Diagnostic& d : read_scan(scan, "scan.yaml").diagnostics)
    if (d.code == "FS0624") told.push_back(d.message);
  REQUIRE(told.size() == 1);
  INFO(told[0]);
  CHECK(told[0].starts_with("the rate 3 lies beyond"));
  CHECK(told[0].ends_with("(at training.learning_rate = 3, network.width = 32, and the like at 6 of 8 points in all)"));
}

TEST_CASE("the groups of rates know parameterisation, rates, momentum and ridge", "[stability]") {
  const auto of = [&](const std::string& network, const std::string& training, const char* name,
                      const std::string& rest = "") { return group(must_read(text(network, training, rest)), name); };
  const std::string plain = "{kind: gradient_descent, learning_rate: 0.1, steps: 10}";
  const char* top = "ηλ_max(Θ)/χ";
  const double ntk = of("width: 512", plain, top);
  // Eight times the base width: every tensor of mup has eight times the rate; of standard the readout, of one layer.
  CHECK(of("width: 512, parameterisation: mup", plain, top) == Approx(8 * ntk));
  const double readout = of("width: 512, train: readout", plain, top),
               hidden = of("width: 512, train: hidden", plain, top);
  CHECK(of("width: 512, parameterisation: standard, train: readout", plain, top) == Approx(8 * readout));
  CHECK(of("width: 512, parameterisation: standard, train: hidden", plain, top) == Approx(hidden));
  CHECK(of("width: 512", "{kind: gradient_descent, learning_rate: 0.1, steps: 10, rates: {readout: 0}}", top) ==
        Approx(hidden));
  CHECK(of("width: 512", "{kind: gradient_descent, learning_rate: 0.1, steps: 10, rates: {readout: 3, weights: 3}}",
           top) == Approx(3 * ntk));
  // With momentum the limit is 2(1 + β); the ridge takes its part of it.
  const double used = of("width: 512", plain, "η/η_max", "ridge: 0\n");
  CHECK(used == Approx(ntk / 2));
  CHECK(of("width: 512", "{kind: gradient_descent, learning_rate: 0.1, momentum: 0.9, steps: 10}", "η/η_max",
           "ridge: 0\n") == Approx(used / 1.9));
  CHECK(of("width: 512", plain, "η/η_max", "ridge: 4\n") == Approx(used + 0.1 * 4 / 2));
  // Nor do fresh examples, a few at a time.
  std::string online = text("width: 512", "{kind: sgd, learning_rate: 100, batch: 1, steps: 10}");
  online.replace(online.find("train_size: 24"), 14, "train_size: online");
  CHECK_FALSE(is_warned(online, "FS0624"));
  // Adam has no such limit.
  const Plan plan = make_plan(must_read(text("width: 512", "{kind: adam, learning_rate: 0.1, steps: 10}")));
  for (const Group& g : plan.groups) CHECK(g.name.find("η") == std::string::npos);
}

TEST_CASE("a step of langevin that is too long is told by plan and check, and found by the run", "[stability]") {
  const auto with = [&](double step) {
    return text("width: 64", fmt::format("{{kind: langevin, step: {:.4g}, steps: 400}}", step), "ridge: 0.01\n");
  };
  const double largest = 1e-4 / group(must_read(with(1e-4)), "ε/ε_max");
  CHECK_FALSE(is_warned(with(0.5 * largest), "FS0615"));
  CHECK(is_warned(with(2 * largest), "FS0615"));
  CHECK(outcome_of(with(4 * largest)) == Outcome::diverged);
  CHECK(outcome_of(with(0.2 * largest)) != Outcome::diverged);
}
