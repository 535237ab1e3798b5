#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "../master/placement.hpp"
#include "fieldscan/campaign/campaign.hpp"
#include "fieldscan/core/row.hpp"
#include "fieldscan/scan/task/run_task.hpp"

/// The messages between master, workers and compute children. Decoding throws MalformedMessage (flat.hpp).
namespace fieldscan::campaign {

/// What a compute child reads once: the scan file as every rank has it.
struct Setup {
  std::string text, file;
  std::vector<std::string> overrides;
  std::string checkpoints = {};  ///< directory for the state of long trainings; empty: none is kept
  Bytes data = {};               ///< the files of data as rank 0 has seen them, packed: no process looks for itself
  bool operator==(const Setup&) const = default;
};

/// Master to worker: compute these, one after the other. Tiny tasks travel together.
struct Order {
  std::uint64_t ticket = 0;
  double seconds_limit = 0;
  double memory_bytes = 0;  ///< limit of the child; 0: none
  std::vector<scan::Task> tasks;
  bool operator==(const Order&) const = default;
};

/// What a compute child says of one task.
struct TaskAnswer {
  double seconds = 0;
  double used_seconds = 0;  ///< the same, or the processor time of all threads where that is less: on a busy machine
  Bytes results;            ///< encoded
  bool operator==(const TaskAnswer&) const = default;
};

/// How an order ended.
enum class Fate : std::uint8_t {
  answered,
  failed,   ///< the child failed: `failure`, `reason`
  stopped,  ///< by the master's wish
  gone,     ///< the worker can not compute any more: `reason`; nothing is said against the order. `failure` is crashed
            ///< where its fork server was killed
};

/// Worker to master.
struct Report {
  std::uint64_t ticket = 0;
  Fate fate = Fate::answered;
  Failure failure = Failure::none;
  double seconds = 0;
  std::string host, reason, log_tail;
  Bytes results;  ///< of an order: encoded answers, as the child sent them; of one task: its encoded results
  bool operator==(const Report&) const = default;
};

Bytes encode(const Setup& setup);
Bytes encode(const std::vector<scan::Task>& tasks);
Bytes encode(const std::vector<TaskAnswer>& answers);
Bytes encode(const std::vector<Result>& results);
Bytes encode(const Order& order);
Bytes encode(const Report& report);
Bytes encode(const RunSummary& summary);
Bytes encode(const Place& place);

Setup decode_setup(const Bytes& bytes);
std::vector<scan::Task> decode_tasks(const Bytes& bytes);
std::vector<TaskAnswer> decode_answers(const Bytes& bytes);
std::vector<Result> decode_results(const Bytes& bytes);
Order decode_order(const Bytes& bytes);
Report decode_report(const Bytes& bytes);
RunSummary decode_summary(const Bytes& bytes);
Place decode_place(const Bytes& bytes);

}  // namespace fieldscan::campaign
