#include <algorithm>
#include <cmath>
#include <cstdio>
#include <regex>

#include "catch.hpp"
#include "fieldscan/scan/help/explain.hpp"
#include "fieldscan/scan/help/init.hpp"
#include "fieldscan/scan/task/plan.hpp"
#include "fieldscan/scan/task/predictions.hpp"
#include "fieldscan/scan/task/run_task.hpp"
#include "fieldscan/theory/list.hpp"
#include "helpers.hpp"

using namespace fieldscan;
using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

TEST_CASE("a task gives one result per member, the same alone and in company") {
  const auto scan = must_read(base("scan: {grid: {network.width: [4, 8]}}\n"));
  const Task all{.kind = Task::Kind::replicas, .block = 0, .index = 1, .members = {{0, 0}, {0, 1}, {1, 0}}};
  const auto together = run_task(scan, all);
  REQUIRE(together.size() == 3);
  for (std::size_t k = 0; k < 3; ++k) {
    const auto alone =
        run_task(scan, {.kind = Task::Kind::replicas, .block = 0, .index = 1, .members = {all.members[k]}});
    CHECK(alone[0].rows == together[k].rows);
    CHECK(together[k].data_draw == all.members[k].draw);
    CHECK(together[k].initialisation == all.members[k].initialisation);
    CHECK_FALSE(together[k].rows.empty());
  }
  CHECK_FALSE(together[0].rows == together[1].rows);
}

TEST_CASE("a replica that is done says what it has no number of") {
  const auto reason = [](const std::string& observe, const std::vector<std::string>& overrides,
                         const std::string& training = "{kind: exact_readout}") {
    const auto scan = must_read(base(observe, training), overrides);
    const auto results = run_task(scan, {.kind = Task::Kind::replicas, .block = 0, .index = 0, .members = {{0, 0}}});
    CHECK(results[0].outcome == Outcome::done);
    return results[0].reason;
  };
  const std::string observe = "observe: [error_test, learnability, norm_excess]\n", train = "network.train=readout";
  CHECK(reason(observe, {train}).empty());
  CHECK(reason(observe, {train, "data.target={kind: random}"}) == "without learnability");  // it has no components
  // What a trainer never has, and what stands on points that are none, is not asked of it.
  CHECK(reason("observe: [error_test, rhat]\n", {train}).empty());
  CHECK(reason("observe: [error_test, error_train]\n", {"data.train_size=online"}, "{kind: sgd, steps: 3}").empty());
}

TEST_CASE("the precision of a point is that of its training") {
  const auto scan = must_read(base("scan: {grid: {precision: [double, single]}}\n",
                                   "{kind: gradient_descent, learning_rate: 0.01, steps: 50}"));
  const Task first{.kind = Task::Kind::replicas, .block = 0, .index = 0, .members = {{0, 0}}};
  const Task second{.kind = Task::Kind::replicas, .block = 0, .index = 1, .members = {{0, 0}}};
  const auto in_double = run_task(scan, first), in_single = run_task(scan, second);
  REQUIRE(in_double[0].rows.size() == in_single[0].rows.size());
  CHECK_FALSE(in_double[0].rows == in_single[0].rows);
  for (std::size_t k = 0; k < in_double[0].rows.size(); ++k)
    CHECK(in_single[0].rows[k].value == Approx(in_double[0].rows[k].value).epsilon(1e-4).margin(1e-5));
}

TEST_CASE("predictions are computed for the same draws") {
  const auto scan = must_read(base("scan: {grid: {network.width: [4, 8]}}\n"));
  const auto results = run_task(
      scan, {.kind = Task::Kind::prediction, .block = 0, .index = 0, .theory = 0, .members = {{0, 0}, {1, 0}}});
  REQUIRE(results.size() == 2);
  CHECK(results[0].outcome == Outcome::done);
  const auto direct = theory::predict(scan.point(0, 0)->theories[0].theory, setting_of(*scan.point(0, 0)), 1);
  CHECK(results[1].rows == direct.rows);
}

TEST_CASE("a numerical error is a result") {
  // No power in the target's only level: it can not be normalised, or the matrix is singular. Either way nothing
  // escapes.
  const auto scan = must_read(base("scan: {fixed: {network.chi: 1e300, ridge: 1e-300}}\n", "{kind: hmc, samples: 4}"));
  const auto results = run_task(scan, {.kind = Task::Kind::replicas, .block = 0, .index = 0, .members = {{0, 0}}});
  REQUIRE(results.size() == 1);
  CHECK(results[0].outcome != Outcome::failed);
  for (const auto& row : results[0].rows) CHECK(std::isfinite(row.value));
}

TEST_CASE("a prediction is shared by the points that differ only in what it does not see") {
  const auto scan =
      must_read(base("scan:\n  - {grid: {network.width: [4, 8, 16], ridge: [0.1, 0.2]}}\n  - {fixed: {training: none}, "
                     "ensemble: {theory_draws: 50}, grid: {ridge: [0.2, 0.3]}}\n"));
  std::vector<Prediction> list;
  for_each_prediction(scan, [&](const Prediction& p) { list.push_back(p); });
  REQUIRE(list.size() == 3);
  CHECK(list[0].members == PredictionMembers{4, 1});
  CHECK(list[1].members == PredictionMembers{50, 1});
  const auto point = *scan.point(list[1].block, list[1].index);
  CHECK(prediction_id(point.theories[list[1].theory], point) == list[1].id);
}

TEST_CASE("a theory given nothing has one draw") {
  const auto scan = must_read(base("scan: {fixed: {training: none}}\n") + "");
  const TheoryUse curve{.name = "learning_curve", .theory = theory::LearningCurve{}};
  const TheoryUse nngp{.name = "nngp", .theory = theory::Nngp{}};
  const Ensemble many{.data_draws = 9, .initialisations = 4, .theory_draws = 100, .until = {}};
  CHECK(prediction_members(curve, many) == PredictionMembers{1, 1});
  CHECK(prediction_members(nngp, many) == PredictionMembers{100, 1});
  CHECK(prediction_members(nngp, {.data_draws = 9, .until = {}}) == PredictionMembers{9, 1});
  CHECK(hull({3, 4}, {5, 2}) == PredictionMembers{5, 4});
}

TEST_CASE("settings: what each trainer makes of the parameters, and what is asked") {
  const auto setting = [](const std::string& training, const std::string& more = "") {
    return setting_of(points_of(must_read(base(more, training)))[0]);
  };
  const auto dynamics = [&](const std::string& training) { return setting(training).dynamics; };
  CHECK(dynamics("hmc") == Dynamics(dynamics::Equilibrium{}));
  CHECK(dynamics("{kind: langevin, step: 0.01}") == Dynamics(dynamics::Langevin{0.01}));
  CHECK(is_alone(dynamics("none")));
  CHECK(dynamics("{kind: adam, steps: 5}") == Dynamics(dynamics::Unlike{}));
  CHECK(dynamics("{kind: sgd, batch: 4, steps: 5}") == Dynamics(dynamics::Batches{.rate = 0.1, .batch = 4}));
  CHECK(dynamics("{kind: gradient_descent, time: 4}") == Dynamics(dynamics::Flow{}));
  const auto clipped = setting("{kind: gradient_descent, learning_rate: 0.5, time: 4, clip: 1}");
  CHECK(clipped.dynamics == Dynamics(dynamics::Unlike{"with clipped gradients"}));
  CHECK(clipped.trainer == "gradient_descent with clipped gradients");
  const auto gd = setting("{kind: gradient_descent, learning_rate: 0.5, time: 4, anchor: zero}", "times: [1, 2]\n");
  CHECK(gd.dynamics == Dynamics(dynamics::Descent{.rate = 0.5, .anchor = dynamics::Anchor::zero}));
  CHECK(gd.asked.times == std::vector<double>{0, 1, 2, 4});
  CHECK(setting("hmc").asked.times == std::vector<double>{equilibrium});
  const auto readout =
      setting_of(points_of(must_read(base("scan: {fixed: {network.train: readout}}\n", "exact_readout")))[0]);
  CHECK(readout.dynamics == Dynamics(dynamics::Solved{}));
  CHECK((theory::is_centred(readout) && !readout.network.centred));
}

TEST_CASE("plans count, and show the dimensionless groups") {
  const auto scan = must_read(base("scan: {grid: {network.width: [4, 8, 16], ridge: [0.1, 0.2]}}\n"));
  const auto plan = make_plan(scan);
  CHECK(plan.points == 6);
  CHECK(plan.replicas == 6 * 16);
  CHECK(plan.predictions == 2);
  CHECK(plan.prediction_draws == 8);
  CHECK(plan.core_seconds > 0);
  const auto group = [&](const std::string& name) { return *std::ranges::find(plan.groups, name, &Group::name); };
  CHECK(group("P/N").low == 1);
  CHECK(group("P/N").high == 4);
  CHECK(group("P/d").low == 2);
  CHECK(group("T = κ/χ").high == 0.2);
  // K(x, x) of erf with unit variances on the sphere: (2/π) asin(2/3).
  CHECK(group("κP/tr K").low == Approx(0.1 / (2 / M_PI * std::asin(2.0 / 3))).epsilon(1e-12));
  const std::string text = plan_text(scan, plan, [] { return DoneCounts{5, 2}; });
  CHECK(text.find("6 points") != std::string::npos);
  CHECK(text.find("5 replicas") != std::string::npos);
  CHECK(plan_json(scan, plan).find("\"replicas\": 96") != std::string::npos);
}

TEST_CASE("the page on JSON names every key of a plan") {
  const auto scan =
      must_read(base("scan: {grid: {network.width: [4, 8]}}\ntests: [{kind: agreement, of: error_test, "
                     "with: nngp, within: 3%}]\n"));
  Plan plan = make_plan(scan);
  plan.tests = {{.name = "a"}};
  plan.regimes = {.list = {Regime{}}, .draws = 1};
  const std::string json = plan_json(scan, plan, [] { return DoneCounts{}; }), page = explain("json").text;
  const std::regex key("\"([a-z_]+)\": ");
  int keys = 0;
  for (std::sregex_iterator it(json.begin(), json.end(), key), end; it != end; ++it, ++keys) {
    const std::string word = (*it)[1];
    INFO(word);
    if (word == "nngp") continue;  // a theory's name
    CHECK(std::regex_search(page, std::regex("(^|[^a-z_])" + word + "($|[^a-z_])")));
  }
  CHECK(keys > 20);
}

TEST_CASE("a plan says where a theory does not apply, and why") {
  const auto scan = must_read(base("scan: {grid: {network.train: [all, hidden]}}\n"));
  const auto plan = make_plan(scan);
  REQUIRE(plan.theories.size() == 1);
  CHECK(plan.theories[0].points == 2);
  CHECK(plan.theories[0].applies == 1);
  CHECK(plan_text(scan, plan).find("nngp: applies at 1 of 2 points; elsewhere not, because the readout is frozen") !=
        std::string::npos);
  CHECK(plan_json(scan, plan).find("\"nngp\": {\"points\": 2, \"applies\": 1}") != std::string::npos);
}

TEST_CASE("a plan says where decay towards zero may leave nothing") {
  const auto notes = [](const std::string& more, const std::string& anchor) {
    return make_plan(
               must_read(base(more, "{kind: gradient_descent, learning_rate: 0.1, steps: 10, anchor: " + anchor + "}")))
        .notes;
  };
  const auto one = notes("scan: {grid: {ridge: [1e-6, 1e6]}}\n", "zero");
  REQUIRE(one.size() == 1);
  CHECK(one[0].find("at 1 of 2 points") != std::string::npos);
  // Its number is that of draw 0.
  const auto point = points_of(must_read(base("", "{kind: gradient_descent, time: 10, anchor: zero}")))[0];
  const auto draw = data::make_draw(point.spec.data, static_cast<std::uint64_t>(point.spec.seed), 0);
  const auto& network = point.spec.network;
  const double edge =
      2 / std::sqrt(M_PI) *
      std::sqrt(network.readout_variance * network.weight_variance.at(0) * network.chi / network.width.at(0) *
                (draw.train.x.transpose() * draw.train.label).squaredNorm() / static_cast<double>(draw.train.x.cols()));
  char number[32];
  std::snprintf(number, sizeof number, "κ_c = %.3g ", edge);
  CHECK(one[0].find(number) != std::string::npos);
  const auto deep = notes("scan: {grid: {network.depth: [2, 3]}}\n", "zero");
  REQUIRE(deep.size() == 1);
  CHECK(deep[0].find("at every ridge") != std::string::npos);
  CHECK(notes("scan: {grid: {network.depth: [1, 2]}}\n", "initial").empty());
}

TEST_CASE("every theory says what it costs, where it holds, and who showed it") {
  for (const char* name : {"nngp", "ntk", "ntk_flow", "ntk_descent", "learning_curve"})
    for (const char* part : {"cost:", "regime:", "source:", "predicts:", "given:"}) {
      INFO(name << " " << part);
      CHECK(explain(name).text.find(part) != std::string::npos);
    }
  CHECK(explain("exact_readout").found);
}

TEST_CASE("the learning rate is shown against the stability limit") {
  // The estimate of the largest eigenvalue of Θ against the number itself, to a factor of two.
  const auto scan = must_read(base("", "{kind: gradient_descent, learning_rate: 0.1, steps: 10}"));
  const auto plan = make_plan(scan);
  const auto group = *std::ranges::find(plan.groups, std::string("ηλ_max(Θ)/χ"), &Group::name);
  const auto point = points_of(scan)[0];
  const auto draw = data::make_draw(point.spec.data, 7, 0);
  const network::Network net(point.spec.network, 8);
  const double top = network::ntk_top(net, net.initial(Stream(7, Purpose::initial_weights, "", 0, 0)), draw.train.x);
  CHECK(group.low / (0.1 * top) < 2);
  CHECK(group.low / (0.1 * top) > 0.5);
}

TEST_CASE("the starter scan is valid and says nothing to worry about") {
  const auto result = read_scan(starter_scan(), "scan.yaml");
  INFO(render(result.diagnostics, "scan.yaml", starter_scan()));
  CHECK(result.scan);
  CHECK(result.diagnostics.empty());
}

TEST_CASE("explain knows kinds, fields, observables, codes, symbols, synonyms") {
  for (const char* name : {"sphere",
                           "network.width",
                           "width",
                           "error_test",
                           "nngp",
                           "FS0102",
                           "fs0102",
                           "sigma_a^2",
                           "λ₁",
                           "gamma_0",
                           "T",
                           "power_law",
                           "grid",
                           "lr",
                           "observables",
                           "theories",
                           "activations",
                           "inputs",
                           "targets",
                           "trainers",
                           "errors",
                           "symbols",
                           "fields",
                           "tests",
                           "hmc",
                           "perturbative",
                           "overlap",
                           "chi",
                           "deviation",
                           "expressions",
                           "large_modulus",
                           "committee",
                           "teacher"}) {
    INFO(name);
    CHECK(explain(name).found);
  }
  CHECK(explain("large_modulus").text.find("droplet.solver") != std::string::npos);
  const auto unknown = explain("widht");
  CHECK_FALSE(unknown.found);
  CHECK(unknown.text.find("did you mean width") != std::string::npos);
  CHECK(explain("convolutional_gp").text.find("architecture.filter") != std::string::npos);
  CHECK(explain("deviation").text.find("independent networks") != std::string::npos);
  CHECK(explain("warmup").text.find("from η/warmup to η") != std::string::npos);
  // Whole paths, what stands below them, pages on more than one key, concepts, and the list of all.
  const std::pair<const char*, const char*> parts[] = {{"data.target.gegenbauer", "levels"},
                                                       {"network.initial", "network.initial.readout"},
                                                       {"network.activation", "kind erf: "},
                                                       {"data", "data.train_size"},
                                                       {"standard", "fan-in/N₀ (√(fan-in/N₀))"},
                                                       {"mup", "N_L/N₀ (1)"},
                                                       {"momentum", "inside the velocity"},
                                                       {"clip", "Euclidean norm"},
                                                       {"adam", "a mean over P points has ε/P"},
                                                       {"edge of stability", "hessian_top"},
                                                       {"sharpness", "hessian_top"},
                                                       {"double descent", "04-double-descent"},
                                                       {"convergence", "solver_residual"},
                                                       {"solver_residual", "predicted by: "},
                                                       {"solver_residual", "learning_curve"},
                                                       {"solver_residual", "nngp (solver: conjugate_gradients)"},
                                                       {"solver_residual", "ntk_flow (averaged: true)"},
                                                       {"start_difference", "variational_adaptation"},
                                                       {"solver_error", "online_ode"},
                                                       {"predictor_error", "kernel_adaptation"},
                                                       {"error_test", "predicted by: nngp, "},
                                                       {"validity", "must be large"},
                                                       {"json", "4 where"},
                                                       {"xlabel", "example: {plot: error_test"}};
  for (const auto& [name, part] : parts) {
    INFO(name << ": " << explain(name).text);
    CHECK(explain(name).text.find(part) != std::string::npos);
  }
  CHECK(explain("step_size").text.find("predicted by") == std::string::npos);  // of samplers alone
  for (const char* part : {"observables (", "double descent", "crossing", "data.target.gegenbauer"})
    CHECK(explain_all().find(part) != std::string::npos);
}

TEST_CASE("explain knows every key of axes, definitions, tests and figures") {
  for (const char* name :
       {"crossing", "argmin", "argmax",    "minimum",   "maximum", "slope",  "value",     "along",    "level",
        "log",      "from",   "plot",      "versus",    "by",      "each",   "with",      "where",    "scale",
        "style",    "mark",   "name",      "of",        "between", "within", "over",      "expect",   "form",
        "below",    "above",  "scaled_by", "direction", "at",      "window", "linspace",  "logspace", "range",
        "as",       "powers", "kind",      "fixed",     "zip",     "let",    "statements"}) {
    INFO(name);
    CHECK(explain(name).found == (name != std::string("statements")));
  }
  CHECK(explain(std::string(100000, 'q')).text.size() < 500);
}

TEST_CASE("every code that the corpus of bad files shows has a page") {
  for (const auto& file : corpus("bad")) {
    const std::string text = read_file(file);
    const std::string code = text.substr(text.find("FS0"), 6);
    INFO(code);
    CHECK(explain(code).found);
  }
  for (const char* code : {"FS0010", "FS0011", "FS0221", "FS0222", "FS0223", "FS0514", "FS0611"})
    CHECK(explain(code).found);
}
