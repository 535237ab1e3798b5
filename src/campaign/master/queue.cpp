#include "queue.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace fieldscan::campaign {

namespace {

/// Seconds in which a task that goes on later gets further than its start and its saving cost.
constexpr double worth_starting = 5;
/// Predictions that take no more than this part of what waits for training come first.
constexpr double cheap_part = 0.1;

void add_to(store::CostFactor& sum, const store::CostFactor& one) {
  sum.estimated_seconds += one.estimated_seconds;
  sum.measured_seconds += one.measured_seconds;
}

}  // namespace

void Queue::add(Job job) {
  ++tasks_;
  members_ += job.task.members.size();
  if (is_large_ && is_large_(job.needs)) return large_.push_back(std::move(job));
  Kind& kind = kinds_[{job.cost_kind, job.goes_on}];
  kind.predictions = job.kind == store::OwnerKind::prediction;
  kind.waiting_seconds += job.estimate;
  kind.waiting.emplace(job.estimate, std::move(job));
}

std::optional<Queue::Found> Queue::find(Kinds::iterator kind, double seconds) {
  auto& [key, waiting] = *kind;
  const auto& [name, goes_on] = key;
  auto& list = waiting.waiting;
  if (list.empty()) return std::nullopt;
  auto after = goes_on && seconds >= worth_starting ? list.end() : list.upper_bound(seconds / factor(name));
  if (after == list.begin()) return std::nullopt;
  --after;
  return Found{kind, list.lower_bound(after->first)};  // of equally long ones the first that was added
}

std::optional<Queue::Found> Queue::find_cheap_prediction(double seconds) {
  double training = 0;
  std::vector<std::pair<double, Kinds::iterator>> predictions;
  for (auto kind = kinds_.begin(); kind != kinds_.end(); ++kind) {
    const double waits = std::max(kind->second.waiting_seconds, 0.0) * factor(kind->first.first);
    if (!kind->second.predictions)
      training += waits;
    else if (!kind->second.waiting.empty())
      predictions.emplace_back(waits, kind);
  }
  std::ranges::stable_sort(predictions, {}, &std::pair<double, Kinds::iterator>::first);
  double together = 0;
  for (const auto& [waits, kind] : predictions) {
    together += waits;
    if (!(together <= cheap_part * training)) break;
    if (auto found = find(kind, seconds)) return found;
  }
  return std::nullopt;
}

std::optional<Queue::Found> Queue::find_longest(double seconds) {
  std::optional<Found> best;
  double best_seconds = -1;
  for (auto kind = kinds_.begin(); kind != kinds_.end(); ++kind) {
    const auto found = find(kind, seconds);
    if (!found) continue;
    if (const double expected = found->job->first * factor(kind->first.first); expected > best_seconds) {
      best = found;
      best_seconds = expected;
    }
  }
  return best;
}

std::optional<Job> Queue::take(double seconds) {
  auto found = find_cheap_prediction(seconds);
  if (!found) found = find_longest(seconds);
  if (!found) return std::nullopt;
  Kind& kind = found->kind->second;
  Job job = std::move(found->job->second);
  kind.waiting.erase(found->job);
  kind.waiting_seconds = kind.waiting.empty() ? 0 : kind.waiting_seconds - job.estimate;
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

double Queue::shortest() const {
  double least = std::numeric_limits<double>::infinity();
  for (const auto& [key, kind] : kinds_)
    if (!kind.waiting.empty()) least = std::min(least, kind.waiting.begin()->first * factor(key.first));
  for (const Job& job : large_) least = std::min(least, expected_seconds(job));
  return empty() ? 0 : least;
}

void Queue::learn(const std::string& cost_kind, const store::CostFactor& measured) {
  add_to(learned_[cost_kind], measured);
  outlived_.erase(cost_kind);
}

void Queue::keep(const std::string& cost_kind, const store::CostFactor& used) { add_to(kept_[cost_kind], used); }

void Queue::note_running(const std::string& cost_kind, const store::CostFactor& so_far) {
  if (!(so_far.measured_seconds > so_far.estimated_seconds * factor(cost_kind))) return;
  if (so_far.estimated_seconds > 0) outlived_[cost_kind] = so_far.measured_seconds / so_far.estimated_seconds;
}

double Queue::factor(const std::string& cost_kind) const {
  const auto outlived = outlived_.find(cost_kind);
  const double least = outlived == outlived_.end() ? 1e-6 : outlived->second;
  const auto known = learned_.find(cost_kind);
  if (known == learned_.end() || !(known->second.estimated_seconds > 0)) return std::max(1.0, least);
  return std::max(known->second.measured_seconds / known->second.estimated_seconds, least);
}

double Queue::seconds() const {
  double sum = 0;
  for (const auto& [key, kind] : kinds_) sum += std::max(kind.waiting_seconds, 0.0) * factor(key.first);
  for (const Job& job : large_) sum += expected_seconds(job);
  return sum;
}

double Queue::seconds_done() const {
  double sum = 0;
  for (const auto& [kind, estimate] : done_) sum += estimate * factor(kind);
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
