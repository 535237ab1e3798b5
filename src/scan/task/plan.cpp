#include "fieldscan/scan/task/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "collect.hpp"
#include "cost.hpp"
#include "decay_notes.hpp"
#include "fieldscan/scan/task/redrawn.hpp"
#include "fieldscan/scan/task/run_task.hpp"
#include "groups.hpp"

namespace fieldscan::scan {
namespace {

void add_scopes(std::vector<TheoryScope>& scopes, const Point& point) {
  if (point.theories.empty()) return;
  for (const auto& use : point.theories) {
    auto scope = std::ranges::find(scopes, use.name, &TheoryScope::name);
    if (scope == scopes.end()) scope = scopes.insert(scope, TheoryScope{.name = use.name});
    ++scope->points;
    const auto answer = theory::applicability(use.theory, setting_of(point, use));
    if (answer.applies)
      ++scope->applies;
    else if (std::ranges::find(scope->reasons, answer.because) == scope->reasons.end())
      scope->reasons.push_back(answer.because);
  }
}

/// The most that an ensemble can grow to.
std::uint64_t replicas_of(const Point& point) {
  const Ensemble first = first_ensemble(point);
  const std::uint64_t replicas =
      static_cast<std::uint64_t>(first.data_draws) * static_cast<std::uint64_t>(first.initialisations);
  return first.until ? std::max(replicas, static_cast<std::uint64_t>(first.until->max)) : replicas;
}

void add_once(std::vector<std::string>& words, const char* word) {
  if (std::ranges::find(words, word) == words.end()) words.emplace_back(word);
}

/// The fields of a point by which it may take less than its length says.
void note_early_ends(std::vector<std::string>& words, const Point& point) {
  for (const char* field : training::ends_sooner(point.spec.training)) add_once(words, field);
  if (point.ensemble.until) add_once(words, "ensemble.until");
}

}  // namespace

std::string cost_kind(const Point& point, Task::Kind kind, std::uint64_t theory) {
  const int threads = task_threads(point, kind, theory);
  const std::string threaded = threads > 1 ? fmt::format(" in {} threads", threads) : "";
  return kind == Task::Kind::replicas ? fmt::format("training {}{}", kind_of(point.spec.training), threaded)
                                      : fmt::format("theory {}{}", kind_of(point.theories[theory].theory), threaded);
}

Plan make_plan(const Scan& scan, const std::function<double(const std::string& kind)>& factor) {
  Plan plan{.measured = static_cast<bool>(factor)};
  const auto expected_seconds = [&](const Point& point, Task::Kind kind, std::uint64_t theory) {
    return estimated_seconds(point, kind, theory) * (factor ? factor(cost_kind(point, kind, theory)) : 1);
  };
  Groups groups;
  DecayNotes decay;
  PredictionCollector predictions;
  std::vector<double> seconds_per_draw;  // of each prediction, as listed
  scan.for_each_point([&](const Point& point) {
    ++plan.points;
    groups.add(point.spec);
    decay.add(point);
    predictions.add(point, [&](std::size_t theory) {
      seconds_per_draw.push_back(expected_seconds(point, Task::Kind::prediction, theory));
      plan.largest_bytes = std::max(plan.largest_bytes, estimated_bytes(point, Task::Kind::prediction, theory));
    });
    add_scopes(plan.theories, point);
    if (!trains(point.spec)) return true;
    ++plan.trained_points;
    const std::uint64_t replicas = replicas_of(point);
    const double seconds = expected_seconds(point, Task::Kind::replicas, 0);
    plan.replicas += replicas;
    note_early_ends(plan.ends_sooner, point);
    plan.core_seconds += seconds * static_cast<double>(replicas);
    plan.longest_seconds = std::max(plan.longest_seconds, seconds);
    plan.largest_bytes = std::max(plan.largest_bytes, estimated_bytes(point, Task::Kind::replicas, 0));
    return true;
  });
  for (std::size_t k = 0; k < seconds_per_draw.size(); ++k) {
    const auto draws = static_cast<std::uint64_t>(predictions.list()[k].members.count());
    ++plan.predictions;
    plan.prediction_draws += draws;
    plan.core_seconds += seconds_per_draw[k] * static_cast<double>(draws);
    plan.longest_seconds = std::max(plan.longest_seconds, seconds_per_draw[k]);
  }
  plan.notes = decay.sentences();
  plan.groups = groups.found();
  return plan;
}

}  // namespace fieldscan::scan
