#include <fmt/format.h>

#include <boost/mpi/collectives.hpp>
#include <boost/mpi/communicator.hpp>
#include <boost/mpi/environment.hpp>
#include <boost/serialization/string.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "commands.hpp"
#include "fieldscan/campaign/campaign.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/scan/scan.hpp"
#include "fieldscan/store/store.hpp"

namespace fieldscan::command {

namespace {

/// The text of the scan file, read by rank 0; empty with `error` set on every rank where it can not be read.
struct ScanText {
  std::string text, error;
};
ScanText broadcast_file(boost::mpi::communicator& world, const std::string& file) {
  ScanText scan;
  if (world.rank() == 0) {
    std::ifstream in(file, std::ios::binary);
    if (in)
      scan.text.assign(std::istreambuf_iterator<char>(in), {});
    else
      scan.error = fmt::format("can not read '{}'; is the path right?", file);
  }
  boost::mpi::broadcast(world, scan.text, 0);
  boost::mpi::broadcast(world, scan.error, 0);
  return scan;
}

campaign::RunOptions options_of(const RunArguments& arguments, const scan::Scan& scan) {
  return {.directory = arguments.directory.value_or(std::filesystem::path("runs") / scan.name()),
          .deadline_seconds = arguments.deadline_seconds,
          .task_seconds_limit = arguments.task_seconds_limit,
          .attempts = arguments.attempts,
          .quiet = arguments.quiet,
          .file = std::filesystem::path(arguments.scan.file).filename().string()};
}

/// What a failure of the campaign itself means for the exit status.
int status_of_failure() {
  try {
    throw;
  } catch (const store::StoreError& error) {
    fmt::print(stderr, "fieldscan: {}\n", error.what());
    return 7;
  } catch (const std::exception& error) {
    fmt::print(stderr, "fieldscan: {}\n", error.what());
    return 1;
  }
}

int run_ranks(boost::mpi::communicator& world, campaign::ForkServer& server, const RunArguments& arguments) {
  const bool master = world.rank() == 0;
  const ScanText file = broadcast_file(world, arguments.scan.file);
  if (!file.error.empty()) {
    if (master) fmt::print(stderr, "fieldscan: {}\n", file.error);
    return 1;
  }
  const auto read = scan::read_scan(file.text, arguments.scan.file, arguments.scan.overrides);
  if (master && !read.diagnostics.empty())
    fmt::print(stderr, "{}", scan::render(read.diagnostics, arguments.scan.file, file.text));
  if (!read.scan) return 3;
  try {
    return campaign::run(world, server, *read.scan, options_of(arguments, *read.scan)).exit_status();
  } catch (const std::exception&) {
    return status_of_failure();
  }
}

}  // namespace

int run(int argc, char** argv, const RunArguments& arguments) {
  // The fork server comes before MPI: its children must know nothing of MPI's memory and connections.
  campaign::ForkServer server;
  int status = 0;
  bool master = true;
  {
    boost::mpi::environment environment(argc, argv, boost::mpi::threading::funneled);
    boost::mpi::communicator world;
    master = world.rank() == 0;
    status = run_ranks(world, server, arguments);
  }
  // All ranks have finished MPI; rank 0 alone carries the status, so that mpirun has no reason to kill anybody.
  return master ? status : 0;
}

}  // namespace fieldscan::command
