#include "catch.hpp"
#include "fieldscan/scan/points/scan.hpp"

using namespace fieldscan;

TEST_CASE("a scan without a name takes that of its file, and never one that leaves the folder of runs", "[scan]") {
  const auto name_of = [](const std::string& file) {
    const auto read = scan::read_scan(
        "fieldscan: 1\ndata: {input: {kind: sphere, dim: 4}, target: linear, train_size: 4}\nnetwork: {width: 8}\n"
        "ridge: 0.1\ntraining: none\ntheory: [nngp]\n",
        file);
    INFO(scan::render(read.diagnostics, file, ""));
    REQUIRE(read.scan);
    return read.scan->name();
  };
  CHECK(name_of("some/where/widths.v2.yaml") == "widths.v2");
  CHECK(name_of("../.hidden.yaml") == "hidden");
  CHECK(name_of("...yaml") == "yaml");
  for (const char* file : {"..", "...", "./", "a b.yaml", "`touch witness`.yaml", "@NAME@.yaml"}) {
    INFO(file);
    CHECK(name_of(file) == "scan");
  }
}
