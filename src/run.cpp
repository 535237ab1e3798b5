#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/mpi/collectives.hpp>
#include <boost/mpi/communicator.hpp>
#include <boost/mpi/environment.hpp>
#include <boost/serialization/string.hpp>
#include <cstdlib>
#include <span>
#include <utility>
#include <vector>

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

/// Whether mpirun or srun has started this process.
bool launched() {
  return std::ranges::any_of(std::array{"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"},
                             [](const char* name) { return std::getenv(name) != nullptr; });
}

/// Started without mpirun or srun, this process is alone: Open MPI needs no daemon then, and no files.
void set_up_alone() {
  if (launched()) return;
  setenv("OMPI_MCA_ess_singleton_isolated", "1", 0);
  setenv("OMPI_MCA_orte_create_session_dirs", "0", 0);
}

/// A word for the shell.
std::string quoted(const std::string& word) {
  const bool plain = !word.empty() && word.find_first_not_of(
                                          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                          "_-+=./,:@%") == std::string::npos;
  if (plain) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// The command line that goes on with this run.
std::string again(const boost::mpi::communicator& world, std::span<char* const> words) {
  std::string command = world.size() > 1 ? fmt::format("mpirun -n {}", world.size()) : "";
  for (const char* word : words) command += (command.empty() ? "" : " ") + quoted(word);
  return command;
}

campaign::RunOptions options_of(const RunArguments& arguments, const scan::Scan& scan, std::string again) {
  return {.directory = arguments.directory.value_or(std::filesystem::path("runs") / scan.name()),
          .deadline_seconds = arguments.deadline_seconds,
          .task_seconds_limit = arguments.task_seconds_limit,
          .attempts = arguments.attempts,
          .quiet = arguments.quiet,
          .file = std::filesystem::path(arguments.scan.file).filename().string(),
          .again = std::move(again),
          .launch = launched() ? campaign::Launch::by_launcher : campaign::Launch::alone,
          .damaged = arguments.recompute_damaged ? campaign::Damaged::recompute : campaign::Damaged::refuse};
}

int run_ranks(boost::mpi::communicator& world, campaign::ForkServer& server, const RunArguments& arguments,
              std::span<char* const> words, std::vector<std::string>& silent) {
  const bool master = world.rank() == 0;
  const auto text = broadcast_file(world, arguments.scan.file);
  if (!text) return 1;
  const auto read = scan::read_scan(*text, arguments.scan.file, arguments.scan.overrides);
  if (master && !read.diagnostics.empty()) say(scan::render(read.diagnostics, arguments.scan.file, *text));
  if (!read.scan) return 3;
  try {
    const auto options = options_of(arguments, *read.scan, again(world, words));
    return campaign::run(world, server, *read.scan, options, silent).exit_status();
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
    std::vector<std::string> silent;
    status = run_ranks(world, server, arguments, {argv, static_cast<std::size_t>(argc)}, silent);
    if (!silent.empty()) world.abort(status);  // MPI can not be finished with them
  }
  // All ranks have finished MPI; rank 0 alone carries the status, so that mpirun has no reason to kill anybody.
  return master ? status : 0;
}

}  // namespace fieldscan::command
