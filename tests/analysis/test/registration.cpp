#include "fieldscan/analysis/test/registration.hpp"

#include <unistd.h>

#include <filesystem>

#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace fs = std::filesystem;

namespace {

std::string text_with(const std::string& tests) {
  return R"(fieldscan: 1
name: registered
data: {input: {kind: sphere, dim: 8}, train_size: 16, test_size: 100}
network: {depth: 1, width: 64, activation: erf}
ridge: 0.1
training: {kind: hmc, samples: 40}
ensemble: {data_draws: 12, chains: 2}
theory: [nngp]
observe: [error_test]
scan: {grid: {network.width: [64, 128, 256]}}
tests:
)" + tests;
}

scan::Scan read(const std::string& text) {
  const scan::ReadResult result = scan::read_scan(text, "scan.yaml");
  INFO(scan::render(result.diagnostics, "scan.yaml", text));
  REQUIRE(result.scan);
  return *result.scan;
}

const std::string low = "  - {name: low, kind: bound, of: error_test, below: 0.5}\n";
const std::string agree = "  - {name: agree, kind: agreement, of: error_test, with: nngp, within: 3%}\n";
const std::string agree_less = "  - {name: agree, kind: agreement, of: error_test, with: nngp, within: 30%}\n";
const std::string high = "  - {name: high, kind: bound, of: error_test, above: 0.1}\n";

}  // namespace

TEST_CASE("tests are as registered, or it is said what was edited and when") {
  const fs::path directory = fs::temp_directory_path() / ("fieldscan-registration-" + std::to_string(getpid()));
  {
    store::Store store = store::Store::open(directory, store::Mode::write);
    const scan::Scan now = read(text_with(low + agree_less + high));
    CHECK(registration(now, store).registered.empty());
    CHECK(render(registration(now, store)).empty());
    const std::string first = text_with(low + agree + "  - {kind: bound, of: error_test, below: 9, name: gone}\n");
    store.put_scan("scan.yaml", first, {}, "0.1");
    CHECK(registration(read("# a comment\n" + first), store).changes.empty());
    CHECK(render(registration(read(first), store)).find("before the first result") != std::string::npos);
    const Registration never_ran = registration(now, store);
    REQUIRE(never_ran.changes.size() == 3);
    CHECK(never_ran.changes[0].test == "agree");
    CHECK(never_ran.changes[0].kind == RegistrationChange::Kind::changed);
    CHECK(never_ran.changes[0].before.find("3 %") != std::string::npos);
    CHECK(never_ran.changes[0].since.empty());
    CHECK(never_ran.changes[1].test == "high");
    CHECK(never_ran.changes[1].kind == RegistrationChange::Kind::added);
    CHECK(never_ran.changes[2].test == "gone");
    CHECK(never_ran.changes[2].kind == RegistrationChange::Kind::removed);
    store.put_scan("scan.yaml", now.text(), {}, "0.1");
    CHECK_FALSE(registration(now, store).changes[0].since.empty());
    // Running the first text again does not make it later.
    store.put_scan("scan.yaml", first, {}, "0.1");
    CHECK(store.scan_texts().size() == 2);
    CHECK(store.scan_texts().front().text == first);
    CHECK(registration(now, store).changes.size() == 3);
  }
  fs::remove_all(directory);
}
