#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "../master/wanted.hpp"
#include "fieldscan/campaign/inspect/inspect.hpp"
#include "fieldscan/core/error.hpp"

namespace fieldscan::campaign {

namespace {

struct Candidate {
  Id owner;
  scan::Task::Member member;
  std::string observed;
  double seconds = 0;
};

std::vector<Candidate> candidates(const store::Store& store) {
  std::vector<Candidate> list;
  store.for_each_standing(
      [&](Id owner, std::int64_t draw, std::int64_t initialisation, const store::Standing& standing) {
        if (standing.outcome != Outcome::failed)
          list.push_back({owner, {draw, initialisation}, standing.observed, standing.provenance.seconds});
      });
  return list;
}

/// Whether the scan would compute exactly what is stored.
bool as_asked(const scan::Scan& scan, const Candidate& candidate) {
  const auto task = find_task(scan, candidate.owner, candidate.member);
  if (!task) return false;
  const auto point = scan.point(task->block, task->index);
  const auto kind = task->kind == scan::Task::Kind::replicas ? store::OwnerKind::point : store::OwnerKind::prediction;
  return point && asked_of(*point, {.kind = kind, .owner = candidate.owner, .task = *task}, candidate.member) ==
                      candidate.observed;
}

}  // namespace

Sample recompute_sample(const scan::Scan& scan, const store::Store& store, std::uint64_t count, double seconds,
                        std::uint64_t seed) {
  Sample sample;
  std::vector<Candidate> list = candidates(store);
  std::mt19937_64 random(seed);
  double spent = 0;
  for (std::uint64_t tries = 0; sample.computed < count && !list.empty() && tries < 10 * count; ++tries) {
    std::swap(list[random() % list.size()], list.back());
    const Candidate candidate = std::move(list.back());
    list.pop_back();
    if (spent + candidate.seconds > seconds || !as_asked(scan, candidate)) continue;
    try {
      const Repeated again = repeat(scan, store, candidate.owner, candidate.member);
      spent += candidate.seconds;
      ++sample.computed;
      if (!again.equal) sample.differences.push_back(fmt::format("{}: {}", candidate.owner.hex(), again.text));
    } catch (const EnvironmentError& error) {
      ++sample.not_computed;
      sample.why_not = error.what();
    }
  }
  return sample;
}

}  // namespace fieldscan::campaign
