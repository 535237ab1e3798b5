#include "queue.hpp"

#include <algorithm>
#include <cmath>

namespace fieldscan::campaign {

namespace {

/// Seconds in which a task that goes on later gets further than its start and its saving cost.
constexpr double worth_starting = 5;

}  // namespace

void Queue::add(Job job) {
  ++tasks_;
  members_ += job.task.members.size();
  if (is_large_ && is_large_(job.needs)) return large_.push_back(std::move(job));
  Kind& kind = kinds_[{job.cost_kind, job.goes_on}];
  kind.waiting_seconds += job.estimate;
  kind.waiting.emplace(job.estimate, std::move(job));
}

std::optional<Job> Queue::take(double seconds) {
  Kind* best = nullptr;
  std::multimap<double, Job>::iterator longest;
  double best_seconds = -1;
  for (auto& [key, kind] : kinds_) {
    const auto& [name, goes_on] = key;
    if (kind.waiting.empty()) continue;
    const double by_formula = factor(name);
    auto after =
        goes_on && seconds >= worth_starting ? kind.waiting.end() : kind.waiting.upper_bound(seconds / by_formula);
    if (after == kind.waiting.begin()) continue;
    --after;
    if (const double expected = after->first * by_formula; expected > best_seconds) {
      best = &kind;
      best_seconds = expected;
      longest = kind.waiting.lower_bound(after->first);  // of equally long ones the first that was added
    }
  }
  if (best == nullptr) return std::nullopt;
  Job job = std::move(longest->second);
  best->waiting.erase(longest);
  best->waiting_seconds = best->waiting.empty() ? 0 : best->waiting_seconds - job.estimate;
  --tasks_;
  members_ -= job.task.members.size();
  return job;
}

std::vector<Job> Queue::take_batch(double seconds, double together, std::size_t most) {
  std::vector<Job> batch;
  double left = together;
  for (auto job = take(seconds); job; job = take(std::min(seconds, left))) {
    if (job->alone && !batch.empty()) {
      add(std::move(*job));
      break;
    }
    left -= expected_seconds(*job);
    batch.push_back(std::move(*job));
    if (batch.back().alone || batch.size() >= most || left <= 0) break;
  }
  return batch;
}

std::optional<Job> Queue::take_large(double seconds, const std::function<bool(const Needs&)>& fits) {
  auto longest = large_.end();
  for (auto job = large_.begin(); job != large_.end(); ++job) {
    if (!in_time(*job, seconds) || !fits(job->needs)) continue;
    if (longest == large_.end() || expected_seconds(*job) > expected_seconds(*longest)) longest = job;
  }
  if (longest == large_.end()) return std::nullopt;
  Job job = std::move(*longest);
  large_.erase(longest);
  --tasks_;
  members_ -= job.task.members.size();
  return job;
}

bool Queue::large_waits(double seconds) const {
  return std::ranges::any_of(large_, [&](const Job& job) { return in_time(job, seconds); });
}

bool Queue::in_time(const Job& job, double seconds) const {
  return expected_seconds(job) <= seconds || (job.goes_on && seconds >= worth_starting);
}

double Queue::longest() const {
  double most = 0;
  for (const auto& [key, kind] : kinds_)
    if (!kind.waiting.empty()) most = std::max(most, kind.waiting.rbegin()->first * factor(key.first));
  return most;
}

void Queue::learn(const std::string& cost_kind, const store::CostFactor& measured) {
  store::CostFactor& sum = learned_[cost_kind];
  sum.estimated_seconds += measured.estimated_seconds;
  sum.measured_seconds += measured.measured_seconds;
}

double Queue::factor(const std::string& cost_kind) const {
  const auto known = learned_.find(cost_kind);
  if (known == learned_.end() || !(known->second.estimated_seconds > 0)) return 1;
  return std::max(known->second.measured_seconds / known->second.estimated_seconds, 1e-6);
}

double Queue::seconds() const {
  double sum = 0;
  for (const auto& [key, kind] : kinds_) sum += std::max(kind.waiting_seconds, 0.0) * factor(key.first);
  for (const Job& job : large_) sum += expected_seconds(job);
  return sum;
}

std::vector<scan::Task> cut(const scan::Task& whole, std::int64_t initialisations, double seconds_each,
                            const std::function<bool(scan::Task::Member)>& missing) {
  const double wanted = std::floor(1.0 / std::max(seconds_each, 1e-9));
  const auto size = static_cast<std::int64_t>(std::clamp(wanted, 1.0, 256.0));
  std::map<std::int64_t, std::vector<scan::Task::Member>> parts;
  for (const auto& member : whole.members)
    if (missing(member)) parts[(member.draw * initialisations + member.initialisation) / size].push_back(member);
  std::vector<scan::Task> list;
  for (auto& [number, members] : parts)
    list.push_back({.kind = whole.kind,
                    .block = whole.block,
                    .index = whole.index,
                    .theory = whole.theory,
                    .members = std::move(members)});
  return list;
}

}  // namespace fieldscan::campaign
