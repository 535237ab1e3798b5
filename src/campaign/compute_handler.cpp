#include <csignal>

#include "encode.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/linear_algebra.hpp"

namespace fieldscan::campaign {

namespace {

/// Whether this process is asked to save and end: SIGUSR2 is blocked in compute children, and waits.
bool asked_to_stop() {
  sigset_t waiting;
  return sigpending(&waiting) == 0 && sigismember(&waiting, SIGUSR2) == 1;
}

Handler make_compute_handler(const Bytes& bytes) {
  set_linear_algebra_threads(1);  // results must not depend on the machine's cores
  const Setup setup = decode_setup(bytes);
  auto read = scan::read_scan(setup.text, setup.file, setup.overrides);
  if (!read.scan)
    throw EnvironmentError(
        "the compute child can not read the scan that its rank has read: the ranks run different programs");
  scan::Kept kept;
  if (!setup.checkpoints.empty())
    kept.checkpoints =
        scan::Checkpoints{.directory = setup.checkpoints, .program = FIELDSCAN_VERSION, .stop = asked_to_stop};
  return [scan = std::move(*read.scan), kept = std::move(kept)](const Bytes& request) mutable {
    return encode(scan::run_task(scan, decode_task(request), kept));
  };
}

}  // namespace

MakeHandler compute_handler() { return make_compute_handler; }

}  // namespace fieldscan::campaign
