#include <algorithm>
#include <chrono>
#include <csignal>
#include <ctime>

#include "../message/encode.hpp"
#include "fieldscan/core/build.hpp"
#include "fieldscan/core/error.hpp"

namespace fieldscan::campaign {

namespace {

/// Whether this process is asked to save and end: SIGUSR2 is blocked in compute children, and waits.
bool asked_to_stop() {
  sigset_t waiting;
  return sigpending(&waiting) == 0 && sigismember(&waiting, SIGUSR2) == 1;
}

/// The processor time of this process with all its threads.
double processor_seconds() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + 1e-9 * static_cast<double>(used.tv_nsec);
}

Handler make_compute_handler(const Bytes& bytes) {
  const Setup setup = decode_setup(bytes);
  auto read = scan::read_scan(setup.text, setup.file, setup.overrides, data::unpack(setup.data));
  if (!read.scan)
    throw EnvironmentError(
        "the compute child can not read the scan that its rank has read: the ranks run different programs");
  scan::Kept kept;
  if (!setup.checkpoints.empty())
    kept.checkpoints = scan::Checkpoints{.directory = setup.checkpoints,
                                         .program = build::version(),
                                         .least = scan::least_checkpointed_seconds,
                                         .stop = asked_to_stop};
  return [scan = std::move(*read.scan), kept = std::move(kept)](const Bytes& request) mutable {
    std::vector<TaskAnswer> answers;
    for (const scan::Task& task : decode_tasks(request)) {
      const auto start = std::chrono::steady_clock::now();
      const double before = processor_seconds();
      Bytes results = encode(scan::run_task(scan, task, kept));
      const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
      answers.push_back({.seconds = passed.count(),
                         .used_seconds = std::min(passed.count(), processor_seconds() - before),
                         .results = std::move(results)});
    }
    return encode(answers);
  };
}

}  // namespace

MakeHandler compute_handler() { return make_compute_handler; }

}  // namespace fieldscan::campaign
