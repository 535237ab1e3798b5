#include "../../../src/campaign/child/leftovers.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "../../store/directory.hpp"
#include "catch.hpp"

using namespace fieldscan::campaign;

namespace {

/// The id of a process that has ended.
pid_t dead_process() {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  waitpid(child, nullptr, 0);
  return child;
}

}  // namespace

TEST_CASE("the files of a killed mpirun are found in the memory map, and removed once it is dead", "[leftovers]") {
  const TemporaryDirectory directory;
  const pid_t owner = GENERATE(0, 1) == 0 ? dead_process() : getpid();
  const auto job = directory.path / "ompi.node.0" / ("pid." + std::to_string(owner));
  const auto segment = directory.path / "vader_segment.node.0.1.2", other = directory.path / "other";
  std::filesystem::create_directories(job / "0");
  for (const auto& file : {job / "0" / "x", segment, other}) std::ofstream(file) << "x";
  const std::string line = "7f00-7f01 rw-s 0000 00:17 42                         ";
  const std::string maps = line + (job / "0" / "x").string() + "\n" + line + segment.string() + "\n" + line +
                           other.string() + "\n7f02-7f03 rw-p 0 00:00 0\n";
  const Leftovers found = find_leftovers(maps);
  CHECK(found.owner == owner);
  CHECK(found.paths == std::vector<std::string>{job.string(), segment.string()});
  remove_leftovers(found);
  const bool lives = owner == getpid();
  CHECK(std::filesystem::exists(job) == lives);
  CHECK(std::filesystem::exists(job.parent_path()) == lives);
  CHECK(std::filesystem::exists(segment) == lives);
  CHECK(std::filesystem::exists(other));
}

TEST_CASE("without a known owner nothing is removed", "[leftovers]") {
  CHECK(find_leftovers("7f00-7f01 rw-s 0 00:17 42 /dev/shm/vader_segment.node.0.1.2\n").paths.empty());
  CHECK(find_leftovers("").paths.empty());
}
