#include <boost/mpi/collectives.hpp>
#include <boost/mpi/communicator.hpp>
#include <boost/mpi/environment.hpp>
#include <boost/serialization/string.hpp>
#include <cstdlib>

#include "commands.hpp"
#include "fieldscan/campaign/campaign.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/output.hpp"
#include "fieldscan/scan/scan.hpp"

namespace fieldscan::command {

namespace {

/// The text of the scan file, read by rank 0 and sent to all; empty where it can not be read, which rank 0 has then said.
std::optional<std::string> broadcast_file(boost::mpi::communicator& world, const std::string& file) {
  std::string text;
  bool readable = true;
  if (world.rank() == 0) try {
      text = read_file(file);
    } catch (const EnvironmentError&) {
      report_failure();
      readable = false;
    }
  boost::mpi::broadcast(world, readable, 0);
  boost::mpi::broadcast(world, text, 0);
  return readable ? std::optional(text) : std::nullopt;
}

/// Started without mpirun or srun, this process is alone: Open MPI needs no daemon then, and no files.
void set_up_alone() {
  for (const char* of_launcher : {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"})
    if (std::getenv(of_launcher) != nullptr) return;
  setenv("OMPI_MCA_ess_singleton_isolated", "1", 0);
  setenv("OMPI_MCA_orte_create_session_dirs", "0", 0);
}

campaign::RunOptions options_of(const RunArguments& arguments, const scan::Scan& scan) {
  return {.directory = arguments.directory.value_or(std::filesystem::path("runs") / scan.name()),
          .deadline_seconds = arguments.deadline_seconds,
          .task_seconds_limit = arguments.task_seconds_limit,
          .attempts = arguments.attempts,
          .quiet = arguments.quiet,
          .file = std::filesystem::path(arguments.scan.file).filename().string(),
          .damaged = arguments.recompute_damaged ? campaign::Damaged::recompute : campaign::Damaged::refuse};
}

int run_ranks(boost::mpi::communicator& world, campaign::ForkServer& server, const RunArguments& arguments) {
  const bool master = world.rank() == 0;
  const auto text = broadcast_file(world, arguments.scan.file);
  if (!text) return 1;
  const auto read = scan::read_scan(*text, arguments.scan.file, arguments.scan.overrides);
  if (master && !read.diagnostics.empty()) say(scan::render(read.diagnostics, arguments.scan.file, *text));
  if (!read.scan) return 3;
  try {
    return campaign::run(world, server, *read.scan, options_of(arguments, *read.scan)).exit_status();
  } catch (const std::exception&) {
    return report_failure();
  }
}

}  // namespace

int run(int argc, char** argv, const RunArguments& arguments) {
  set_up_alone();
  // The fork server comes before MPI: its children must know nothing of MPI's memory and connections.
  campaign::ForkServer server;
  int status = 0;
  bool master = true;
  {
    boost::mpi::environment environment(argc, argv, boost::mpi::threading::funneled);
    boost::mpi::communicator world;
    server.clean_up_after_mpi();
    master = world.rank() == 0;
    status = run_ranks(world, server, arguments);
  }
  // All ranks have finished MPI; rank 0 alone carries the status, so that mpirun has no reason to kill anybody.
  return master ? status : 0;
}

}  // namespace fieldscan::command
