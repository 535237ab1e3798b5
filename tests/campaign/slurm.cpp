#include "fieldscan/campaign/slurm.hpp"

#include <fstream>
#include <iterator>

#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::campaign;

namespace {

constexpr const char* scan_text = R"(fieldscan: 1
name: some-scan
data:
  input: {kind: sphere, dim: 4}
  target: linear
  train_size: 4
network: {width: 8}
theory: [nngp]
observe: [error_test]
)";

scan::Scan make_scan() {
  auto read = scan::read_scan(scan_text, "scan.yaml");
  INFO(scan::render(read.diagnostics, "scan.yaml", scan_text));
  REQUIRE(read.scan.has_value());
  return *read.scan;
}

}  // namespace

TEST_CASE("the template that is built in is the file", "[slurm]") {
  std::ifstream file(std::string(FIELDSCAN_SOURCE_DIR) + "/slurm/template.sbatch", std::ios::binary);
  REQUIRE(file);
  CHECK(slurm_template() == std::string(std::istreambuf_iterator<char>(file), {}));
}

TEST_CASE("the job script has every value and no gap", "[slurm]") {
  const std::string script = slurm_script(make_scan(), {.binary = "/opt/field scan",
                                                        .file = "it's.yaml",
                                                        .directory = "runs/a scan",
                                                        .nodes = 3,
                                                        .tasks_per_node = 7,
                                                        .hours = 1.5,
                                                        .memory_per_task_gigabytes = 0.5,
                                                        .signal_seconds = 90});
  for (const char* part :
       {"--job-name=some-scan\n", "--nodes=3\n", "--ntasks-per-node=7\n", "--mem-per-cpu=512M\n", "--time=01:30:00\n",
        "--signal=B:USR1@90\n", "mpirun --bind-to none '/opt/field scan' run 'it'\\''s.yaml' --out 'runs/a scan' &\n",
        "--output=runs/a_scan.%j.out\n"})
    CHECK(script.find(part) != std::string::npos);
  for (const char* gap : {"@NAME@", "@NODES@", "@TASKS_PER_NODE@", "@MEMORY_MB@", "@TIME@", "@SIGNAL_SECONDS@",
                          "@MODULES@", "@BINARY@", "@FILE@", "@DIRECTORY@"})
    CHECK(script.find(gap) == std::string::npos);
}
