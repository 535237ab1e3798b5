#include <fmt/format.h>
#include <unistd.h>

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
#include "fieldscan/scan/points/scan.hpp"

namespace fieldscan::command {

namespace {

/// What rank 0 has read, sent to all: the text of the scan file and what its files of data told; empty where the file
/// can not be read, which rank 0 has then said.
struct Source {
  std::string text, data;
};
std::optional<Source> broadcast_source(boost::mpi::communicator& world, const std::optional<Source>& read) {
  Source source = read.value_or(Source{});
  bool readable = read.has_value();
  boost::mpi::broadcast(world, readable, 0);
  boost::mpi::broadcast(world, source.text, 0);
  boost::mpi::broadcast(world, source.data, 0);
  return readable ? std::optional(source) : std::nullopt;
}

/// The scan as every rank has it: only rank 0 looks at files, so that all see the same.
struct ReadByAll {
  bool readable = false;
  scan::ReadResult result = {};
};
ReadByAll read_on_all(boost::mpi::communicator& world, const ScanArguments& arguments) {
  ReadByAll read;
  std::optional<Source> source;
  if (world.rank() == 0) try {
      source = Source{.text = read_file(arguments.file), .data = {}};
      read.result = scan::read_scan(source->text, arguments.file, arguments.overrides);
      if (!read.result.diagnostics.empty()) say(scan::render(read.result.diagnostics, arguments.file, source->text));
      if (read.result.scan) {
        const Bytes data = data::pack(read.result.scan->data_files());
        source->data.assign(data.begin(), data.end());
      }
    } catch (const std::exception&) {
      report_failure();
      source.reset();
    }
  source = broadcast_source(world, source);
  read.readable = source.has_value();
  if (!read.readable || world.rank() == 0) return read;
  read.result = scan::read_scan(source->text, arguments.file, arguments.overrides, data::unpack(source->data));
  return read;
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
  const auto [readable, read] = read_on_all(world, arguments.scan);
  if (!readable) return 1;
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
  constexpr int spares_alone = 2;  // under mpirun other ranks take over the tasks of one that has lost its server
  campaign::ForkServer server(launched() ? 0 : spares_alone);
  int status = 0;
  bool master = true;
  {
    boost::mpi::environment environment(argc, argv, boost::mpi::threading::funneled);
    boost::mpi::communicator world;
    server.clean_up_after_mpi();
    master = world.rank() == 0;
    std::vector<std::string> silent;
    status = run_ranks(world, server, arguments, {argv, static_cast<std::size_t>(argc)}, silent);
    if (!silent.empty()) {
      alarm(30);            // where mpirun is stopped as well, nobody would answer
      world.abort(status);  // MPI can not be finished with them
    }
  }
  // All ranks have finished MPI; rank 0 alone carries the status, so that mpirun has no reason to kill anybody.
  return master ? status : 0;
}

}  // namespace fieldscan::command
