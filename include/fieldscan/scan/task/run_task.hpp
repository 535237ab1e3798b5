#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fieldscan/core/row.hpp"
#include "fieldscan/scan/points/scan.hpp"
#include "fieldscan/scan/task/checkpoints.hpp"
#include "fieldscan/theory/regression/kept_kernels.hpp"

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
    std::int64_t initialisation = 0;  ///< 0 for predictions, but for those that are given a replica
    bool operator==(const Member&) const = default;
  };
  std::vector<Member> members;
  bool operator==(const Task&) const = default;
};

/// What is to be observed of one replica: the point's plan without the observables whose limit (the first replicas,
/// counted draw by draw) it lies beyond.
training::ObservePlan observe_plan(const Point& point, std::int64_t draw, std::int64_t initialisation);

/// Begins what the reason of a replica that is done names: observables that it was asked for, could have, and has no
/// number of.
inline constexpr std::string_view without = "without ";

/// Computes a task: one Result per member, in order. This is the one catch site of NumericalError: it becomes the
/// outcome `numerical_error`, and solve::NotConverged `not_converged`, with its reason. Every value is checked to be
/// finite: where one is not, it is dropped and the outcome of a `done` replica becomes `diverged` with the observable's
/// name.
///
/// `kept` holds what is expensive to make again (the rows of a file, the last data draw, kernels of it where points
/// differ in their ridge) and may be kept between tasks; results do not depend on it. With `checkpoints`, long
/// trainings save their state there and go on from it; asked to stop, run_task throws training::Stopped.
struct Kept {
  std::string pool_key;
  std::shared_ptr<const data::Pool> pool;
  std::string draw_key;
  std::shared_ptr<const data::Draw> draw;
  theory::KeptKernels kernels;  ///< of that draw, where points differ in their ridge
  std::optional<Checkpoints> checkpoints;
};
std::vector<Result> run_task(const Scan& scan, const Task& task, Kept& kept);
std::vector<Result> run_task(const Scan& scan, const Task& task);

/// The threads that BLAS and LAPACK use for a task: 1, and more where matrices have thousands of rows. The number
/// follows from the sizes of the point alone, never from the machine: the order of sums, and so the last bits, depend
/// on it. `run_task` sets it.
int task_threads(const Point& point, Task::Kind kind, std::uint64_t theory);
/// Estimated seconds of one member of a task on one core, from a formula in the sizes of the point.
double estimated_seconds(const Point& point, Task::Kind kind, std::uint64_t theory);
/// Estimated bytes of memory.
double estimated_bytes(const Point& point, Task::Kind kind, std::uint64_t theory);

}  // namespace fieldscan::scan
