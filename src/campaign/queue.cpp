#include "queue.hpp"

#include <algorithm>
#include <cmath>

namespace fieldscan::campaign {

void Queue::add(Job job) {
  Kind& kind = kinds_[job.cost_kind];
  ++tasks_;
  members_ += job.task.members.size();
  kind.waiting_seconds += job.estimate;
  kind.waiting.emplace(job.estimate, std::move(job));
}

std::optional<Job> Queue::take(double seconds) {
  Kind* best = nullptr;
  std::multimap<double, Job>::iterator longest;
  double best_seconds = -1;
  for (auto& [name, kind] : kinds_) {
    const double factor = factor_of(kind);
    auto after = kind.waiting.upper_bound(seconds / factor);
    if (after == kind.waiting.begin()) continue;
    --after;
    if (const double expected = after->first * factor; expected > best_seconds) {
      best = &kind;
      best_seconds = expected;
      longest = kind.waiting.lower_bound(after->first);  // of equally long ones the first that was added
    }
  }
  if (best == nullptr) return std::nullopt;
  Job job = std::move(longest->second);
  best->waiting.erase(longest);
  best->waiting_seconds -= job.estimate;
  --tasks_;
  members_ -= job.task.members.size();
  return job;
}

void Queue::learn(const std::string& cost_kind, double estimate, double measured) {
  Kind& kind = kinds_[cost_kind];
  kind.estimated += estimate;
  kind.measured += measured;
}

double Queue::factor_of(const Kind& kind) {
  return kind.estimated > 0 ? std::max(kind.measured / kind.estimated, 1e-6) : 1;
}

double Queue::factor(const std::string& cost_kind) const {
  const auto kind = kinds_.find(cost_kind);
  return kind == kinds_.end() ? 1 : factor_of(kind->second);
}

double Queue::seconds() const {
  double sum = 0;
  for (const auto& [name, kind] : kinds_) sum += std::max(kind.waiting_seconds, 0.0) * factor_of(kind);
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
