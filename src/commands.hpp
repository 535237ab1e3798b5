#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fieldscan/campaign/cluster/stop.hpp"
#include "fieldscan/scan/task/regimes.hpp"

/// The commands of the program, one function each; every one returns the exit status of the README's table.
/// Data go to stdout, talk to stderr.
namespace fieldscan::command {

/// A scan file and the `path=value` overrides of --set.
struct ScanArguments {
  std::string file;
  std::vector<std::string> overrides;
  bool json = false;
};

struct RunArguments {
  ScanArguments scan;
  std::optional<std::filesystem::path> directory;  ///< default: runs/NAME
  std::optional<double> deadline_seconds;
  double task_seconds_limit = 0;
  int attempts = 3;
  bool quiet = false;
  bool recompute_damaged = false;
};

/// Which predictions of a scan, and in which form.
struct TheoryArguments {
  ScanArguments scan;
  std::string format = "text";      ///< text, csv or json
  std::vector<std::string> points;  ///< ids, or their beginnings; none: all
  std::size_t limit = 0;            ///< at most so many points; 0: all
  double seconds = 0;               ///< of processor time for each prediction; 0: no limit
};

/// One replica (or prediction) of a run directory.
struct ReplicaArguments {
  std::filesystem::path directory;
  std::string id;  ///< any unique beginning, or a condition that points fulfil
  std::optional<std::int64_t> draw;
  std::optional<std::int64_t> initialisation;
};

/// The job script of a scan.
struct SlurmArguments {
  RunArguments run;  ///< what the job is to do
  int nodes = 1, tasks_per_node = 32;
  double hours = 12, memory_per_task_gigabytes = 2;
};

/// The text of a file; throws EnvironmentError where it can not be read.
std::string read_file(const std::string& path);
/// Says the exception that is being handled on stderr; the exit status it means. For catch blocks.
int report_failure();

int check(const ScanArguments& arguments);
/// `node_gigabytes`: the memory of one node; 0: of this machine. What needs more is refused (exit status 3).
int plan(const ScanArguments& arguments, const std::optional<std::filesystem::path>& directory, double node_gigabytes,
         scan::RegimeBudget budget);
int run(int argc, char** argv, const RunArguments& arguments);
int theory(const TheoryArguments& arguments);
int status(const std::filesystem::path& directory, bool json);
/// Asks the run in a directory to stop.
int stop(const std::filesystem::path& directory, campaign::StopWish wish);
/// Lists the points that fulfil a condition; all where that is empty.
int points(const std::filesystem::path& directory, const std::string& condition);
int show(const ReplicaArguments& arguments);
int repeat(const ReplicaArguments& arguments);
int test(const std::filesystem::path& directory, bool json);
/// Writes the report to `out`; DIR/report where that is empty.
int report(const std::filesystem::path& directory, const std::filesystem::path& out);
int export_tables(const std::filesystem::path& directory, const std::string& format, const std::filesystem::path& out);
/// Checks the store, and computes so many results again, drawn at random, to compare bits. Where their data can not be
/// had it ends with 1 if a number of them was asked for, and says so in any case.
int verify(const std::filesystem::path& directory, std::optional<std::uint64_t> sample);
int invalidate(const std::filesystem::path& directory, const std::string& id, const std::string& reason);
int slurm(const SlurmArguments& arguments);
int doctor();
/// `command`: what a command of that name says of itself, if there is one.
int explain(const std::string& name, const std::string& command);
/// The page on how runs end that bears a name; empty where there is none.
std::string_view ending_page(std::string_view name);
int init();
int schema();

}  // namespace fieldscan::command
