#include <fstream>

#include "../../src/campaign/message/encode.hpp"
#include "catch.hpp"
#include "fieldscan/scan/task/run_task.hpp"
#include "store/directory.hpp"

using namespace fieldscan;
using namespace fieldscan::campaign;
using namespace std::chrono_literals;

namespace {

const std::string scan_text = R"(
fieldscan: 1
name: data
data: {input: {kind: file, path: data.csv}, target: labels, train_size: 10, test_size: rest}
network: {width: 4, activation: erf}
ridge: 0.1
training: {kind: hmc, samples: 20}
ensemble: {data_draws: 2, chains: 8}
theory: [nngp]
)";

void write_table(const std::filesystem::path& file, int first) {
  std::ofstream out(file);
  for (int k = 0; k < 40; ++k) out << first + k << ".5," << k % 7 << "," << k % 2 << "\n";
}

Compute::Answer ask(Compute& compute, const scan::Task& task) {
  compute.start(encode(std::vector{task}), 0);
  for (;;)
    if (auto answer = compute.poll(50ms)) return *answer;
}

}  // namespace

TEST_CASE("a compute child takes the identity of data from its rank, and ends the run where the file is another one") {
  const TemporaryDirectory folder;
  const auto file = folder.path / "data.csv";
  write_table(file, 0);
  const auto read = scan::read_scan(scan_text, (folder.path / "scan.yaml").string());
  REQUIRE(read.scan);
  const Bytes setup = encode(
      Setup{.text = scan_text, .file = "scan.yaml", .overrides = {}, .data = data::pack(read.scan->data_files())});
  const scan::Task task{.block = 0, .index = 0, .members = {{0, 0}}};
  ForkServer server(compute_handler());
  const auto of_original = scan::run_task(*read.scan, task);
  {
    Compute compute(server, setup, 0);
    const auto answer = ask(compute, task);  // from another folder than the scan's
    REQUIRE(answer.success());
    CHECK(decode_results(decode_answers(answer.bytes).at(0).results).at(0).rows == of_original.at(0).rows);
    write_table(file, 1);  // the child keeps the rows that it has
    CHECK(ask(compute, task).success());
  }
  Compute fresh(server, setup, 0);
  const auto answer = ask(fresh, task);
  CHECK(answer.failure == Failure::data_lost);
  CHECK(answer.reason.find("has changed") != std::string::npos);
  CHECK_THROWS_AS(scan::run_task(*read.scan, task), data::DataLost);
  std::filesystem::remove(file);
  CHECK(ask(fresh, task).failure == Failure::data_lost);
}
