#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "catch.hpp"
#include "fieldscan/core/printable.hpp"
#include "fieldscan/scan/help/explain.hpp"
#include "fieldscan/scan/task/plan.hpp"
#include "helpers.hpp"
#include "mutations.hpp"

using namespace fieldscan;
using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

namespace {

std::vector<std::string> valid_scans() {
  std::vector<std::string> texts;
  for (const auto& file : corpus("good")) texts.push_back(read_file(file));
  for (const auto& file : corpus("bad")) texts.push_back(read_file(file));
  const auto with = [&](const std::string& before, const std::string& after, std::string_view training) {
    std::string text = base("scan: {grid: {network.width: [16, 32]}}\n", std::string(training));
    if (const auto at = text.find(before); at != std::string::npos) text.replace(at, before.size(), after);
    texts.push_back(text);
  };
  const auto kind = [](std::string_view word) { return "{kind: " + std::string(word) + "}"; };
  for (const auto& theory : theory::all_theories()) with("[nngp]", "[" + kind(theory.kind) + "]", "none");
  for (const auto word : kinds_of<training::TrainerChoice>()) with("", "", kind(word));
  for (const auto word : kinds_of<network::ActivationChoice>()) with("erf", kind(word), "{kind: hmc, samples: 40}");
  for (const auto word : kinds_of<data::TargetChoice>())
    with("{kind: gegenbauer, levels: {1: 0.8, 3: 0.2}}", kind(word), "{kind: langevin, step: 0.01, steps: 100}");
  for (const auto word : kinds_of<data::InputChoice>())
    with("{kind: sphere, dim: 8}", "{kind: " + std::string(word) + ", dim: 8}", "{kind: sgd, epochs: 3}");
  texts.push_back(explain("fields").text + explain("theories").text);  // for its words
  return texts;
}

/// What holds for any text: it is read or refused, every message has a line, none commands the terminal, and what is
/// read has a plan.
void look_at(const std::string& text) {
  const auto result = read_scan(text, "fuzz.yaml");
  REQUIRE(result.scan.has_value() == !has_errors(result.diagnostics));
  const auto lines = std::ranges::count(text, '\n') + 1;
  for (const auto& d : result.diagnostics) {
    INFO(d.code << " " << d.message);
    REQUIRE(d.place.line >= 1);
    REQUIRE(d.place.line <= lines + 1);
    REQUIRE(d.place.column >= 1);
  }
  const std::string out = render(result.diagnostics, "fuzz.yaml", text);
  REQUIRE(printable(out) == out);
  REQUIRE(out.size() < 1000000);
  if (!result.scan) return;
  result.scan->point(0, 0);
  std::uint64_t combinations = 0;
  for (const auto& block : result.scan->blocks()) combinations += block.combinations;
  if (combinations <= 300) REQUIRE_FALSE(plan_text(*result.scan, make_plan(*result.scan)).empty());
}

double number_of(const char* name, double otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtod(text, nullptr) : otherwise;
}

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

TEST_CASE("mutations of scans are read or refused", "[corpus]") {
  Mutations mutations(valid_scans(), 20261129);
  for (int k = 0; k < 2000; ++k) {
    const std::string text = mutations.next();
    INFO(shortened(printable(text), 4000));
    look_at(text);
  }
}

TEST_CASE("mutations of scans for a while", "[.fuzz]") {
  const double seconds = number_of("FIELDSCAN_FUZZ_SECONDS", 0);
  const auto seed =
      static_cast<std::uint64_t>(number_of("FIELDSCAN_FUZZ_SEED", static_cast<double>(std::time(nullptr))));
  const auto last = std::filesystem::temp_directory_path() / ("fieldscan-fuzz-" + std::to_string(seed) + ".yaml");
  Mutations mutations(valid_scans(), seed);
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  long count = 0;
  double longest = 0;
  INFO("seed " << seed << ", the last text is in " << last);
  for (; std::chrono::steady_clock::now() < end; ++count) {
    const std::string text = mutations.next();
    std::ofstream(last, std::ios::binary) << text;
    const double before = processor_seconds();
    look_at(text);
    longest = std::max(longest, processor_seconds() - before);
    REQUIRE(longest < 5);
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  REQUIRE(usage.ru_maxrss < 2000000);  // kB
  std::filesystem::remove(last);
  WARN(count << " scans, the longest took " << longest << " s, " << usage.ru_maxrss / 1000 << " MB, seed " << seed);
}
