#include "ledger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "../message/flat.hpp"
#include "fieldscan/scan/task/plan.hpp"

namespace fieldscan::campaign {

namespace {

std::string cost_kind_of(const scan::Point& point, const Wanted& wanted) {
  return scan::cost_kind(point, wanted.task.kind, wanted.task.theory);
}

std::string text_of(const scan::Point& point, const Job& job) {
  return job.kind == store::OwnerKind::point
             ? scan::point_text(point.spec)
             : theory::prediction_text(point.theories[job.task.theory].theory,
                                       scan::setting_of(point, point.theories[job.task.theory]));
}

/// "diverged", as what replicas did.
std::string_view verb_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::not_converged:
      return "did not converge";
    case Outcome::not_equilibrated:
      return "did not equilibrate";
    case Outcome::numerical_error:
      return "ended in a numerical error";
    case Outcome::not_applicable:
      return "are not applicable";
    default:
      return word_of(outcome);
  }
}

Wanted wanted_of(const Job& job) { return {.kind = job.kind, .owner = job.owner, .task = job.task}; }

}  // namespace

Ledger::Ledger(const scan::Scan& scan, store::Store& store, Queue& queue)
    : scan_(scan), store_(store), queue_(queue), holdings_(store) {
  scan.for_each_point([&](const scan::Point& point) {
    const Cells cells = store::stored_cells(point, store);
    const Extent extent = store::extent_of(store::growth_rule(point), cells);
    visit_wanted(point, {}, extent, visited_, [&](const Wanted& wanted) { queue_wanted(point, wanted, extent); });
    if (point.ensemble.until && scan::trains(point.spec))
      if (const auto observable = find_observable(point.ensemble.until->observable))
        growing_.emplace(point.id, Growing{*observable, extent, cells});
    return true;
  });
}

void Ledger::queue_wanted(const scan::Point& point, const Wanted& wanted, Extent extent) {
  counts_.wanted += wanted.task.members.size();
  // Without limits on observables all replicas are asked for the same.
  const std::string same = point.observe.limits.empty() ? asked_of(point, wanted, {}) : "";
  const auto missing = [&](scan::Task::Member member) {
    const std::string asked = point.observe.limits.empty() ? same : asked_of(point, wanted, member);
    return !held(wanted, member, asked);
  };
  const double seconds = scan::estimated_seconds(point, wanted.task.kind, wanted.task.theory);
  const Needs needs{.bytes = scan::estimated_bytes(point, wanted.task.kind, wanted.task.theory),
                    .threads = scan::task_threads(point, wanted.task.kind, wanted.task.theory)};
  const bool replicas = wanted.kind == store::OwnerKind::point;
  const std::uint64_t already_before = counts_.already;
  for (auto& task : cut(wanted.task, replicas ? extent.initialisations : 1, seconds, missing)) {
    const double estimate = seconds * static_cast<double>(task.members.size());
    queue_.add({.task = std::move(task),
                .kind = wanted.kind,
                .owner = wanted.owner,
                .cost_kind = cost_kind_of(point, wanted),
                .estimate = estimate,
                .needs = needs,
                .goes_on = replicas && training::keeps_state(point.spec.training) &&
                           seconds >= scan::least_checkpointed_seconds});
  }
  queue_.note_done(cost_kind_of(point, wanted), seconds * static_cast<double>(counts_.already - already_before));
}

bool Ledger::held(const Wanted& wanted, scan::Task::Member member, const std::string& asked) {
  if (!holdings_.done(wanted.owner, member, asked)) return false;
  ++counts_.already;
  count(wanted.kind, holdings_.find(wanted.owner, member)->outcome);
  return true;
}

void Ledger::count(store::OwnerKind kind, Outcome outcome) {
  ++(kind == store::OwnerKind::point ? counts_.replicas : counts_.predictions)[static_cast<std::size_t>(outcome)];
  if (outcome != Outcome::done && outcome != Outcome::failed) ++counts_.results_not_done;
}

scan::Point Ledger::point_of(const Job& job) const {
  auto point = scan_.point(job.task.block, job.task.index);
  if (!point) throw std::logic_error("a task names a point that the scan does not have");
  return std::move(*point);
}

void Ledger::book_results(const Job& job, const Report& report) {
  const std::vector<Result> results = decode_results(report.results);
  const auto& members = job.task.members;
  const bool theirs = std::ranges::equal(results, members, [](const Result& result, scan::Task::Member member) {
    return result.data_draw == member.draw && result.initialisation == member.initialisation;
  });
  if (!theirs) throw MalformedMessage("the results are not those of the task");
  const scan::Point point = point_of(job);
  const std::string text = text_of(point, job);
  for (const Result& result : results) {
    put(job, text, result, asked_of(point, wanted_of(job), {result.data_draw, result.initialisation}), report);
    ++counts_.done;
    count(job.kind, result.outcome);
  }
  queue_.note_done(job.cost_kind, job.estimate);
  if (job.kind == store::OwnerKind::point)
    for (const Result& result : results) grow(point, result);
}

void Ledger::put(const Job& job, const std::string& text, const Result& result, const std::string& observed,
                 const Report& report) {
  const auto* before = holdings_.find(job.owner, {result.data_draw, result.initialisation});
  const int attempts_before = before != nullptr && before->outcome == Outcome::failed ? before->attempt : 0;
  const store::Provenance provenance{.seconds = report.seconds / static_cast<double>(job.task.members.size()),
                                     .host = report.host,
                                     .attempt = attempts_before + job.attempt,
                                     .log_tail = report.log_tail};
  try {
    store_.put(job.kind, job.owner, text, result, observed, provenance);
  } catch (const std::invalid_argument& error) {
    const Result refused{.data_draw = result.data_draw,
                         .initialisation = result.initialisation,
                         .outcome = Outcome::numerical_error,
                         .reason = error.what(),
                         .rows = {},
                         .arrays = {}};
    store_.put(job.kind, job.owner, text, refused, observed, provenance);
  }
}

void Ledger::book_failure(const Job& job, const Report& report) {
  const scan::Point point = point_of(job);
  const std::string text = text_of(point, job);
  for (const auto& member : job.task.members) {
    ++counts_.failed;
    count(job.kind, Outcome::failed);
    const auto* before = holdings_.find(job.owner, member);
    if (before != nullptr && before->outcome != Outcome::failed) continue;
    put(job, text,
        {.data_draw = member.draw,
         .initialisation = member.initialisation,
         .outcome = Outcome::failed,
         .reason = report.reason,
         .rows = {},
         .arrays = {}},
        "", report);
  }
}

void Ledger::grow(const scan::Point& point, const Result& result) {
  const auto found = growing_.find(point.id);
  if (found == growing_.end()) return;
  Growing& growing = found->second;
  growing.cells[{result.data_draw, result.initialisation}] = store::value_at_end(result, growing.observable);
  if (!store::complete(growing.extent, growing.cells)) return;
  const Extent before = std::exchange(growing.extent, store::extent_of(store::growth_rule(point), growing.cells));
  if (growing.extent == before) return;
  visit_wanted(point, before, growing.extent, visited_,
               [&](const Wanted& wanted) { queue_wanted(point, wanted, growing.extent); });
}

std::string no_results_text(const Ledger::Counts& counts) {
  const auto sum = [](const Ledger::Counts::ByOutcome& list) { return std::accumulate(list.begin(), list.end(), 0UL); };
  const bool trained = sum(counts.replicas) > 0;
  const auto& list = trained ? counts.replicas : counts.predictions;
  const std::uint64_t all = sum(list);
  if (all == 0 || list[static_cast<std::size_t>(Outcome::done)] > 0) return "";
  const char* what = trained ? "replicas" : "predictions";
  const bool flagged = list[static_cast<std::size_t>(Outcome::not_converged)] +
                           list[static_cast<std::size_t>(Outcome::not_equilibrated)] >
                       0;
  const std::string none = fmt::format("there are no {}results", flagged ? "sound " : "");
  std::string parts;
  for (std::size_t k = 0; k < list.size(); ++k) {
    const auto verb = verb_of(static_cast<Outcome>(k));
    if (list[k] == all) return fmt::format("{} because all {} {} {}", none, all, what, verb);
    if (list[k] > 0) parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", list[k], verb);
  }
  return fmt::format("{}: of {} {} {}", none, all, what, parts);
}

std::string unsound_text(const Ledger::Counts& counts) {
  std::string text;
  for (const auto& [list, what] : {std::pair{counts.replicas, "replicas"}, {counts.predictions, "predictions"}}) {
    const std::uint64_t all = std::accumulate(list.begin(), list.end(), 0UL);
    std::string parts;
    for (std::size_t k = 0; k < list.size(); ++k) {
      const auto outcome = static_cast<Outcome>(k);
      if (list[k] == 0 || outcome == Outcome::done || outcome == Outcome::not_applicable) continue;
      parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", list[k], verb_of(outcome));
    }
    if (!parts.empty()) text += fmt::format("{}of {} {} {}", text.empty() ? "" : "; ", all, what, parts);
  }
  return text;
}

}  // namespace fieldscan::campaign
