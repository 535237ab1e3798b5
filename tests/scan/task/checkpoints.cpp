#include "fieldscan/scan/task/checkpoints.hpp"

#include <unistd.h>

#include <fstream>

#include "../helpers.hpp"
#include "catch.hpp"
#include "fieldscan/scan/task/run_task.hpp"

using namespace fieldscan;
using namespace fieldscan::scan;
using namespace fieldscan::scan::test;
namespace fs = std::filesystem;

namespace {

/// A directory of this process, removed at the end.
struct Directory {
  fs::path path = fs::temp_directory_path() / ("checkpoints." + std::to_string(getpid()));
  Directory() { fs::remove_all(path); }
  ~Directory() { fs::remove_all(path); }
};

constexpr const char* long_training = "{kind: sgd, learning_rate: 1e-4, batch: 4, momentum: 0.9, steps: 40000}";
Scan scan_of(const char* training = long_training) { return must_read(base("", training)); }
Task first_task() { return {.kind = Task::Kind::replicas, .block = 0, .index = 0, .members = {{0, 0}}}; }

/// Runs the task and asks it to stop at each of the first looks; returns how often it stopped.
int stop_and_go(const Scan& scan, const Checkpoints& settings, std::vector<Result>& results) {
  for (int stops = 0;; ++stops) {
    Kept kept;
    kept.checkpoints = settings;
    if (stops < 3) kept.checkpoints->stop = [] { return true; };
    try {
      results = run_task(scan, first_task(), kept);
      return stops;
    } catch (const training::Stopped&) {
    }
  }
}

}  // namespace

TEST_CASE("a task that is stopped goes on from its file, and leaves nothing behind", "[checkpoints]") {
  const Directory place;
  for (const char* training : {long_training, "{kind: hmc, samples: 600}", "{kind: mala, samples: 600}"}) {
    CAPTURE(training);
    const auto scan = scan_of(training);
    std::vector<Result> results;
    CHECK(stop_and_go(scan, {.directory = place.path, .program = "1"}, results) > 0);
    const auto whole = run_task(scan, first_task());
    CHECK(results[0].rows == whole[0].rows);
    CHECK(results[0].arrays == whole[0].arrays);
    CHECK_FALSE(fs::exists(place.path));
  }
}

TEST_CASE("a checkpoint that is damaged, or of something else, counts as absent", "[checkpoints]") {
  const Directory place;
  const auto point = points_of(scan_of())[0];
  const Checkpoints settings{.directory = place.path, .program = "1"};
  const CheckpointFile file(settings, point, point.observe, 0, 0);
  const Bytes state{'s', 't', 'a', 't', 'e'};
  CHECK(file.load().empty());
  file.save(state);
  CHECK(file.load() == state);
  SECTION("cut off") {
    fs::resize_file(file.path(), fs::file_size(file.path()) - 1);
    CHECK(file.load().empty());
  }
  SECTION("one bit of the state") {
    std::fstream bytes(file.path(), std::ios::binary | std::ios::in | std::ios::out);
    bytes.seekp(-18, std::ios::end);
    bytes.put('T');
    bytes.close();
    CHECK(file.load().empty());
  }
  SECTION("another replica, plan, point, program") {
    training::ObservePlan plan = point.observe;
    plan.times.values.push_back(3);
    Point other = point;
    other.spec.ridge *= 2;
    const Checkpoints newer{.directory = place.path, .program = "2"};
    CHECK(CheckpointFile(settings, point, point.observe, 1, 0).load().empty());
    CHECK(CheckpointFile(settings, point, plan, 0, 0).load().empty());
    CHECK(CheckpointFile(settings, other, point.observe, 0, 0).load().empty());
    CHECK(CheckpointFile(newer, point, point.observe, 0, 0).load().empty());
    fs::copy_file(file.path(), CheckpointFile(newer, point, point.observe, 0, 0).path());
    CHECK(CheckpointFile(newer, point, point.observe, 0, 0).load().empty());
  }
  SECTION("taken up by its own task") { CHECK(CheckpointFile(settings, point, point.observe, 0, 0).load() == state); }
}

TEST_CASE("a state that can not be read, and a directory that can not be written, cost nothing but time",
          "[checkpoints]") {
  const Directory place;
  const auto scan = scan_of();
  const auto whole = run_task(scan, first_task());
  Kept kept;
  kept.checkpoints = Checkpoints{.directory = place.path, .program = "1"};
  const auto point = points_of(scan)[0];
  const CheckpointFile file(*kept.checkpoints, point, point.observe, 0, 0);
  file.save({'x'});
  CHECK(run_task(scan, first_task(), kept)[0].rows == whole[0].rows);
  std::ofstream(place.path) << "a file in the way";
  kept.checkpoints->seconds = 1e-9;
  CHECK(run_task(scan, first_task(), kept)[0].rows == whole[0].rows);
}
