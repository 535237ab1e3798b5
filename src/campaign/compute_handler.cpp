#include <chrono>

#include "encode.hpp"
#include "fieldscan/core/error.hpp"

namespace fieldscan::campaign {

namespace {

Handler make_compute_handler(const Bytes& bytes) {
  const Setup setup = decode_setup(bytes);
  auto read = scan::read_scan(setup.text, setup.file, setup.overrides);
  if (!read.scan)
    throw EnvironmentError(
        "the compute child can not read the scan that its rank has read: the ranks run different programs");
  return [scan = std::move(*read.scan), kept = scan::Kept{}](const Bytes& request) mutable {
    std::vector<TaskAnswer> answers;
    for (const scan::Task& task : decode_tasks(request)) {
      const auto start = std::chrono::steady_clock::now();
      Bytes results = encode(scan::run_task(scan, task, kept));
      const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
      answers.push_back({.seconds = passed.count(), .results = std::move(results)});
    }
    return encode(answers);
  };
}

}  // namespace

MakeHandler compute_handler() { return make_compute_handler; }

}  // namespace fieldscan::campaign
