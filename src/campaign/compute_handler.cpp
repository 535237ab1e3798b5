#include "encode.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/linear_algebra.hpp"

namespace fieldscan::campaign {

namespace {

Handler make_compute_handler(const Bytes& bytes) {
  set_linear_algebra_threads(1);  // results must not depend on the machine's cores
  const Setup setup = decode_setup(bytes);
  auto read = scan::read_scan(setup.text, setup.file, setup.overrides);
  if (!read.scan)
    throw EnvironmentError(
        "the compute child can not read the scan that its rank has read: the ranks run different programs");
  return [scan = std::move(*read.scan), kept = scan::Kept{}](const Bytes& request) mutable {
    return encode(scan::run_task(scan, decode_task(request), kept));
  };
}

}  // namespace

MakeHandler compute_handler() { return make_compute_handler; }

}  // namespace fieldscan::campaign
