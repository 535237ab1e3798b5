#pragma once
#include <array>
#include <string>
#include <unordered_map>

#include "../message/encode.hpp"
#include "queue.hpp"
#include "wanted.hpp"

namespace fieldscan::campaign {

/// What of a scan is wanted, held, done and failed: fills the queue, and books what comes back. Members are replicas
/// and draws of predictions; each wanted one is exactly one of already there, queued or running, done, failed.
class Ledger {
 public:
  /// Queues everything that the scan wants and the store does not hold.
  Ledger(const scan::Scan& scan, store::Store& store, Queue& queue);

  /// Puts the results of a task into the store, uncommitted, and queues what a growing ensemble wants after them.
  /// Throws MalformedMessage where they are not the results of that task.
  void book_results(const Job& job, const Report& report);
  /// Puts the failure of a task's members into the store; a result that is there already, observed for less, is not
  /// replaced.
  void book_failure(const Job& job, const Report& report);

  struct Counts {
    std::uint64_t wanted = 0, already = 0, done = 0, failed = 0;
    std::uint64_t results_not_done = 0;  ///< of those already there and done: diverged and the like
    using ByOutcome = std::array<std::uint64_t, 7>;
    ByOutcome replicas{}, predictions{};  ///< of those already there, done and failed, in the order of Outcome
    std::uint64_t left() const { return wanted - already - done - failed; }
  };
  const Counts& counts() const { return counts_; }

 private:
  void count(store::OwnerKind kind, Outcome outcome);
  /// An ensemble that grows until it is precise.
  struct Growing {
    Observable observable{};
    Extent extent;
    Cells cells;
  };
  void queue_wanted(const scan::Point& point, const Wanted& wanted, Extent extent);
  bool held(const Wanted& wanted, scan::Task::Member member, const std::string& asked);
  void grow(const scan::Point& point, const Result& result);
  void put(const Job& job, const std::string& text, const Result& result, const std::string& observed,
           const Report& report);
  scan::Point point_of(const Job& job) const;

  const scan::Scan& scan_;
  store::Store& store_;
  Queue& queue_;
  Holdings holdings_;
  VisitedMembers visited_;
  std::unordered_map<Id, Growing> growing_;
  Counts counts_;
};

/// Why a campaign in which everything is there has no results: "there are no results because all 24 replicas diverged";
/// empty where one replica at least (without training: one prediction) is done.
std::string no_results_text(const Ledger::Counts& counts);

/// What is there and not sound: "of 320 replicas 99 diverged; of 160 predictions 3 did not converge"; empty where all
/// is. Predictions that do not apply are no fault.
std::string unsound_text(const Ledger::Counts& counts);

}  // namespace fieldscan::campaign
