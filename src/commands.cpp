#include "commands.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <sstream>

#include "doctor.hpp"
#include "fieldscan/analysis/analysis.hpp"
#include "fieldscan/analysis/registration.hpp"
#include "fieldscan/analysis/theory_table.hpp"
#include "fieldscan/campaign/campaign.hpp"
#include "fieldscan/campaign/inspect.hpp"
#include "fieldscan/campaign/slurm.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/scan/explain.hpp"
#include "fieldscan/scan/init.hpp"
#include "fieldscan/scan/plan.hpp"
#include "fieldscan/scan/scan.hpp"
#include "fieldscan/store/store.hpp"

namespace fieldscan::command {

namespace {

constexpr int invalid_scan = 3;
constexpr int incomplete = 4;
constexpr double most_seconds = 60;  ///< of recomputing by `verify`

/// Reads a scan file and prints its diagnostics on stderr; empty where there are errors.
std::optional<scan::Scan> read_or_complain(const ScanArguments& arguments) {
  const std::string text = read_file(arguments.file);
  scan::ReadResult result = scan::read_scan(text, arguments.file, arguments.overrides);
  if (!result.diagnostics.empty()) fmt::print(stderr, "{}", scan::render(result.diagnostics, arguments.file, text));
  return std::move(result.scan);
}

std::filesystem::path directory_of(const scan::Scan& scan, const std::optional<std::filesystem::path>& given) {
  return given.value_or(std::filesystem::path("runs") / scan.name());
}

/// Why the scan text of a store can not be read: for lack of its data, where the store does not say what they were, or by this version.
[[noreturn]] void refuse_text(const std::filesystem::path& directory, const store::Store::ScanText& text,
                              const std::vector<scan::Diagnostic>& diagnostics) {
  const std::string said = scan::render(diagnostics, text.name, text.text);
  const auto of_data = [](const scan::Diagnostic& d) {
    return d.severity == scan::Severity::warning || d.code == "FS0311";
  };
  if (std::ranges::all_of(diagnostics, of_data))
    throw EnvironmentError(
        fmt::format("the run in '{}' is of an earlier version that did not keep what its files of data told, and they "
                    "can not be read:\n{}",
                    directory.string(), said));
  throw store::StoreError(fmt::format("the scan text stored in '{}' is not read by this version ({}):\n{}",
                                      directory.string(), text.version, said));
}

/// Where the store does not say with which data its results were computed, the identities of its results do.
void check_data(const scan::Scan& scan, const store::Store& store) {
  bool others = false;
  std::set<std::string> missing;
  for (const auto& file : scan.data_files()) missing.insert(file->content);
  for (const Id owner : store.find("")) {
    const std::string text = store.owner_text(owner).value_or("");
    others = others || text.find(".content=") != std::string::npos;
    std::erase_if(missing, [&](const std::string& content) { return text.find(content) != std::string::npos; });
    if (missing.empty()) return;
  }
  if (others)
    throw EnvironmentError(
        "the files of data have changed since this was computed: no result belongs to what they hold now; bring them "
        "back");
}

/// The store of a run directory with the scan that ran there last.
struct OpenRun {
  store::Store store;
  scan::Scan scan;
};
OpenRun open_run(const std::filesystem::path& directory) {
  store::Store store = store::Store::open(directory, store::Mode::read);
  const auto text = store.latest_scan();
  if (!text) throw EnvironmentError(fmt::format("'{}' holds no run (no scan was started there)", directory.string()));
  auto read = scan::read_scan(text->text, text->name, text->overrides, text->data);
  if (!read.scan) refuse_text(directory, *text, read.diagnostics);
  if (text->data.empty() && !read.scan->data_files().empty()) check_data(*read.scan, store);
  return {std::move(store), std::move(*read.scan)};
}

Id find_one(const store::Store& store, const std::string& prefix) {
  const auto ids = store.find(prefix);
  if (ids.empty()) throw EnvironmentError(fmt::format("no point or prediction begins with '{}'", prefix));
  if (ids.size() > 1)
    throw EnvironmentError(fmt::format("{} ids begin with '{}': write more of it", ids.size(), prefix));
  return ids.front();
}

/// How much of a scan's plan the store of a run directory holds.
scan::DoneCounts count_done(const scan::Scan& scan, const std::filesystem::path& directory) {
  if (!std::filesystem::exists(directory / "store.sqlite")) return {};
  return campaign::done_counts(scan, store::Store::open(directory, store::Mode::read));
}

}  // namespace

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw EnvironmentError(fmt::format("can not read '{}'; is the path right?", path));
  return {std::istreambuf_iterator<char>(in), {}};
}

int report_failure() {
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

int check(const ScanArguments& arguments) {
  const std::string text = read_file(arguments.file);
  const auto result = scan::read_scan(text, arguments.file, arguments.overrides);
  if (arguments.json)
    fmt::print("{}\n", scan::to_json(result.diagnostics, arguments.file));
  else
    fmt::print(stderr, "{}", scan::render(result.diagnostics, arguments.file, text));
  if (!result.scan) return invalid_scan;
  if (arguments.json) return 0;
  for (const auto& file : result.scan->data_files()) fmt::print(stderr, "{}\n", data::describe(*file));
  fmt::print(stderr, "{}: a valid scan\n", arguments.file);
  return 0;
}

int plan(const ScanArguments& arguments, const std::optional<std::filesystem::path>& directory, double node_gigabytes) {
  const auto scan = read_or_complain(arguments);
  if (!scan) return invalid_scan;
  const scan::Plan plan = scan::make_plan(*scan);
  const auto done = [&] { return count_done(*scan, directory_of(*scan, directory)); };
  fmt::print("{}", arguments.json ? scan::plan_json(*scan, plan, done) : scan::plan_text(*scan, plan, done));
  const double node = node_gigabytes > 0 ? node_gigabytes * 1e9 : campaign::node_memory();
  if (plan.largest_bytes <= node) return 0;
  fmt::print(
      stderr,
      "fieldscan: the largest task needs about {:.1f} GB of memory, a node has {:.1f} GB: it would fail; make its "
      "training set smaller, or say what your nodes have: --node-memory\n",
      plan.largest_bytes * 1e-9, node * 1e-9);
  return invalid_scan;
}

int theory(const TheoryArguments& arguments) {
  const auto scan = read_or_complain(arguments.scan);
  if (!scan) return invalid_scan;
  const auto table = analysis::evaluate_theories(*scan, {arguments.points, arguments.limit});
  const auto format = arguments.format == "csv"    ? analysis::TheoryFormat::csv
                      : arguments.format == "json" ? analysis::TheoryFormat::json
                                                   : analysis::TheoryFormat::text;
  fmt::print("{}", analysis::render(table, format));
  if (format == analysis::TheoryFormat::csv) fmt::print(stderr, "{}", analysis::problems_text(table));
  if (table.points.empty()) fmt::print(stderr, "the scan names no theory\n");
  return table.any_failed() ? incomplete : 0;
}

int status(const std::filesystem::path& directory, bool json) {
  const OpenRun run = open_run(directory);
  fmt::print("{}", json ? campaign::status_json(run.scan, run.store) : campaign::status_text(run.scan, run.store));
  return 0;
}

int show(const ReplicaArguments& arguments) {
  const OpenRun run = open_run(arguments.directory);
  std::optional<scan::Task::Member> member;
  if (arguments.draw || arguments.initialisation)
    member = scan::Task::Member{arguments.draw.value_or(0), arguments.initialisation.value_or(0)};
  fmt::print("{}", campaign::show_text(run.scan, run.store, find_one(run.store, arguments.id), member));
  return 0;
}

int repeat(const ReplicaArguments& arguments) {
  const OpenRun run = open_run(arguments.directory);
  const scan::Task::Member member{arguments.draw.value_or(0), arguments.initialisation.value_or(0)};
  const auto repeated = campaign::repeat(run.scan, run.store, find_one(run.store, arguments.id), member);
  fmt::print("{}", repeated.text);
  return repeated.equal ? 0 : 7;
}

int test(const std::filesystem::path& directory, bool json) {
  const OpenRun run = open_run(directory);
  const auto results = analysis::evaluate_tests(run.scan, run.store);
  fmt::print("{}", json ? analysis::to_json(results) : analysis::render(results));
  if (!json && !results.empty()) fmt::print("{}", analysis::render(analysis::registration(run.scan, run.store)));
  return analysis::exit_status(results);
}

int report(const std::filesystem::path& directory, const std::filesystem::path& out) {
  const OpenRun run = open_run(directory);
  fmt::print("{}\n", analysis::write_report(run.scan, run.store, out.empty() ? directory / "report" : out).string());
  return 0;
}

int export_tables(const std::filesystem::path& directory, const std::string& format, const std::filesystem::path& out) {
  const OpenRun run = open_run(directory);
  const auto kind = format == "netcdf" ? analysis::Format::netcdf
                    : format == "json" ? analysis::Format::json
                                       : analysis::Format::csv;
  analysis::export_results(run.scan, run.store, kind, out);
  fmt::print(stderr, "tables in {}\n", out.string());
  return 0;
}

int verify(const std::filesystem::path& directory, std::uint64_t sample) {
  const auto result = store::Store::open(directory, store::Mode::read).verify();
  for (const auto& problem : result.problems) fmt::print("{}\n", problem);
  fmt::print("{}: {} results\n", result.sound ? "sound" : "damaged", result.results);
  if (!result.sound) return 7;
  if (sample == 0) return 0;
  const OpenRun run = open_run(directory);
  const auto again = campaign::recompute_sample(run.scan, run.store, sample, most_seconds, std::random_device{}());
  for (const auto& difference : again.differences) fmt::print("{}", difference);
  fmt::print("{} computed again: {}\n", again.computed,
             again.differences.empty()
                 ? "the same bits"
                 : fmt::format("{} differ (another program or another kind of processor?)", again.differences.size()));
  return again.differences.empty() ? 0 : 7;
}

int invalidate(const std::filesystem::path& directory, const std::string& id, const std::string& reason) {
  auto store = store::Store::open(directory, store::Mode::write);
  const Id owner = find_one(store, id);
  store.invalidate(owner, reason);
  store.commit();
  fmt::print(stderr, "the results of {} are not used any more; `run` computes them again\n", owner.hex());
  return 0;
}

int slurm(const SlurmArguments& arguments) {
  const auto scan = read_or_complain(arguments.scan);
  if (!scan) return invalid_scan;
  campaign::SlurmOptions options{.nodes = arguments.nodes,
                                 .tasks_per_node = arguments.tasks_per_node,
                                 .hours = arguments.hours,
                                 .memory_per_task_gigabytes = arguments.memory_per_task_gigabytes};
  std::error_code error;
  if (const auto binary = std::filesystem::read_symlink("/proc/self/exe", error); !error)
    options.binary = binary.string();
  options.file = arguments.scan.file;
  fmt::print("{}", campaign::slurm_script(*scan, options));
  return 0;
}

int explain(const std::string& name) {
  const auto explanation = scan::explain(name);
  fmt::print(explanation.found ? stdout : stderr, "{}", explanation.text);
  return explanation.found ? 0 : 2;
}

int init() {
  fmt::print("{}", scan::starter_scan());
  return 0;
}

int doctor() {
  fmt::print("{}", doctor_report());
  return 0;
}

}  // namespace fieldscan::command
