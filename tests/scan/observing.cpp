#include <algorithm>

#include "catch.hpp"
#include "fieldscan/scan/task/run_task.hpp"
#include "helpers.hpp"

using namespace fieldscan;
using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

namespace {

training::ObservePlan plan_of(const std::string& more, const std::string& training = "{kind: hmc, samples: 40}") {
  return points_of(must_read(base(more, training)))[0].observe;
}
const std::string axis = "scan: {grid: {network.width: [16, 32]}}\n";

}  // namespace

TEST_CASE("without `observe` the errors are measured, of chains their diagnosis too") {
  CHECK(plan_of("", "{kind: gradient_descent, time: 3}").observables ==
        std::vector{Observable::error_train, Observable::error_test});
  CHECK(plan_of("").observables == std::vector{Observable::error_train, Observable::error_test, Observable::rhat,
                                               Observable::ess, Observable::acceptance});
}

TEST_CASE("what statements mention is measured") {
  const std::string tests = axis +
                            "observe: [error_train]\ntests:\n  - {kind: power_law, of: deviation(nngp), versus: width, "
                            "expect: -1, within: 0.1}\n";
  CHECK(plan_of(tests).has(Observable::predictor));
  CHECK_FALSE(plan_of(tests).has(Observable::error_test));
  CHECK_FALSE(plan_of(tests).predictor_on_grid);
  CHECK(plan_of("observe: [error_mean_predictor]\n").has(Observable::predictor));
  CHECK_FALSE(plan_of("observe: [error_mean_predictor]\n").has(Observable::error_mean_predictor));
  CHECK(plan_of(axis + "define: {a: {slope: \"error_ensemble(20)/error_test\", along: width}}\n")
            .has(Observable::predictor));
  CHECK(
      plan_of(axis + "figures: [{plot: rms(predictor - nngp.predictor), versus: width}]\n").has(Observable::predictor));
  CHECK(plan_of(axis + "figures: [{plot: kernel_scale, versus: width}]\n").has(Observable::kernel_scale));
}

TEST_CASE("statements in time want predictors on the grid") {
  const std::string gd = "{kind: gradient_descent, time: 4}";
  const std::string times = "theory: [ntk_flow]\ntimes: {logspace: [0.1, 4], num: 3}\n" + axis;
  const auto with = [&](const std::string& figure) {
    std::string text = base("figures: [" + figure + "]\n", gd) + times;
    text.erase(text.find("theory: [nngp]\n"), 15);
    return points_of(must_read(text))[0].observe;
  };
  CHECK(with("{plot: error_mean_predictor, versus: time, by: width}").predictor_on_grid);
  CHECK_FALSE(with("{plot: error_test, versus: time, by: width}").predictor_on_grid);
  CHECK_FALSE(with("{plot: error_mean_predictor, versus: width}").predictor_on_grid);
  CHECK(with("{plot: deviation(ntk_flow), versus: width, by: time}").predictor_on_grid);
}

TEST_CASE("entries of observe: at, replicas, numbers of points") {
  const auto plan =
      plan_of("observe: [error_test, {kind: coordinate_size, at: {steps: [0, 1, 4]}}, {kind: predictor, at: all}]\n");
  CHECK(plan.times.unit == training::TimeUnit::steps);
  CHECK(plan.times.values == std::vector<double>{0, 1, 4});
  CHECK(plan.predictor_on_grid);
  const auto point = points_of(must_read(base("observe: [error_test, {kind: predictor, replicas: 6}]\n")))[0];
  CHECK(observe_plan(point, 1, 1).has(Observable::predictor));
  CHECK_FALSE(observe_plan(point, 1, 2).has(Observable::predictor));
  CHECK(observe_plan(point, 3, 3).has(Observable::error_test));
}

TEST_CASE("entries of observe: members of ensembles, replicas of both levels, both kernels") {
  const auto plan = plan_of("observe: [{kind: error_ensemble, members: [10, 1, 3]}]\n");
  CHECK(plan.members == std::vector<double>{1, 3, 10});
  CHECK(plan.has(Observable::predictor));
  CHECK(codes(base("observe: [error_ensemble]\n")) == "FS0310");
  CHECK(codes(base("observe: [{kind: error_ensemble, members: [0, 3]}]\n")) == "FS0303");
  CHECK(codes(base("observe: [{kind: error_test, members: [3]}]\n")) == "FS0303");
  // In statements with its numbers, and without them only where `observe` has them.
  const std::string figure = axis + "figures: [{plot: error_ensemble, versus: members, by: width}]\n";
  CHECK(codes(base(figure)) == "FS0509");
  CHECK(must_read(base("observe: [{kind: error_ensemble, members: [1, 4]}]\n" + figure)).figures().size() == 1);

  const auto point =
      points_of(must_read(base("observe: [{kind: predictor, replicas: {data_draws: 2, chains: 3}}]\n")))[0];
  CHECK(observe_plan(point, 1, 2).has(Observable::predictor));
  CHECK_FALSE(observe_plan(point, 2, 0).has(Observable::predictor));
  CHECK_FALSE(observe_plan(point, 0, 3).has(Observable::predictor));

  const std::string flow = "{kind: gradient_descent, time: 3}";
  const auto both = plan_of("observe: [{kind: alignment, of: [ntk, nngp], on: {test: 9}, at: end}]\n", flow);
  CHECK(both.has(Observable::alignment));
  CHECK(both.has(*training::beside_nngp(Observable::alignment)));
  CHECK(both.view_of(*training::beside_nngp(Observable::alignment)).points == 9);
  CHECK(both.view_of(Observable::alignment).kernel == training::EmpiricalKernel::ntk);
  CHECK(codes(base("observe: [{kind: alignment, of: [ntk, ntk]}]\n", flow)) == "FS0303");
}

TEST_CASE("replicas are another word for the ensemble") {
  std::string text = base("", "{kind: gradient_descent, time: 3}");
  const auto at = text.find("ensemble:");
  REQUIRE(at != std::string::npos);
  const Scan before = must_read(text);
  const Scan after = must_read(text.replace(at, 9, "replicas:"));
  CHECK(points_of(before)[0].ensemble == points_of(after)[0].ensemble);
  CHECK(codes(base("replicas: {data_draws: 3}\n")) == "FS0306");
}

TEST_CASE("what was rounded, is on few points, or has no times is told") {
  const auto warnings = [](const std::string& more, const std::string& training = "{kind: hmc, samples: 40}") {
    std::string out;
    for (const auto& d : read_scan(base(more, training), "x.yaml").diagnostics) out += d.code + ": " + d.message + "\n";
    return out;
  };
  const auto has = [](const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  };
  const std::string rounded =
      warnings("let: {s: 1}\nscan: {fixed: {network.width: \"33.4 * s\"}, grid: {s: [1, 2, 5]}}\n");
  CHECK(has(rounded,
            "FS0621: '33.4 * s' is 33.4 at s = 1, and network.width is a whole number: 33 is taken, and so at "
            "2 points in all"));
  CHECK(has(warnings("scan: {fixed: {network.width: \"100 / 3\"}}\n"), "FS0621"));
  CHECK(has(warnings("scan: {grid: {network.width: [\"100 / 3\", 50]}}\n"), "FS0621"));
  CHECK_FALSE(has(warnings("scan: {grid: {network.width: {logspace: [16, 100], num: 4}}}\n"), "FS0621"));
  CHECK_FALSE(has(warnings("let: {s: 1}\nscan: {fixed: {network.width: \"32 * s\"}, grid: {s: [1, 2]}}\n"), "FS0621"));

  const std::string flow = "{kind: gradient_descent, learning_rate: 0.1, steps: 50}";
  CHECK(has(warnings("observe: [{kind: spectrum, on: {test: 100000}}]\n", flow), "FS0622"));
  CHECK_FALSE(has(warnings("observe: [{kind: spectrum, on: {test: 5}}]\n", flow), "FS0622"));
  const std::string curve = axis + "figures: [{plot: error_test, versus: time, by: width}]\n";
  CHECK(has(warnings(curve, flow), "FS0623"));
  CHECK_FALSE(has(warnings(curve + "times: {epochs: {logspace: [1, 50], num: 4}}\n", flow), "FS0623"));
  CHECK(has(warnings(curve + "times: {steps: {logspace: [1, 3], num: 9}}\n", flow), "FS0304"));
  // Time in other units: a window along steps, which the flow does not have.
  const std::string steps = axis +
                            "times: {steps: [0, 10, 30, 50]}\ntests: [{kind: power_law, of: error_test, versus: "
                            "steps, by: width, where: \"steps > 5\", expect: 0, within: 1}]\n";
  CHECK_FALSE(has(warnings(steps, flow), "FS05"));
  // Where points differ in the field it is the field, and three steps are no time of a curve.
  const std::string at_three =
      "tests: [{kind: bound, of: error_test, where: \"steps == 3\", below: 9}]\ntimes: {steps: [3]}\n";
  CHECK_FALSE(has(warnings(axis + at_three, flow), "FS0506"));
  CHECK(
      has(warnings("scan: [{fixed: {training.steps: 4}}, {fixed: {training.steps: 8}}]\n" + at_three, flow), "FS0506"));
  const std::string auto_rate = "{kind: gradient_descent, time: 4}";
  CHECK(has(warnings(steps, auto_rate), "FS0506"));
  // A power law over two points, and a theory that applies nowhere.
  const std::string two = axis + "tests: [{kind: power_law, of: error_test, versus: width, expect: 0, within: 1}]\n";
  CHECK(has(warnings(two, flow), "a power law needs three"));
}

TEST_CASE("warnings of physics traps") {
  const auto warnings = [](const std::string& text) {
    std::string out;
    for (const auto& d : read_scan(text, "x.yaml").diagnostics)
      out += d.code + (d.severity == Severity::error ? "! " : " ");
    return out;
  };
  const std::string head = "fieldscan: 1\nensemble: {data_draws: 8, chains: 8}\ntraining: {kind: hmc}\n";
  const std::string odd =
      "data: {input: {kind: sphere, dim: 8}, target: {kind: gegenbauer, levels: {1: 0.5, 3: 0.5}}}\n";
  const std::string even =
      "data: {input: {kind: sphere, dim: 8}, target: {kind: gegenbauer, levels: {1: 0.5, 2: 0.5}}}\n";
  const std::string hermite = "data: {input: {kind: sphere, dim: 8}, target: {kind: hermite, coefficients: [0, 1]}}\n";
  CHECK(warnings(head + odd + "network: {activation: relu}\n") == "FS0601 ");
  CHECK(warnings(head + odd + "network: {activation: relu, bias_variance: 0.1}\n").empty());
  CHECK(warnings(head + odd + "network: {activation: relu, depth: 2}\n").empty());
  CHECK(warnings(head + odd + "network: {activation: erf}\n").empty());
  CHECK(warnings(head + even + "network: {activation: relu}\n").empty());
  CHECK(warnings(head + hermite) == "FS0602 ");
  CHECK(warnings(head + odd + "ridge: 0\n") == "FS0610! ");
  CHECK(warnings("fieldscan: 1\nensemble: {data_draws: 2, chains: 1}\ntraining: {kind: hmc}\n" + odd) == "FS0603 ");
  CHECK(warnings(head + odd + "theory: [ntk_flow]\n") == "FS0608 ");
  CHECK(warnings(head + odd + "scan: {grid: {network.width: [64]}}\n") == "FS0604 ");
  // Theories without a trainer: what is compared is told apart.
  const std::string alone = "fieldscan: 1\ntraining: none\n" + odd;
  CHECK(warnings(alone + "theory: [ntk, learning_curve]\n") == "FS0614 ");
  CHECK(warnings(alone + "theory: [ntk_flow, equivalent_kernel]\n") == "FS0614 ");
  CHECK(warnings(alone + "theory: [ntk, {kind: learning_curve, kernel: tangent}]\n").empty());
  CHECK(warnings(alone + "theory: [nngp, learning_curve]\n").empty());
  CHECK(warnings(alone + "network: {centred: true}\ntheory: [ntk, learning_curve]\n").empty());
  CHECK(warnings(head + odd + "theory: [nngp, learning_curve]\n").empty());
  // What no trainer of the block measures.
  CHECK(warnings(head + odd + "observe: [error_test, rhat, condition_number]\n") == "FS0616 ");
  CHECK(warnings(head + odd + "observe: [error_test, rhat, rhat_chains, diverged]\n").empty());
  CHECK(warnings(alone + "observe: [condition_number]\n") == "FS0616 ");
  CHECK(warnings(alone).empty());
  // One of a block's axes may be what decides it.
  const std::string scored = "fieldscan: 1\nensemble: {data_draws: 8, initialisations: 8}\n" + odd +
                             "ridge: 0\ntraining: {kind: adam, steps: 9}\nobserve: [brier_score]\n";
  CHECK(warnings(scored) == "FS0616 ");
  CHECK(warnings(scored + "scan: {grid: {training.loss: [square, cross_entropy]}}\n").empty());
}

TEST_CASE("targets of a chain are read, checked, and change no identity at their default") {
  const auto point = [](const std::string& training) { return points_of(must_read(base("", training)))[0]; };
  const Point plain = point("{kind: hmc, samples: 40}");
  CHECK(plain.id == point("{kind: hmc, samples: 40, thin: 1, until: {rhat: 1.1, batches: 1}}").id);
  const Point patient =
      point("{kind: hmc, samples: 40, thin: 3, until: {rhat: 1.01, batches: 4, relative_error: 0.02}}");
  CHECK(patient.id != plain.id);
  const auto& hmc = std::get<training::Hmc>(patient.spec.training);
  CHECK(hmc.until == training::ChainUntil{.batches = 4, .rhat = 1.01, .relative_error = 0.02});
  CHECK(hmc.burn_in_trajectories() == 60);
  CHECK(codes(base("", "{kind: hmc, until: {rhat: 1}}")) == "FS0202");
  CHECK(codes(base("", "{kind: mala, until: {batch: 2}}")) == "FS0102");
}

TEST_CASE("R-hat across chains is formed from every chain's error and its spread") {
  const auto plan = plan_of("observe: [rhat_chains]\n");
  CHECK(plan.has(Observable::error_test));
  CHECK(plan.has(Observable::chain_spread));
  CHECK_FALSE(plan.has(Observable::predictor));
}

TEST_CASE("the variance of the kernel is formed from stored kernels, at the times that are asked for") {
  using training::Moments;
  const std::string gd = "{kind: gradient_descent, time: 4}";
  const auto of = [&](const std::string& text) { return plan_of(text, gd); };
  const auto plan = of("observe: [ntk_variance]\n");
  CHECK(plan.observables == std::vector{Observable::ntk_empirical});
  CHECK(plan.views.empty());
  const auto some = of("observe: [{kind: ntk_variance, on: 30, at: all}]\n").view_of(Observable::ntk_empirical);
  CHECK(some.points == 30);
  CHECK(some.moments == Moments::all);
  const auto test = [&](const std::string& at) {
    return of(axis + "observe: [error_test]\ntests: [{kind: bound, of: ntk_variance, below: 1" + at + "}]\n")
        .view_of(Observable::ntk_empirical)
        .moments;
  };
  CHECK(test("") == Moments::end);
  CHECK(test(", at: start") == Moments::all);
  CHECK(of("observe: [error_test]\n").views.empty());
}

TEST_CASE("order parameters at the end or at all times; droplets beyond a threshold") {
  const std::string gd = "{kind: gradient_descent, time: 4}";
  using training::Moments;
  CHECK(plan_of("observe: [order_parameters]\n", gd).view_of(Observable::order_parameters).moments == Moments::end);
  CHECK(plan_of("observe: [{kind: order_parameters, at: all}]\n", gd).view_of(Observable::order_parameters).moments ==
        Moments::all);
  CHECK(plan_of("observe: [{kind: droplet_fraction, beyond: 0.4}]\n", gd).droplet_beyond == 0.4);
  CHECK(plan_of("observe: [specialisation]\n", gd).views.empty());
  const auto wrong = [&](const std::string& entries) { return codes(base("observe: [" + entries + "]\n", gd)); };
  CHECK(wrong("droplet_fraction") == "FS0310");
  CHECK(wrong("{kind: droplet_fraction}") == "FS0310");
  CHECK(wrong("{kind: droplet_fraction, beyond: -1}") == "FS0303");
  CHECK(wrong("{kind: droplet_fraction, beyond: [0, 1]}") == "FS0303");
  CHECK(wrong("{kind: droplet_fraction, beyond: 0.5}, {kind: droplet_fraction, beyond: 0.6}") == "FS0303");
  CHECK(wrong("{kind: overlap, beyond: 0.5}") == "FS0303");
  CHECK(wrong("{kind: order_parameters, on: 20}") == "FS0303");
  std::string until = base("observe: [error_test]\n", gd);
  until.replace(until.find("chains: 4}"), 10, "chains: 4, until: {observable: droplet_fraction}}");
  CHECK(codes(until) == "FS0310");
}

TEST_CASE("kernels: on which points, of which kind, at which times") {
  const std::string gd = "{kind: gradient_descent, time: 4}";
  const auto view = [&](const std::string& entry, Observable observable) {
    return plan_of("observe: [error_test, " + entry + "]\n", gd).view_of(observable);
  };
  const auto plain = view("ntk_empirical", Observable::ntk_empirical);
  CHECK(plain.on == training::PointSet::train);
  CHECK(plain.points == 0);
  CHECK(plain.moments == training::Moments::end);
  CHECK(view("spectrum", Observable::spectrum).moments == training::Moments::all);
  const auto some = view("{kind: hidden_kernel, on: 30, at: all}", Observable::hidden_kernel);
  CHECK(some.on == training::PointSet::test);
  CHECK(some.points == 30);
  CHECK(some.moments == training::Moments::all);
  const auto last = view("{kind: alignment, of: nngp, on: test, at: end}", Observable::alignment);
  CHECK(last.kernel == training::EmpiricalKernel::nngp);
  CHECK(last.on == training::PointSet::test);
  CHECK(last.moments == training::Moments::end);
  CHECK(view("{kind: coordinate_size, on: test}", Observable::coordinate_size).on == training::PointSet::test);
}

TEST_CASE("what an entry of observe can not say is an error") {
  const auto of = [](const std::string& entries) {
    return codes(base("observe: [" + entries + "]\n", "{kind: gradient_descent, time: 4}"));
  };
  CHECK(of("{kind: error_test, on: train}") == "FS0303");
  CHECK(of("{kind: predictor, on: 20}") == "FS0303");
  CHECK(of("{kind: alignment, of: gram}") == "FS0303");
  CHECK(of("{kind: error_test, of: ntk}") == "FS0303");
  CHECK(of("{kind: spectrum, on: everywhere}") == "FS0303");
  CHECK(of("{kind: spectrum, of: ntk}, {kind: spectrum, of: nngp}") == "FS0303");
  CHECK(of("{kind: spectrum, of: nngp}, {kind: spectrum, of: nngp}").empty());
}
