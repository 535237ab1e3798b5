#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "fieldscan/scan/points/scan.hpp"
#include "fieldscan/scan/task/plan.hpp"
#include "fieldscan/scan/task/run_task.hpp"
#include "fieldscan/store/store.hpp"

/// Looking at a run: what `status`, `show` and `repeat` print.
namespace fieldscan::campaign {

/// Counts of replicas and predictions by state, per value of every axis, failures by reason; for a running or finished
/// campaign also rate and time left from its status.json.
std::string status_text(const scan::Scan& scan, const store::Store& store);
/// The same as one JSON object.
std::string status_json(const scan::Scan& scan, const store::Store& store);

/// How much of the scan the store holds: replicas and draws of predictions that have a result of any kind. For `plan`.
scan::DoneCounts done_counts(const scan::Scan& scan, const store::Store& store);

/// One line per point: the beginning of its id, its values on the axes, its members by state. `condition`, an
/// expression of fields such as "width == 32 && train_size == 16", selects points; empty: all. Throws EnvironmentError
/// where it is no such expression, or no point fulfils it.
std::string points_text(const scan::Scan& scan, const store::Store& store, const std::string& condition);
/// The points that fulfil a condition, in the order of the plan; the same errors.
std::vector<Id> points_where(const scan::Scan& scan, const std::string& condition);

/// One point or prediction: its settings, all its replicas with outcome, attempts, host and time, their values, how to
/// repeat one. With a member: that replica alone.
std::string show_text(const scan::Scan& scan, const store::Store& store, Id owner,
                      const std::optional<scan::Task::Member>& member = std::nullopt);

/// The task that computes one member of an owner; nullopt where the scan has no such owner.
std::optional<scan::Task> find_task(const scan::Scan& scan, Id owner, scan::Task::Member member);

/// A replica computed again in this process and compared bit by bit with what the store holds.
struct Repeated {
  bool equal = false;
  std::string text;
};
/// Throws EnvironmentError where the scan does not contain the owner.
Repeated repeat(const scan::Scan& scan, const store::Store& store, Id owner, scan::Task::Member member);

/// Results drawn at random and computed again, as far as they were computed in `seconds` together. Not drawn is what
/// the scan does not contain any more, or asks to be observed differently than it was.
struct Sample {
  std::uint64_t computed = 0;
  std::vector<std::string> differences;  ///< one text for each result that is not the same bits
  std::uint64_t not_computed = 0;        ///< drawn, but their data can not be had
  std::string why_not = {};              ///< of the last of those
};
Sample recompute_sample(const scan::Scan& scan, const store::Store& store, std::uint64_t count, double seconds,
                        std::uint64_t seed);

}  // namespace fieldscan::campaign
