#pragma once
#include <string>
#include <vector>

#include "fieldscan/core/row.hpp"
#include "fieldscan/scan/scan.hpp"

namespace fieldscan::scan {

/// What one worker gets at a time: some replicas of one point, or one prediction for some draws.
struct Task {
  enum class Kind : std::uint8_t { replicas, prediction };
  Kind kind = Kind::replicas;
  std::uint64_t block = 0;
  std::uint64_t index = 0;
  std::uint64_t theory = 0;  ///< position in Point::theories, for a prediction
  struct Member {
    std::int64_t draw = 0;
    std::int64_t initialisation = 0;  ///< 0 for predictions
    bool operator==(const Member&) const = default;
  };
  std::vector<Member> members;
  bool operator==(const Task&) const = default;
};

/// Computes a task: one Result per member, in order. This is the one catch site of NumericalError: it becomes the outcome
/// `numerical_error` with its reason. Every value is checked to be finite: where one is not, it is dropped and the outcome of a
/// `done` replica becomes `diverged` with the observable's name.
std::vector<Result> run_task(const Scan& scan, const Task& task);

/// Estimated seconds of one member of a task on one core, from a formula in the sizes of the point.
double estimated_seconds(const Point& point, Task::Kind kind, std::uint64_t theory);
/// Estimated bytes of memory.
double estimated_bytes(const Point& point, Task::Kind kind, std::uint64_t theory);

}  // namespace fieldscan::scan
