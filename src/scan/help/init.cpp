#include "fieldscan/scan/help/init.hpp"

namespace fieldscan::scan {

std::string starter_scan() {
  return R"(# A scan to start from: does a wide network sample the Gaussian-process posterior, and how does the deviation fall with width?
#   fieldscan check scan.yaml     is it valid?
#   fieldscan plan scan.yaml      what would it do?
#   fieldscan run scan.yaml       do it, or go on with it; on more cores: mpirun -n 9 fieldscan run scan.yaml
#   fieldscan explain NAME        what any word in here means
fieldscan: 1                                             # version of this language
name: starter
seed: 1
data:
  input:  {kind: sphere, dim: 8}                         # |x|² = dim
  target: {kind: gegenbauer, levels: {1: 0.8, 3: 0.2}}   # power per level of spherical harmonics
  noise: 0.1                                             # standard deviation of the label noise
  train_size: 16
  test_size: 200
network: {depth: 1, width: 128, activation: erf, chi: 1} # chi: 1 lazy, chi: width mean-field
ridge: 0.1                                               # stands beside the kernel: K + ridge·I
training: {kind: hmc, samples: 200}
ensemble: {data_draws: 20, chains: 4}
theory: [nngp]
observe: [error_test, error_train]
scan:
  grid:
    network.width: {powers: 2, from: 16, to: 512}
tests:
  - {name: deviation falls as 1/N, kind: power_law, of: deviation(nngp), versus: width, window: [64, 512], expect: -1, within: 0.3}
  - {name: wide networks follow the theory, kind: agreement, of: error_test, with: nngp, where: "width >= 512", within: 5%}
figures:
  - {name: deviation from the theory, plot: deviation(nngp), versus: width, scale: log-log}
  - {name: test error, plot: error_test, versus: width, with: [nngp], scale: log-x}
)";
}

}  // namespace fieldscan::scan
