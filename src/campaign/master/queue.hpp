#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fieldscan/scan/task/run_task.hpp"
#include "fieldscan/store/store.hpp"
#include "placement.hpp"

namespace fieldscan::campaign {

/// A task that waits, with what the master needs to record its results.
struct Job {
  scan::Task task;
  store::OwnerKind kind = store::OwnerKind::point;
  Id owner;
  std::string cost_kind;  ///< tasks of one kind share the factor between estimate and measurement
  double estimate = 0;    ///< seconds of the whole task, by formula
  Needs needs;            ///< by formula
  bool goes_on = false;   ///< stopped before its end it keeps its state, and goes on from it
  bool alone = false;     ///< not to travel with others: it did, and the order failed
  int attempt = 1;
};

/// The tasks that wait, longest first; those that need more than an ordinary worker has wait apart.
///
/// Predictions come before everything else as long as they are cheap: the kinds of them, cheapest first, that together
/// take no more than a tenth of what waits for training. So a campaign that is half done has them, and comparisons are
/// possible.
///
/// A task's estimate is its formula times the factor of its kind: measured over estimated seconds of the tasks of that
/// kind that are done, 1 before. Order only: nothing numeric depends on it. A task that goes on where it was stopped is
/// in time wherever there is enough time to get on with it.
class Queue {
 public:
  /// From now on tasks of which `large` is true wait apart.
  void separate(std::function<bool(const Needs&)> large) { is_large_ = std::move(large); }
  void add(Job job);
  /// The next ordinary task that is done in so many seconds: a cheap prediction, else the longest; nullopt where none
  /// is.
  std::optional<Job> take(double seconds);
  /// Ordinary tasks in that order that take no longer than `seconds` each and `together` all: one at least, where one
  /// is in time, `most` at most.
  std::vector<Job> take_batch(double seconds, double together, std::size_t most);
  /// The longest large task that is done in time and for which `fits` is true.
  std::optional<Job> take_large(double seconds, const std::function<bool(const Needs&)>& fits);
  bool large_waits(double seconds) const;
  /// Expected seconds of the longest ordinary task; 0 where there is none.
  double longest() const;
  /// Expected seconds of the shortest task that waits; 0 where there is none.
  double shortest() const;
  void learn(const std::string& cost_kind, const store::CostFactor& measured);
  /// A task of that kind runs, for so long by now: where that is longer than the kind was expected to take, it is from
  /// now on expected to take so long, until one that is done says more.
  void note_running(const std::string& cost_kind, const store::CostFactor& so_far);
  /// The same for runs to come, on machines that may be less busy: what the task took of a processor. Nothing here
  /// depends on it.
  void keep(const std::string& cost_kind, const store::CostFactor& used);
  const std::map<std::string, store::CostFactor>& kept() const { return kept_; }
  double expected_seconds(const Job& job) const { return job.estimate * factor(job.cost_kind); }

  bool empty() const { return tasks_ == 0; }
  std::uint64_t tasks() const { return tasks_; }
  std::uint64_t members() const { return members_; }
  double seconds() const;  ///< expected, of all that waits
  /// What is done, now or in earlier runs, so that progress can be weighed by cost: its estimate by formula.
  void note_done(const std::string& cost_kind, double estimate) { done_[cost_kind] += estimate; }
  double seconds_done() const;  ///< expected, of all that is done

 private:
  struct Kind {
    std::multimap<double, Job> waiting;  ///< by estimate
    double waiting_seconds = 0;
    bool predictions = false;
  };
  using Kinds = std::map<std::pair<std::string, bool>, Kind>;  ///< by cost_kind and goes_on
  /// A kind, and the longest task of it that is done in time.
  struct Found {
    Kinds::iterator kind;
    std::multimap<double, Job>::iterator job;
  };
  std::optional<Found> find(Kinds::iterator kind, double seconds);
  std::optional<Found> find_cheap_prediction(double seconds);
  std::optional<Found> find_longest(double seconds);
  double factor(const std::string& cost_kind) const;
  bool in_time(const Job& job, double seconds) const;

  std::function<bool(const Needs&)> is_large_;
  Kinds kinds_;
  std::map<std::string, double> done_;  ///< by cost_kind: sum of the estimates
  std::map<std::string, store::CostFactor> learned_, kept_;
  std::map<std::string, double> outlived_;  ///< by cost_kind: seconds over estimate of what runs
  std::vector<Job> large_;
  std::uint64_t tasks_ = 0, members_ = 0;
};

/// Cuts members into tasks of about a second by formula, one member at least, 256 at most; and keeps of each task the
/// members that `missing` says. Where the cuts fall depends on the members' numbers alone.
std::vector<scan::Task> cut(const scan::Task& whole, std::int64_t initialisations, double seconds_each,
                            const std::function<bool(scan::Task::Member)>& missing);

}  // namespace fieldscan::campaign
